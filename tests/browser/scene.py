"""A small furnished dealer for browser tests and screenshots, made through the actions."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from yiwei.kernel.testing import make_dealer

NAMES = ("周敏", "陈立群", "王海燕", "刘志强", "林晓彤", "黄文斌", "赵雅琴", "吴建国", "徐梦洁", "孙浩然", "郑丽华", "何俊杰")
COMMUNITIES = ("海园一号", "翠湖天地", "万科城市花园", "金地名津", "保利心语", "华润橡树湾")
GOODS = (("CAB-01", "地柜 · 欧松板哑光白", 42000), ("WRD-12", "衣柜柜体 · 颗粒板原木", 36500), ("DOR-07", "吸塑柜门 · 象牙白", 25000),
         ("HDW-03", "百隆阻尼铰链套装", 6500), ("TOP-02", "石英石台面 · 鱼肚白", 12800))


@dataclass
class Scene:
    """What was made: rows by what they are for."""

    dealer: object
    url: str = ""
    customers: list = field(default_factory=list)
    contracts: list = field(default_factory=list)
    products: list = field(default_factory=list)
    receipts: list = field(default_factory=list)


def furnish(code="house"):
    """A dealer with customers, contracts in several states, receipts and a notification or two."""
    from yiwei.catalog.models.product import Category, Product
    from yiwei.crm.models.customer import Customer, House
    dealer = make_dealer(code, sign_ins=True)
    scene = Scene(dealer)
    _name_people(dealer)
    with dealer.inside():
        category = Category.objects.create(code="custom", name="定制家具")
        for number, name, price in GOODS:
            product = Product.objects.create(code=number, name=name, brand="欧派", category=category, list_price=price,
                                             dealer_price=Decimal(price) / 2)
            _index(product)
            scene.products.append(product)
        for n, name in enumerate(NAMES):
            owner = dealer.actor("guide" if n % 3 else "guide1b")
            customer = Customer.start(owner, name=name, phone=f"138{10000000 + n * 913467:08d}", level="ABCD"[n % 4],
                                      designer_id=dealer.members["designer"], intention="橱柜、衣柜", visited_on=timezone.localdate(),
                                      next_contact=timezone.localdate() + timedelta(days=n % 5 - 1))
            house = House.objects.create(customer=customer, community=COMMUNITIES[n % 6], building=str(n + 1), unit="2", room="1602",
                                         area=Decimal("118.5"))
            _index(customer)
            _index(house)
            scene.customers.append(customer)
    _trade(scene)
    return scene


def _name_people(dealer):
    """Give the cast of the tests Chinese names, and the dealer a Chinese name."""
    from yiwei.kernel.records.tenancy.models import Tenant
    from yiwei.org.models.employee import Employee
    from yiwei.org.models.outlet import Outlet
    from yiwei.org.rules.presets import POSITIONS
    with dealer.inside():
        Tenant.objects.filter(pk=dealer.id).update(name="宜居家居有限公司")
        surnames = "李张何宋唐许邓冯韩曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
        for n, member in enumerate(Employee.objects.order_by("id")):
            role = member.position.code
            Employee.objects.filter(pk=member.pk).update(name=f"{surnames[n % len(surnames)]}{'晓志雅文'[n % 4]}{'敏强宁'[n % 3]}"
                                                         if role in POSITIONS else member.name)
        for outlet, name in zip(Outlet.objects.filter(is_head_office=False).order_by("code"),
                                ("红星美凯龙城东店", "居然之家北环店", "欧亚达滨江店", "万达广场体验店"), strict=False):
            Outlet.objects.filter(pk=outlet.pk).update(name=name)


def _index(obj):
    from yiwei.kernel.records import search
    search.index(obj, created=True)


def _trade(scene):
    from yiwei.finance.models.terms import PaymentMethod, PaymentType
    from yiwei.orders.models.contract import ContractModule, SubContract
    d = scene.dealer
    with d.inside():
        modules = {m.group: m for m in ContractModule.objects.all()}
        types, methods = ({x.code: x for x in model.objects.all()} for model in (PaymentType, PaymentMethod))
    for n, customer in enumerate(scene.customers[:9]):
        who = "guide" if n % 3 else "guide1b"
        lines = [{"product": scene.products[i].pk, "qty": i + 1, "room": ("厨房", "主卧", "次卧")[i % 3]} for i in range(1 + n % 3)]
        contract = d.do(who, "orders.contract.create", customer=customer, module=modules["cabinet" if n % 2 else "wardrobe"],
                        discount="0.95", lines=lines)
        scene.contracts.append(contract)
        if n < 2:
            continue
        d.do(who, "orders.contract.sign", contract)
        with d.inside():
            sub = SubContract.objects.get(contract=contract)
        receipt = d.do(who, "finance.receipt.create", customer=customer, type=types["contract"], method=methods["transfer"],
                       amount=str(5000 + 1000 * n), splits=[{"sub": sub.pk, "amount": str(5000 + 1000 * n)}])
        scene.receipts.append(receipt)
        if n > 3:
            d.do("store_manager", "finance.receipt.store_approve", receipt)
        if n > 5:
            d.do("accountant", "finance.receipt.finance_approve", receipt)
            _hand_in(d, who, contract, sub)


def _hand_in(d, who, contract, sub):
    from yiwei.kernel.base import registry
    from yiwei.kernel.work.actions.action import perform
    plan = SimpleUploadedFile("平面布置图.pdf", b"%PDF-1.4 plan")
    perform(registry.actions["orders.designversion.upload"], d.actor("designer"), None,
            {"house": contract.house_id, "seen": None}, {"file": plan})
    d.do(who, "orders.subcontract.submit", sub)
