"""The customer of scenario G1, whose steps the tests walk through the actions, each by its own role."""

from decimal import Decimal as D

from yiwei.catalog.models.product import Category, Product, Supplier
from yiwei.catalog.models.promotion import Promotion
from yiwei.crm.models.customer import Customer, House
from yiwei.orders.models.contract import Contract, ContractModule, SubContract
from yiwei.orders.rules import figures

from ..models.terms import PaymentMethod, PaymentType


class Journey:
    """The steps of G1, each by its own role."""

    def __init__(self, dealer):
        self.d = d = dealer
        with d.inside():
            category = Category.objects.create(code="c", name="c")
            maker, smith = (Supplier.objects.create(code=c, name=c) for c in ("maker", "smith"))
            goods = {"cab": (42000, 18900, maker), "body": (36500, 17885, maker), "doors": (25000, 12250, smith),
                     "hardware": (6500, 2795, smith)}
            self.products = {k: Product.objects.create(code=k, name=k, brand="b", category=category, list_price=p,
                                                       dealer_price=c, supplier=s) for k, (p, c, s) in goods.items()}
            self.modules = {m.group: m for m in ContractModule.objects.all()}
            self.promotion = Promotion.objects.create(code="P", name="package", amount=3000, valid_from="2020-01-01",
                                                      valid_to="2099-12-31")
            self.customer = Customer.start(d.actor("guide"), name="周敏", phone="13800001111",
                                           designer_id=d.members["designer"])
            self.house = House.objects.create(customer=self.customer, community="海园", building="1", room="101")
            self.types = {t.code: t for t in PaymentType.objects.all()}
            self.methods = {m.code: m for m in PaymentMethod.objects.all()}

    def sign(self):
        d = self.d
        self.contract = d.do("guide", "orders.contract.create", customer=self.customer, promotion=self.promotion,
                             module=self.modules["cabinet"], discount="0.88", lines=[{"product": self.products["cab"].pk,
                                                                                       "qty": 1}])
        d.do("guide", "orders.contract.add_goods", self.contract, module=self.modules["wardrobe"], discount="0.85",
             lines=[{"product": self.products[k].pk, "qty": 1, "from_stock": k == "hardware"}
                    for k in ("body", "doors", "hardware")])
        d.do("guide", "orders.contract.sign", self.contract)
        with d.inside():
            self.cabinet, self.wardrobe = SubContract.objects.filter(contract=self.contract).order_by("id")
        return self

    def upload(self, seen=None, body=b"%PDF-1.4 plan"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from yiwei.kernel.base import registry
        from yiwei.kernel.work.actions.action import perform
        return perform(registry.actions["orders.designversion.upload"], self.d.actor("designer"), None,
                       {"house": self.house.pk, "seen": seen},
                       {"file": SimpleUploadedFile("plan.pdf", body)}).obj

    def hand_in(self, sub, *signers):
        case = self.d.do("guide", "orders.subcontract.submit", sub)
        for signer in signers:
            self.d.do(signer, "kernel.case.approve", case)
        self.d.do("drawing_auditor", "orders.subcontract.pass_drawing", sub)
        return self.d.do("price_auditor", "orders.subcontract.pass_price", sub)

    def pay(self, method, *parts, approve=True, **more):
        receipt = self.d.do("guide", "finance.receipt.create", customer=self.customer, type=self.types["contract"],
                            method=self.methods[method], amount=str(sum(D(a) for _s, a in parts)),
                            splits=[{"sub": s.pk, "amount": a} for s, a in parts], **more)
        if approve:
            self.d.do("store_manager", "finance.receipt.store_approve", receipt)
            self.d.do("accountant", "finance.receipt.finance_approve", receipt)
        return receipt

    def money(self):
        with self.d.inside():
            t = figures.of_contract(Contract.objects.get(pk=self.contract.pk))
        return tuple(str(t[n]) for n in ("received", "delivered", "unpaid", "prepayment", "arrears"))

    def release(self):
        """Steps 2 to 4: design, deposit, reviews, transfer, release."""
        self.sign()
        self.upload()
        self.pay("mall", (self.cabinet, "2000"), (self.wardrobe, "3000"), mall_number="M1")
        self.hand_in(self.cabinet, "store_manager")
        self.hand_in(self.wardrobe, "store_manager", "region_director")
        self.pay("transfer", (self.cabinet, "20000"), (self.wardrobe, "32000"))
        for sub in (self.cabinet, self.wardrobe):
            self.d.do("accountant", "orders.subcontract.release", sub)
        return self

    def buy(self):
        """Step 5: the hardware lies in batch stock, everything else is bought with the order and put away."""
        from yiwei.stock.models.purchase import PurchaseOrder
        from yiwei.stock.models.warehouse import Bin
        with self.d.inside():
            self.bin = Bin.objects.filter(warehouse__code="ZC").get()
            orders = list(PurchaseOrder.objects.order_by("id"))
        receipt = self.d.do("storekeeper", "stock.batchreceipt.create", kind="opening", lines=[
            {"product": self.products["hardware"].pk, "bin": self.bin.pk, "qty": "1", "price": "2795"}])
        self.d.do("accountant", "stock.batchreceipt.review", receipt)
        for order in orders:
            self.d.do("purchaser", "stock.purchaseorder.place", order)
            self.arrive(order)
        return self

    def arrive(self, order):
        from yiwei.stock.models.arrival import Arrival
        with self.d.inside():
            lines = [{"line": ln.pk, "qty": str(ln.qty), "bin": self.bin.pk} for ln in order.lines.all()]
        self.d.do("storekeeper", "stock.purchaseorder.receive", order, lines=lines)
        with self.d.inside():
            arrival = Arrival.objects.filter(purchase=order).latest("id")
        return self.d.do("accountant", "stock.arrival.review", arrival)

    def issue(self, sub, *codes, approve=True):
        """Issue lines of a sub-contract (all of it without codes) and hand them over."""
        with self.d.inside():
            lines = [{"line": ln.pk, "qty": "1"} for ln in sub.lines.select_related("product") if ln.product.code in codes]
        issue = self.d.do("storekeeper", "stock.issue.create", sub=sub, lines=lines)
        self.d.do("storekeeper", "stock.issue.pick", issue)
        case = self.d.do("storekeeper", "stock.issue.hand_over", issue, promise_on="2030-01-01")
        if case.pk != issue.pk or type(case) is not type(issue):
            for signer in ("region_director", "general_manager"):
                self.d.do(signer, "kernel.case.approve", case)
        return self.d.do("accountant", "stock.issue.approve", issue) if approve else issue

    def fleet(self):
        """A driver and a crew of two, sharing 60 to 40."""
        from yiwei.org.models.outlet import Outlet
        from yiwei.org.rules.dealers import hire
        from yiwei.service.models.fleet import Driver
        d = self.d
        with d.inside():
            mate = hire("E-mate", "mate", "installer", Outlet.objects.get(is_head_office=True))
            driver = Driver.objects.create(name="driver", employee_id=d.members["driver"])
        d.members["mate"] = mate.pk
        crew = d.do("dispatcher", "service.crew.create", name="crew", leader=d.members["installer"], rate_area="35",
                    rate_metre="80", rate_door="120", members=[{"employee": d.members["installer"], "share": "60"},
                                                               {"employee": mate.pk, "share": "40"}])
        return driver, crew

    def with_files(self, who, name, obj, raw, **files):
        """Do an action that takes files."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        from yiwei.kernel.base import registry
        from yiwei.kernel.work.actions.action import perform
        given = {k: [SimpleUploadedFile(n, b"\x89PNG\r\n\x1a\n" + n.encode()) for n in names] for k, names in files.items()}
        return perform(registry.actions[name], self.d.actor(who), obj.pk, raw, given).obj

    def install(self, order, work, leftovers=(), finished=True):
        """A dispatched job: accepted, on site, reported with a photo, accepted by the dispatcher."""
        for verb in ("accept", "arrive"):
            self.d.do("installer", f"service.installorder.{verb}", order)
        return self.with_files("installer", "service.installorder.report", order, {
            "finished": "on" if finished else "", "work": [{"basis": b, "qty": q} for b, q in work],
            "leftovers": list(leftovers)}, photos=["site.png"])
