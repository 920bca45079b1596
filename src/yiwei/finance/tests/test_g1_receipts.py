"""Scenario G1, steps 2 to 6: net amounts, gates and receipts to the cent, through the actions."""

from decimal import Decimal as D

import pytest

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records.attachments import Attachment
from yiwei.kernel.testing import make_dealer
from yiwei.orders.models.contract import Contract

from ..models.receipt import Receipt, Receivable
from .journey import Journey


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer())


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
    with pytest.raises(Refused, match="21,473.93"):
        g1.d.do("accountant", "orders.subcontract.release", g1.cabinet)
    g1.pay("transfer", (g1.cabinet, "20000"), (g1.wardrobe, "32000"))
    for sub in (g1.cabinet, g1.wardrobe):
        assert g1.d.do("accountant", "orders.subcontract.release", sub).state == "released"
    assert g1.money() == ("57000.00", "0.00", "34760.00", "57000.00", "0.00")
    g1.pay("pos", (g1.cabinet, "13789.89"), (g1.wardrobe, "10000"))
    assert g1.money() == ("80789.89", "0.00", "10970.11", "80789.89", "0.00")


def test_a_receipt_opens_no_gate_before_finance_approved_it(g1):
    """D-45."""
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
    """D-16."""
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
    """D-46: corrections are reversals."""
    g1.sign()
    first = g1.pay("pos", (g1.cabinet, "100"), slip="S1")
    with pytest.raises(Invalid):
        g1.pay("pos", (g1.cabinet, "100"), slip="S1")
    g1.d.do("accountant", "finance.receipt.reverse", first, reason="wrong customer")
    assert g1.money()[0] == "0.00"
    with g1.d.inside():
        assert Receipt.objects.filter(reversal_of=first).get().amount == D("-100.00")


def test_a_returned_receipt_comes_back_only_with_a_proof_of_its_own(g1):
    g1.sign()
    with g1.d.inside():
        type(g1.methods["pos"]).objects.filter(code="pos").update(needs_slip=True)
    entered = {"customer": g1.customer, "type": g1.types["contract"], "method": g1.methods["pos"], "amount": "100",
               "splits": [{"sub": g1.cabinet.pk, "amount": "100"}]}
    g1.d.do("guide", "finance.receipt.create", **entered, slip="S1")
    second = g1.d.do("guide", "finance.receipt.create", **entered, slip="S2")
    g1.d.do("store_manager", "finance.receipt.return", second, reason="which slip?")
    for slip in ("", "S1"):
        with pytest.raises(Invalid) as caught:
            g1.d.do("guide", "finance.receipt.resubmit", second, slip=slip)
        assert "slip" in caught.value.errors
    assert g1.d.do("guide", "finance.receipt.resubmit", second, slip="S2").state == "submitted"


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
