"""Batch issues, purchase returns and conversions, to the cent through documents (G7, STK-06, STK-10, STK-13)."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from yiwei.catalog.models.product import Category, Product, Supplier
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.screens.reports.report import run
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import goods, money
from yiwei.ledger.models.goods import ProductCost

from ..models.batch import BatchReceiptLine
from ..models.giveout import BatchIssue
from ..models.purchasereturn import PurchaseReturn
from ..models.warehouse import Bin

COVERS = "STK-06 STK-10 STK-13 STK-16 STK-17"


class Store:
    """A dealer with one product in a bin of the main warehouse: 10 at 430 and 20 at 460 (G7)."""

    def __init__(self):
        self.d = make_dealer()
        with self.d.inside():
            category, self.maker = Category.objects.create(code="c", name="c"), Supplier.objects.create(code="m", name="maker")
            self.product = Product.objects.create(code="P", name="hinge", brand="b", category=category, supplier=self.maker,
                                                  list_price=900, dealer_price=430, custom=False)
            self.bin = Bin.objects.filter(warehouse__kind="main").order_by("id").first()
            self.other = Bin.objects.exclude(pk=self.bin.pk).filter(warehouse__kind="main").first() or self.bin
        for qty, price in ((10, 430), (20, 460)):
            got = self.receive(qty, price)
        self.last = got

    def receive(self, qty, price):
        made = self.d.do("storekeeper", "stock.batchreceipt.create", supplier=self.maker,
                         lines=[{"product": self.product.pk, "bin": self.bin.pk, "qty": str(qty), "price": str(price)}])
        self.d.do("accountant", "stock.batchreceipt.review", made)
        return made

    def give(self, purpose, qty, **more):
        made = self.d.do("storekeeper", "stock.batchissue.create", purpose=purpose, given_to="somebody",
                         lines=[{"product": self.product.pk, "bin": self.bin.pk, "qty": str(qty), "price": more.pop("price", None)}], **more)
        self.d.do("finance_manager", "stock.batchissue.approve", made)
        return self.d.do("storekeeper", "stock.batchissue.hand_out", made)

    def send_back(self, qty, receipt=None):
        with self.d.inside():
            line = BatchReceiptLine.objects.get(receipt=receipt or self.last)
        return self.d.do("purchaser", "stock.purchasereturn.create", supplier=self.maker, reason="scratched", lines=[
            {"batch_line": line.pk, "bin": self.bin.pk, "qty": str(qty)}])

    def shipped(self, qty):
        made = self.send_back(qty)
        self.d.do("finance_manager", "stock.purchasereturn.approve", made)
        return self.d.do("storekeeper", "stock.purchasereturn.ship", made)

    def stock(self):
        """Quantity and value of the product, and what the money ledger says of the inventory."""
        with self.d.inside():
            row = ProductCost.objects.get(product=self.product, sub_id=0)
            return row.qty, row.value, money.balance("inventory")

    def owed(self, account="payable"):
        with self.d.inside():
            return money.balance(account, party=money.party(self.maker))


@pytest.fixture
def store(db):
    return Store()


def test_g7_to_the_cent(store):
    assert store.stock() == (30, D("13500.00"), D("13500.00"))
    gift = store.give("gift", 6)
    store.d.do("accountant", "stock.batchissue.book", gift)
    assert store.stock() == (24, D("10800.00"), D("10800.00"))
    loan = store.give("loan", 1, return_by=timezone.localdate() + timedelta(days=5))
    assert store.stock() == (24, D("10800.00"), D("10800.00"))       # what is lent stays ours
    store.d.do("storekeeper", "stock.batchissue.take_back", loan)
    back = store.shipped(2)
    assert (back.amount, store.stock()) == (D("920.00"), (22, D("9880.00"), D("9880.00")))
    store.d.do("accountant", "stock.purchasereturn.credit", back, credited="920", note="CN 7")
    assert store.owed() == -(D("4300") + D("9200") - D("920")) and store.owed("claims") == 0
    with store.d.inside():
        assert goods.average(store.product.pk) == D("449.0909")


def test_a_count_after_it_books_nothing_before_finance_says_so(store):
    store.shipped(2)
    count = store.d.do("storekeeper", "stock.count.create", warehouse=store.bin.warehouse_id)
    store.d.do("storekeeper", "stock.count.submit", count, lines=[
        {"bin": store.bin.pk, "product": store.product.pk, "counted": "27"}])
    assert store.stock()[0] == 28
    store.d.do("accountant", "stock.count.approve", count)
    assert store.stock() == (27, D("12130.71"), D("12130.71"))       # 12580 − 12580 ÷ 28


@pytest.mark.parametrize(("purpose", "account"), [("gift", "gifts"), ("consumption", "consumption"), ("scrap", "variance")])
def test_the_purpose_decides_the_account(store, purpose, account):
    issue = store.give(purpose, 3)
    with store.d.inside():
        assert money.balance(account) == 0                           # nothing is booked before finance
    store.d.do("accountant", "stock.batchissue.book", issue)
    with store.d.inside():
        assert money.balance(account) == D("1350.00") and money.balance("inventory") == D("12150.00")


def test_a_sale_to_own_people_is_a_claim_on_the_buyer(store):
    guide = store.d.members["guide"]
    issue = store.give("internal", 2, buyer=guide, price="500")
    assert issue.net == D("1000.00")
    store.d.do("accountant", "stock.batchissue.book", issue)
    with store.d.inside():
        assert money.balance("claims", party=f"org.employee:{guide}") == D("1000.00")
        assert money.balance("revenue") == D("-1000.00") and money.balance("cost") == D("900.00")


def test_what_is_lent_and_lost_is_a_loss(store):
    loan = store.give("loan", 2, return_by=timezone.localdate())
    lost = store.d.do("accountant", "stock.batchissue.lose", loan, reason="the fair burnt down")
    assert (lost.state, lost.cost) == ("out", D("900.00"))
    store.d.do("accountant", "stock.batchissue.book", lost)
    with store.d.inside():
        assert money.balance("variance") == D("900.00")


def test_bad_input_names_its_field(store):
    line = [{"product": store.product.pk, "bin": store.bin.pk, "qty": "1"}]
    for wrong, field in (({"purpose": "loan"}, "return_by"), ({"purpose": "internal"}, "buyer"),
                         ({"purpose": "internal", "buyer": store.d.members["guide"]}, "lines"),
                         ({"purpose": "loan", "return_by": timezone.localdate() - timedelta(days=1)}, "return_by")):
        with pytest.raises(Invalid) as told:
            store.d.do("storekeeper", "stock.batchissue.create", given_to="x", lines=line, **wrong)
        assert field in told.value.errors


def test_who_asked_does_not_approve_and_more_than_is_there_does_not_leave(store):
    made = store.d.do("store_manager", "stock.batchissue.create", purpose="gift", given_to="x", lines=[
        {"product": store.product.pk, "bin": store.bin.pk, "qty": "31"}])
    with pytest.raises(Forbidden):
        store.d.do("store_manager", "stock.batchissue.approve", made)
    store.d.do("finance_manager", "stock.batchissue.approve", made)
    with pytest.raises(Refused):
        store.d.do("storekeeper", "stock.batchissue.hand_out", made)
    assert store.stock()[0] == 30
    store.d.do("store_manager", "stock.batchissue.cancel", made)


def test_no_more_goes_back_than_came_and_was_not_sent_back(store):
    first = store.send_back(15)
    with pytest.raises(Invalid) as told:
        store.send_back(6)
    assert "lines.0.qty" in told.value.errors
    store.d.do("purchaser", "stock.purchasereturn.cancel", first)
    assert store.send_back(20).amount == D("9200.00")


def test_the_database_knows_it_too(store):
    with store.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        BatchReceiptLine.objects.filter(receipt=store.last).update(returned_qty=21)
    back = store.shipped(1)
    with store.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        PurchaseReturn.objects.filter(pk=back.pk).update(credited=461)
    loan = store.give("loan", 1, return_by=timezone.localdate())
    with store.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        BatchIssue.objects.filter(pk=loan.pk).update(return_by=None)


def test_another_suppliers_goods_are_refused(store):
    with store.d.inside():
        stranger = Supplier.objects.create(code="s", name="stranger")
        line = BatchReceiptLine.objects.get(receipt=store.last)
    with pytest.raises(Invalid):
        store.d.do("purchaser", "stock.purchasereturn.create", supplier=stranger, reason="x", lines=[
            {"batch_line": line.pk, "bin": store.bin.pk, "qty": "1"}])


def test_what_the_supplier_keeps_back_is_a_loss(store):
    back = store.shipped(2)
    with pytest.raises(Invalid):
        store.d.do("accountant", "stock.purchasereturn.credit", back, credited="920.01", note="x")
    store.d.do("accountant", "stock.purchasereturn.credit", back, credited="800", note="used")
    with store.d.inside():
        assert money.balance("variance") == D("120.00") and money.balance("claims") == 0


def test_two_at_once_send_back_the_last_pieces_once(live_db):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection
    store = Store()

    def once(_n):
        try:
            store.send_back(15)
            return "made"
        except Invalid:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["made", "told"]


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer()).release()


def given(g1):
    """Batch goods asked for the cabinet, and where they lie."""
    cab = g1.products["cab"]
    with g1.d.inside():
        place = Bin.objects.get(warehouse__code="ZC")
        line = g1.cabinet.lines.get(product=cab)
    g1.d.do("storekeeper", "stock.batchreceipt.create", kind="opening", lines=[
        {"product": cab.pk, "bin": place.pk, "qty": "2", "price": "18000"}])
    return cab, place, {"sub": g1.cabinet.pk, "line": line.pk, "bin": place.pk, "reason": "the same is there"}


def test_batch_goods_for_an_order_are_kept_for_it(g1):
    cab, _place, wanted = given(g1)
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="2", **wanted)
    made = g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="1", **wanted)
    with g1.d.inside():
        assert goods.on_hand(cab.pk) == 2                              # asked for is not yet taken
    g1.d.do("accountant", "stock.stockconversion.approve", made)
    with g1.d.inside():
        assert (goods.on_hand(cab.pk), goods.on_hand(cab.pk, sub_id=g1.cabinet.pk)) == (1, 1)
        assert type(g1.cabinet).objects.get(pk=g1.cabinet.pk).state == "arrived"     # nothing more is waited for
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="1", **wanted)


def test_what_an_order_needs_no_more_is_available_only_after_approval(g1):
    """Its cabinet came from batch stock and, later, from the factory too: one of them is to spare."""
    cab, place, wanted = given(g1)
    spare = {"sub": g1.cabinet.pk, "product": cab.pk, "bin": place.pk, "qty": "1", "reason": "came twice"}
    g1.d.do("accountant", "stock.stockconversion.approve", g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="1", **wanted))
    with pytest.raises(Invalid) as told:
        g1.d.do("purchaser", "stock.stockconversion.to_batch", **spare)
    assert "sub" in told.value.errors                                # the order still needs its only one
    g1.buy()
    made = g1.d.do("purchaser", "stock.stockconversion.to_batch", write_down="900", **spare)
    with g1.d.inside():
        assert goods.on_hand(cab.pk) == 1
        before = money.balance("inventory")
    with pytest.raises(Forbidden):
        g1.d.do("purchaser", "stock.stockconversion.approve", made)
    done = g1.d.do("accountant", "stock.stockconversion.approve", made)
    with g1.d.inside():
        assert (goods.on_hand(cab.pk), goods.on_hand(cab.pk, sub_id=g1.cabinet.pk)) == (2, 1)
        assert done.value == D("17550.00")                           # (18000 + 18900) ÷ 2 − 900
        assert money.balance("variance") == D("900.00") and money.balance("inventory") == before - D("900.00")


def test_a_refused_conversion_moves_nothing(g1):
    cab, _place, wanted = given(g1)
    made = g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="1", **wanted)
    g1.d.do("accountant", "stock.stockconversion.refuse", made, reason="kept for the fair")
    with g1.d.inside():
        assert goods.on_hand(cab.pk) == 2
    g1.d.do("storekeeper", "stock.stockconversion.to_order", qty="1", **wanted)      # may be asked again


def test_the_reports_tie_to_the_ledger(store):
    store.d.do("accountant", "stock.batchissue.book", store.give("gift", 6))
    store.shipped(2)
    today = timezone.localdate().isoformat()
    for slug, by, expected in (("receipts-by-product", "kind", {"qty": 30, "amount": D("13500.00")}),
                               ("receipts-by-product", "product", {"qty": 30, "average": D("450.00")}),
                               ("receipts-by-product", "warehouse", {"amount": D("13500.00")}),
                               ("issues-by-product", "brand", {"qty": 8, "cost": D("3620.00")})):
        with store.d.inside("accountant"):
            rows = run(registry.reports[slug], store.d.actor("accountant"), {"by": by, "date": today, "date_to": today}).rows
        assert len(rows) == 1
        assert {k: rows[0][k] for k in expected} == expected

