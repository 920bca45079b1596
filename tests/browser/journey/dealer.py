"""The dealer of the journey: goods, a partner and terms, but no customer yet."""

from dataclasses import dataclass, field

from django.utils import timezone

from yiwei.kernel.testing import make_dealer

GOODS = {"cab": ("地柜 欧松板哑光白", 42000, 18900, "maker"), "body": ("衣柜柜体 颗粒板原木", 36500, 17885, "maker"),
         "doors": ("吸塑柜门 象牙白", 25000, 12250, "smith"), "hardware": ("阻尼铰链套装", 6500, 2795, "smith")}


@dataclass
class Story:
    """The dealer, the server's address and what the chapters leave for each other."""

    dealer: object
    url: str = ""
    notes: dict = field(default_factory=dict)


def open_shop():
    """A dealer whose base data are ready for the first visitor."""
    d = make_dealer("journey", sign_ins=True)
    with d.inside():
        _goods()
        _partner(d)
        _people(d)
    return Story(d)


def _kept(model, **fields):
    from yiwei.kernel.records import search
    made = model.objects.create(**fields)
    search.index(made, created=True)
    return made


def _goods():
    from yiwei.catalog.models.product import Category, Product, Supplier
    from yiwei.catalog.models.promotion import Promotion
    category = _kept(Category, code="c", name="定制家具")
    makers = {code: _kept(Supplier, code=code, name=name) for code, name in (("maker", "总厂"), ("smith", "五金厂"))}
    for code, (name, price, cost, maker) in GOODS.items():
        _kept(Product, code=code, name=name, brand="欧派", category=category, list_price=price, dealer_price=cost,
              supplier=makers[maker], outsourced=code == "hardware")
    _kept(Promotion, code="P", name="套餐立减", amount=3000, valid_from="2020-01-01", valid_to="2099-12-31")


def _partner(d):
    from yiwei.filing.models.filing import ChannelPartner
    from yiwei.kernel.work.options import Parameter
    from yiwei.rebate.models.policy import RebateItem, RebateOpening
    Parameter.objects.update_or_create(name="filing_lead_minutes", defaults={"value": 0})
    partner = _kept(ChannelPartner, code="HJ", name="华景装饰", level="A")
    RebateOpening.objects.create(partner=partner, item=RebateItem.objects.get(code="sales"), year=timezone.localdate().year, base=260000)


def _people(d):
    """A second installer, and what the guide is to collect this month."""
    from yiwei.catalog.models.target import SalesTarget
    from yiwei.org.models.employee import Employee
    position = Employee.objects.get(pk=d.members["installer"]).position
    d.members["mate"] = _kept(Employee, number="M", name="mate", position=position, outlet_id=d.outlets["office"]).pk
    SalesTarget.objects.create(employee_id=d.members["guide"], outlet_id=d.outlets["S11"], month=timezone.localdate().replace(day=1),
                               metric="collected", amount=100000)
