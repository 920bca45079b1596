"""Scenario G1, steps 2 to 6: net amounts, gates and receipts to the cent, through the actions."""

from decimal import Decimal as D

import pytest

from yiwei.catalog.models.dictionary import Promotion
from yiwei.catalog.models.product import Category, Product
from yiwei.crm.models.customer import Customer, House
from yiwei.kernel.action.errors import Invalid, Refused
from yiwei.kernel.files.models import Attachment
from yiwei.kernel.testing import make_dealer
from yiwei.orders import figures
from yiwei.orders.models.contract import Contract, ContractModule, SubContract

from ..models.receipt import Receipt, Receivable
from ..models.terms import PaymentMethod, PaymentType


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer())


class Journey:
    """The steps of G1, each by its own role."""

    def __init__(self, dealer):
        self.d = d = dealer
        with d.inside():
            category = Category.objects.create(code="c", name="c")
            prices = {"cab": 42000, "body": 36500, "doors": 25000, "hardware": 6500}
            self.products = {k: Product.objects.create(code=k, name=k, brand="b", category=category, list_price=v,
                                                       dealer_price=v / 2) for k, v in prices.items()}
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
             lines=[{"product": self.products[k].pk, "qty": 1} for k in ("body", "doors", "hardware")])
        d.do("guide", "orders.contract.sign", self.contract)
        with d.inside():
            self.cabinet, self.wardrobe = SubContract.objects.filter(contract=self.contract).order_by("id")
        return self

    def upload(self, seen=None, body=b"%PDF-1.4 plan"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from yiwei.kernel import registry
        from yiwei.kernel.action.core import perform
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


def test_net_amounts_share_the_promotion_to_the_cent(g1):
    g1.sign()
    with g1.d.inside():
        assert [str(s.net_amount) for s in g1.contract.subs.order_by("id")] == ["35789.89", "55970.11"]
        lines = [str(ln.net) for ln in g1.wardrobe.lines.order_by("id")]
        assert lines == ["30042.78", "20577.25", "5350.08"]
        assert str(Contract.objects.get(pk=g1.contract.pk).net_amount) == "91760.00"


def test_receipts_and_gates(g1):
    g1.sign()
    g1.upload()
    g1.pay("mall", (g1.cabinet, "2000"), (g1.wardrobe, "3000"), mall_number="M1")
    assert g1.money() == ("5000.00", "0.00", "86760.00", "5000.00", "0.00")
    g1.hand_in(g1.cabinet, "store_manager")
    g1.hand_in(g1.wardrobe, "store_manager", "region_director")
    with pytest.raises(Refused, match="21473.93"):
        g1.d.do("accountant", "orders.subcontract.release", g1.cabinet)
    g1.pay("transfer", (g1.cabinet, "20000"), (g1.wardrobe, "32000"))
    for sub in (g1.cabinet, g1.wardrobe):
        assert g1.d.do("accountant", "orders.subcontract.release", sub).state == "released"
    assert g1.money() == ("57000.00", "0.00", "34760.00", "57000.00", "0.00")
    g1.pay("pos", (g1.cabinet, "13789.89"), (g1.wardrobe, "10000"))
    assert g1.money() == ("80789.89", "0.00", "10970.11", "80789.89", "0.00")


def test_a_receipt_opens_no_gate_before_finance_approved_it(g1):
    g1.sign()
    g1.upload()
    g1.hand_in(g1.cabinet, "store_manager")
    g1.pay("cash", (g1.cabinet, "35789.89"), approve=False)
    assert g1.money()[0] == "0.00"
    with pytest.raises(Refused):
        g1.d.do("accountant", "orders.subcontract.release", g1.cabinet)


def test_a_deeper_discount_voids_the_approval(g1):
    g1.sign()
    g1.upload()
    case = g1.d.do("guide", "orders.subcontract.submit", g1.cabinet)
    g1.d.do("guide", "orders.subcontract.change_goods", g1.cabinet, discount="0.80",
            lines=[{"product": g1.products["cab"].pk, "qty": 1}])
    with pytest.raises(Refused):
        g1.d.do("store_manager", "kernel.case.approve", case)


def test_a_sub_contract_needs_its_design(g1):
    g1.sign()
    with pytest.raises(Refused):
        g1.d.do("guide", "orders.subcontract.submit", g1.cabinet)


def test_the_second_of_two_uploads_is_told(g1):
    g1.upload()
    g1.upload(seen=1, body=b"%PDF-1.4 second")
    with pytest.raises(Refused, match="designer"):
        g1.upload(seen=1)
    with g1.d.inside():
        assert g1.house.designs.filter(current=True).get().revision == 2
        assert Attachment.objects.filter(model="orders.designversion").count() == 2


def test_a_rejected_drawing_is_redone_and_every_round_is_kept(g1):
    g1.sign()
    g1.upload()
    case = g1.d.do("guide", "orders.subcontract.submit", g1.cabinet)
    g1.d.do("store_manager", "kernel.case.approve", case)
    g1.d.do("drawing_auditor", "orders.subcontract.reject_drawing", g1.cabinet, reason="sink is missing")
    g1.upload(seen=1, body=b"%PDF-1.4 sink")
    g1.hand_in(g1.cabinet, "store_manager")
    with g1.d.inside():
        rounds = list(g1.cabinet.rounds.filter(kind="drawing").order_by("id").values_list("verdict", "design__revision"))
    assert rounds == [("rejected", 1), ("passed", 2)]


def test_splits_must_sum_to_the_receipt(g1):
    g1.sign()
    with pytest.raises(Invalid) as caught:
        g1.d.do("guide", "finance.receipt.create", customer=g1.customer, type=g1.types["deposit"],
                method=g1.methods["cash"], amount="100", splits=[{"sub": g1.cabinet.pk, "amount": "99"}])
    assert "splits" in caught.value.errors


def test_the_same_slip_is_refused_and_red_receipts_correct(g1):
    g1.sign()
    first = g1.pay("pos", (g1.cabinet, "100"), slip="S1")
    with pytest.raises(Invalid):
        g1.pay("pos", (g1.cabinet, "100"), slip="S1")
    g1.d.do("accountant", "finance.receipt.reverse", first, reason="wrong customer")
    assert g1.money()[0] == "0.00"
    with g1.d.inside():
        assert Receipt.objects.filter(reversal_of=first).get().amount == D("-100.00")


def test_write_off_pairs_receipts_with_the_receivable(g1):
    g1.sign()
    g1.upload()
    g1.hand_in(g1.cabinet, "store_manager")
    g1.pay("cash", (g1.cabinet, "30000"))
    with g1.d.inside():
        owed = Receivable.objects.get(sub=g1.cabinet)
    assert g1.d.do("accountant", "finance.receivable.write_off", owed).state == "partly"
    with pytest.raises(Refused):
        g1.d.do("accountant", "finance.receivable.write_off", owed)
    g1.pay("cash", (g1.cabinet, "5789.89"))
    assert g1.d.do("accountant", "finance.receivable.write_off", owed).state == "closed"
