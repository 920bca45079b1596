"""Rebates: tiers, eligibility, approval, settlement (REB-02 to REB-06; G1 step 9, G6)."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwei.catalog.models.product import Grade, Product, Supplier
from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.screens.registers.beside import FIGURES
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import Contract, SubContract
from yiwei.rebate.rules import compute

from ..models.application import RebateApplication
from ..models.policy import RebateItem, RebateOpening

TIERS = [{"limit": "100000", "rate": "5"}, {"limit": "300000", "rate": "7"}, {"limit": "", "rate": "9"}]
AMOUNTS = st.decimals(0, 10**7, places=2)


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer())
    d = journey.d
    with d.inside():
        partner = ChannelPartner.objects.create(code="HJ", name="华景装饰", level="A")
        journey.filing = Filing.objects.create(
            number="BB1", state="visited", partner=partner, name="周敏", phone="13800001111", customer=journey.customer,
            owner_id=d.members["channel_rep"], outlet_id=d.outlets["S11"])
        items = {i.code: i for i in RebateItem.objects.all()}
        RebateOpening.objects.create(partner=partner, item=items["sales"], year=date.today().year, base=260000, granted=18200)
        Product.objects.filter(code="hardware").update(outsourced=True)
    journey.partner, journey.items = partner, items
    return journey


def policies(g1, mode="incremental"):
    year = date.today().replace(month=1, day=1).isoformat()
    g1.d.do("channel_manager", "rebate.rebatepolicy.create", name="A", item=g1.items["sales"], level="A", mode=mode,
            valid_from=year, tiers=TIERS)
    g1.d.do("channel_manager", "rebate.rebatepolicy.create", name="外协", item=g1.items["outsourced"], valid_from=year,
            tiers=[{"limit": "", "rate": "3"}])


def finish(g1):
    """Everything paid and delivered (the goods' own way is tested in stock)."""
    g1.sign()
    with g1.d.inside():
        for sub in (g1.cabinet, g1.wardrobe):
            net = SubContract.objects.get(pk=sub.pk).net_amount
            money.post(g1.d.actor("accountant"), "test", sub, [
                money.Leg("contract", net, sub.pk), money.Leg("contract_contra", -net, sub.pk),
                money.Leg("received", -net, sub.pk), money.Leg("cash", net),
                money.Leg("delivered", net, sub.pk), money.Leg("revenue", -net, sub.pk)])
        Contract.objects.filter(pk=g1.contract.pk).update(filing=g1.filing)


def approve(g1, application):
    case = g1.d.do("channel_rep", "rebate.rebateapplication.submit", application)
    for who in ("channel_manager", "finance_manager"):
        g1.d.do(who, "kernel.case.approve", case)
    return g1.d.get(RebateApplication, application)


def test_incremental_tiers_on_the_goods_and_a_rate_on_outsourced_goods(g1):
    policies(g1)
    finish(g1)
    made = g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    with g1.d.inside():
        lines = {ln.item.code: (str(ln.base), str(ln.before), str(ln.amount)) for ln in made.lines.select_related("item")}
    # 86,409.92 of own goods after 260,000: 40,000 at 7 %, the rest at 9 %; 5,350.08 outsourced at 3 %
    assert lines == {"sales": ("86409.92", "260000.00", "6976.89"), "outsourced": ("5350.08", "0.00", "160.50")}
    assert str(made.proposed) == "7137.39"


def test_the_grade_of_a_line_weighs_its_base(g1):
    """BAS-01: goods of a grade with factor 0.5 count half; the others stay."""
    with g1.d.inside():
        grade = Grade.objects.create(code="C", name="C", rebate_factor="0.5")
        Product.objects.filter(code="doors").update(grade=grade)
    policies(g1)
    finish(g1)
    made = g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    with g1.d.inside():
        base = {ln.item.code: ln.base for ln in made.lines.select_related("item")}["sales"]
    assert base == D("86409.92") - D("20577.25") + D("10288.63")      # half of the doors, half-up


def test_a_firm_on_both_sides_is_shown_on_either_page(g1):
    """BAS-12: the supplier is a decoration company too."""
    with g1.d.inside():
        supplier = Supplier.objects.create(code="HJ", name="华景装饰")
        actor = g1.d.actor("finance_manager")
        cards = [card for fn in FIGURES[Supplier] for card in fn(actor, supplier)] + [card for fn in FIGURES[ChannelPartner] for card in fn(
            actor, g1.partner)]
    assert [c["text"] for c in cards] == ["华景装饰 HJ", "华景装饰 HJ"]


def test_figures_of_g1_and_g6():
    tiers = [(D(100000), D(5)), (D(300000), D(7)), (None, D(9))]
    assert compute.incremental(tiers, D(260000), D(80000))[0] == D("6400.00")
    assert compute.incremental([(None, D(3))], D(0), D(11760))[0] == D("352.80")
    assert compute.whole(tiers, D(260000), D(80000), D(18200))[0] == D("12400.00")


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_slices_do_not_depend_on_how_the_year_was_cut(before, first, second):
    tiers = [(D(100000), D(5)), (D(300000), D(7)), (None, D(9))]
    once = compute.incremental(tiers, before, first + second)[0]
    twice = compute.incremental(tiers, before, first)[0] + compute.incremental(tiers, before + first, second)[0]
    assert abs(once - twice) <= D("0.03")


def test_the_whole_way_to_payment(g1):
    policies(g1)
    finish(g1)
    made = g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    with pytest.raises(Invalid):
        g1.d.do("channel_manager", "rebate.rebateapplication.lower", made, amount="9999", reason="x")
    with pytest.raises(Invalid):
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    made = approve(g1, made)
    assert made.state == "approved"
    with g1.d.inside():
        assert money.balance("rebate_payable", party=money.party(g1.partner)) == -made.amount
    batch = g1.d.do("channel_manager", "rebate.rebatesettlement.create", partner=g1.partner)
    with pytest.raises(Refused):
        g1.d.do("channel_manager", "rebate.rebatesettlement.create", partner=g1.partner)
    g1.d.do("channel_manager", "rebate.rebatesettlement.confirm", batch, note="signed")
    g1.d.do("finance_manager", "rebate.rebatesettlement.approve", batch)
    with pytest.raises(Refused, match="华景装饰"):
        g1.d.do("cashier", "rebate.rebatesettlement.pay", batch, account_name="somebody", voucher="V1")
    g1.d.do("cashier", "rebate.rebatesettlement.pay", batch, account_name="华景装饰", voucher="V1")
    with g1.d.inside():
        assert money.balance("rebate_payable", party=money.party(g1.partner)) == 0
        assert RebateApplication.objects.get().state == "settled"
    g1.d.do("accountant", "rebate.rebatesettlement.close", batch)


def test_no_rebate_without_filing_or_before_payment_and_delivery(g1):
    policies(g1)
    g1.sign()
    with pytest.raises(Refused, match="0.00"):
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    with g1.d.inside():
        lost = Filing.objects.create(number="BB2", state="rejected", partner=g1.partner, name="周敏", owner_id=g1.filing.owner_id,
                                     outlet_id=g1.filing.outlet_id)
    with pytest.raises(Refused, match="filing|报备"):
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract, filing=lost)


def test_two_policies_for_one_order_are_refused_when_saved(g1):
    policies(g1)
    with pytest.raises(Invalid) as caught:
        g1.d.do("channel_manager", "rebate.rebatepolicy.create", name="B", item=g1.items["sales"], partner=g1.partner,
                valid_from=date.today().isoformat(), tiers=TIERS)
    assert "item" in caught.value.errors
    with pytest.raises(Invalid):
        g1.d.do("channel_manager", "rebate.rebatepolicy.create", name="C", item=g1.items["sample"],
                valid_from=date.today().isoformat(), tiers=[TIERS[1], TIERS[0]])


def test_a_guide_has_no_part_in_it(g1):
    policies(g1)
    finish(g1)
    with pytest.raises(Forbidden):
        g1.d.do("guide", "rebate.rebateapplication.create", contract=g1.contract)


def test_a_joint_customer_s_bases_sum_to_the_whole_and_no_share_goes_beyond_the_verdict(g1):
    policies(g1)
    finish(g1)
    d = g1.d
    with d.inside():
        other = ChannelPartner.objects.create(code="QT", name="其他装饰", level="A")
        second = Filing.objects.create(number="BB2", state="visited", partner=other, name="周敏", customer=g1.customer, joint=g1.filing,
                                       share="33.33", owner_id=d.members["channel_rep"], outlet_id=d.outlets["S11"])
        Filing.objects.filter(pk=g1.filing.pk).update(share="66.67")
    with pytest.raises(Invalid) as caught:
        d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract, share="70")
    assert "share" in caught.value.errors
    a = d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    b = d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract, filing=second)
    assert (a.share, b.share) == (D("66.67"), D("33.33"))
    with d.inside():
        sums = {}
        for line in (*a.lines.select_related("item"), *b.lines.select_related("item")):
            sums[line.item.code] = sums.get(line.item.code, 0) + line.base
    assert sums == {"sales": D("86409.92"), "outsourced": D("5350.08")}


@given(AMOUNTS, st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_parts_of_an_amount_sum_exactly(net, weights):
    shares = [D(w * 100) / sum(weights) for w in weights[:-1]]
    shares = [s.quantize(D("0.01")) for s in shares]
    shares.append(100 - sum(shares))
    parts = [compute.part_of(net, s, shares[:i]) for i, s in enumerate(shares)]
    assert sum(parts) == net


def test_no_rebate_line_without_an_approved_filing_can_exist(g1):
    """D-13: neither through the screen nor in the database."""
    from django.db import IntegrityError, InternalError, transaction

    from ..models.application import RebateLine
    policies(g1)
    finish(g1)
    made = g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    with g1.d.inside():
        line = made.lines.first()
        lost = Filing.objects.create(number="BB3", state="expired", partner=g1.partner, name="周敏", owner_id=g1.d.members["channel_rep"])
        RebateApplication.objects.filter(pk=made.pk).update(filing=lost)
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            RebateLine.objects.create(application=made, item=line.item, policy=line.policy, base=1, amount=1)
    with pytest.raises(Refused):
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract, filing=lost)


def test_a_filing_that_earns_no_rebate_says_why(g1):
    policies(g1)
    finish(g1)
    with g1.d.inside():
        Filing.objects.filter(pk=g1.filing.pk).update(no_rebate="too late")
    with pytest.raises(Refused) as caught:
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    assert "too late" in caught.value.message
    with g1.d.inside():
        from yiwei.kernel.work.options import Parameter
        Filing.objects.filter(pk=g1.filing.pk).update(no_rebate="")
        Parameter.objects.create(name="filing_minimum_order", value=100000)
    with pytest.raises(Refused) as caught:
        g1.d.do("channel_rep", "rebate.rebateapplication.create", contract=g1.contract)
    assert "91,760.00" in caught.value.message
