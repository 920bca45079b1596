"""Scenario G1, steps 5 and 6 from release to the last delivery, to the cent; and what must be refused on the way."""

from decimal import Decimal as D

import pytest
from django.db.models import Sum

from yiwei.finance.models.receipt import Receivable
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.notify.models import Notification
from yiwei.ledger.actions import goods, money
from yiwei.ledger.models.money import MoneyBalance
from yiwei.orders.models.contract import SubContract

from ..models.arrival import Kitting
from ..models.issue import Issue
from ..models.purchase import PurchaseOrder
from ..models.warehouse import Bin


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer()).release()


def cost(g1, sub):
    with g1.d.inside():
        return MoneyBalance.objects.filter(account="cost", sub_id=sub.pk).aggregate(s=Sum("amount"))["s"]


def test_release_writes_the_purchases_by_supplier(g1):
    with g1.d.inside():
        orders = [(o.supplier.code, o.sub_id, str(o.amount)) for o in PurchaseOrder.objects.order_by("id")]
    assert orders == [("maker", g1.cabinet.pk, "18900.00"), ("maker", g1.wardrobe.pk, "17885.00"),
                      ("smith", g1.wardrobe.pk, "12250.00")]


def test_the_money_table_of_g1(g1):
    g1.buy()
    g1.pay("pos", (g1.cabinet, "13789.89"), (g1.wardrobe, "10000"))
    assert g1.money() == ("80789.89", "0.00", "10970.11", "80789.89", "0.00")
    g1.issue(g1.cabinet)
    assert g1.money() == ("80789.89", "35789.89", "10970.11", "45000.00", "0.00")
    g1.issue(g1.wardrobe, "body", "doors")
    assert g1.money() == ("80789.89", "86409.92", "10970.11", "0.00", "5620.03")
    g1.pay("cash", (g1.wardrobe, "10970.11"))
    assert g1.money() == ("91760.00", "86409.92", "0.00", "5350.08", "0.00")
    g1.issue(g1.wardrobe, "hardware")
    assert g1.money() == ("91760.00", "91760.00", "0.00", "0.00", "0.00")
    assert cost(g1, g1.cabinet) + cost(g1, g1.wardrobe) == D("51830.00")
    with g1.d.inside():
        assert money.balance("inventory") == 0
        owed = {p: money.balance("payable", party=money.party(g1.products[p].supplier)) for p in ("cab", "doors")}
        assert owed == {"cab": D("-36785.00"), "doors": D("-12250.00")}
        receivables = list(Receivable.objects.order_by("id"))
    assert [g1.d.do("accountant", "finance.receivable.write_off", r).state for r in receivables] == ["closed", "closed"]


def test_complete_goods_are_told_once_and_partly_arrived_ones_are_not(g1):
    with g1.d.inside():
        body, doors = PurchaseOrder.objects.filter(sub=g1.wardrobe).order_by("id")
    g1.d.do("purchaser", "stock.purchaseorder.place", body)
    with g1.d.inside():
        g1.bin = Bin.objects.filter(warehouse__code="ZC").get()
    g1.d.do("storekeeper", "stock.batchreceipt.create", kind="opening", lines=[
        {"product": g1.products["hardware"].pk, "bin": g1.bin.pk, "qty": "1", "price": "2795"}])
    g1.arrive(body)
    with g1.d.inside():
        assert Kitting.objects.get(sub=g1.wardrobe).state == "partial"
    g1.d.do("purchaser", "stock.purchaseorder.place", doors)
    g1.arrive(doors)
    with g1.d.inside():
        assert Kitting.objects.get(sub=g1.wardrobe).state == "complete"
        assert SubContract.objects.get(pk=g1.wardrobe.pk).state == "arrived"
        told = Notification.objects.filter(member_id=g1.d.members["dispatcher"], model="orders.subcontract")
        assert told.filter(object_id=g1.wardrobe.pk).count() == 1


def test_arrears_hold_the_goods_until_an_approval_that_names_them(g1):
    g1.buy()
    issue = g1.d.do("storekeeper", "stock.issue.create", sub=g1.wardrobe)
    g1.d.do("storekeeper", "stock.issue.pick", issue)
    case = g1.d.do("storekeeper", "stock.issue.hand_over", issue, promise_on="2030-01-01")
    with g1.d.inside():
        assert Issue.objects.get(pk=issue.pk).state == "picked"
    g1.d.do("region_director", "kernel.case.approve", case)
    with g1.d.inside():
        assert Issue.objects.get(pk=issue.pk).state == "picked"
    g1.d.do("general_manager", "kernel.case.approve", case)
    with g1.d.inside():
        gone = Issue.objects.get(pk=issue.pk)
    assert (gone.state, str(gone.promise_on)) == ("out", "2030-01-01")


def test_more_than_ordered_and_goods_of_others_are_refused(g1):
    g1.buy()
    with g1.d.inside():
        cab, body = (s.lines.order_by("id").first() for s in (g1.cabinet, g1.wardrobe))
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet, lines=[{"line": body.pk, "qty": "1"}])
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet, lines=[{"line": cab.pk, "qty": "2"}])
    g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet)
    with pytest.raises(Refused):
        g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet)
    with pytest.raises(Forbidden):
        g1.d.do("guide", "stock.issue.create", sub=g1.wardrobe)


def test_a_rejected_issue_puts_everything_back(g1):
    g1.buy()
    issue = g1.issue(g1.cabinet, approve=False)
    with g1.d.inside():
        assert goods.on_hand(g1.products["cab"].pk, sub_id=g1.cabinet.pk) == 0
    g1.d.do("accountant", "stock.issue.reject", issue, reason="wrong goods")
    with g1.d.inside():
        assert goods.on_hand(g1.products["cab"].pk, sub_id=g1.cabinet.pk) == 1
    assert g1.money()[1] == "0.00"
    g1.issue(g1.cabinet)
    assert cost(g1, g1.cabinet) == D("18900.00")


def test_a_return_takes_delivered_value_and_cost_back(g1):
    g1.buy()
    g1.pay("pos", (g1.cabinet, "13789.89"))
    issue = g1.issue(g1.cabinet)
    with g1.d.inside():
        line = issue.lines.get()
    back = g1.d.do("storekeeper", "stock.issuereturn.create", issue=issue, reason="scratched",
                   lines=[{"line": line.pk, "qty": "1", "bin": g1.bin.pk}])
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.issuereturn.create", issue=issue, reason="again",
                lines=[{"line": line.pk, "qty": "1", "bin": g1.bin.pk}])
    g1.d.do("accountant", "stock.issuereturn.approve", back)
    assert g1.money()[1] == "0.00" and cost(g1, g1.cabinet) == 0


def test_counts_change_nothing_before_finance_decides(g1):
    g1.buy()
    with g1.d.inside():
        warehouse = g1.bin.warehouse
    count = g1.d.do("storekeeper", "stock.count.create", warehouse=warehouse)
    g1.d.do("storekeeper", "stock.count.submit", count, lines=[
        {"bin": g1.bin.pk, "product": g1.products["hardware"].pk, "counted": "0", "reason": "missing"}])
    with g1.d.inside():
        assert goods.on_hand(g1.products["hardware"].pk) == 1
    g1.d.do("accountant", "stock.count.approve", count)
    with g1.d.inside():
        assert goods.on_hand(g1.products["hardware"].pk) == 0
        assert money.balance("variance") == D("2795.00")
