"""Reports against made-up months whose figures are known, and against slow sums (G10, RPT-05 to RPT-19)."""

import random
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.finance.tests.journey import Journey
from yiwei.insight.reports.attachment import attachment
from yiwei.kernel.base import registry
from yiwei.kernel.screens.reports import report
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.notify.models import Outbox
from yiwei.orders.models.contract import Contract, ContractModule, SubContract

COVERS = "RPT-05 RPT-06 RPT-07 RPT-08 RPT-10 RPT-11 RPT-12 RPT-15 RPT-16 RPT-17 RPT-19"
MARCH = {"date": "2026-03-01", "date_to": "2026-03-31"}


@pytest.fixture
def dealer(db):
    return make_dealer()


def run(dealer, slug, who="general_manager", **params):
    with dealer.inside(who):
        result = report.run(registry.reports[slug], dealer.actor(who), params)
        return result.rows, result.totals()


def sign(dealer, amounts, day=date(2026, 3, 10), who="guide", kind="retail", customer=None, state="signed"):
    """A signed contract of `who` with a sub-contract for each {category: net amount}."""
    with dealer.inside(who):
        actor = dealer.actor(who)
        customer = customer or Customer.start(actor, name="Zhou", phone="")
        total = sum(map(D, amounts.values()), D(0))
        made = Contract.start(actor, customer=customer, sale_type=kind, net_amount=total, list_amount=total, state=state, signed_on=day)
        for group, amount in amounts.items():
            module = ContractModule.objects.filter(group=group).first() or ContractModule.objects.create(code=group, name=group, group=group)
            SubContract.start(actor, contract=made, module=module, net_amount=D(amount), list_amount=D(amount), discounted=D(amount),
                              outlet_id=made.outlet_id, owner_id=made.owner_id)
        return made


GROUPS = ("cabinet", "wardrobe", "door", "furniture", "attached")


def test_g10_attachment_to_the_cent(dealer):
    """5 customers with one category, 4 with two, 2 with three, 1 with four; 732,000 of which 468,000 in the largest."""
    largest, beside = [39000] * 12, {2: [18000], 3: [18000, 12000], 4: [36000, 30000, 0]}
    for n, count in enumerate([1] * 5 + [2] * 4 + [3] * 2 + [4]):
        parts = [largest[n], *beside.get(count, [])]
        if count == 4:
            parts = [39000, 39000, 39000, 39000]
        sign(dealer, dict(zip(GROUPS, parts, strict=False)))
    rows, totals = run(dealer, "attachment-rate", **MARCH)
    (row,) = rows
    assert (row["n"], row["two"], row["rate"], row["each"]) == (12, 7, D("58.33"), D("1.92"))
    assert (row["one"], row["pair"], row["three"], row["more"]) == (5, 4, 2, 1)
    assert totals["amount"] == D(5 * 39000 + 4 * 57000 + 2 * 69000 + 4 * 39000)


def test_the_share_outside_the_largest_of_g10():
    """468,000 in the largest categories and 264,000 beside them: 36.07 %."""
    found = attachment([{"cabinet": D(468000), "wardrobe": D(264000)}])
    assert (found["attached"], found["share"]) == (D(264000), D("36.07"))
    assert attachment([])["rate"] is None and attachment([])["share"] is None      # nothing divided by nothing


def test_who_bought_twice_counts_once_and_what_was_cancelled_does_not(dealer):
    first = sign(dealer, {"cabinet": 10000})
    sign(dealer, {"wardrobe": 5000}, customer=first.customer)
    sign(dealer, {"door": 9000}, state="cancelled")
    sign(dealer, {"door": 9000}, day=date(2026, 4, 1))
    ((row,), _totals) = run(dealer, "attachment-rate", **MARCH)
    assert (row["n"], row["two"], row["amount"]) == (1, 1, D(15000))
    rows, _totals = run(dealer, "attached-sales", **MARCH)
    pairs = {(r["main"], r["beside"]): (r["customers"], r["n"], r["amount"]) for r in rows if r["n"]}
    assert sorted(pairs.values()) == [(1, 1, D(5000)), (1, 1, D(10000))]


def test_sale_types_by_outlet_and_month(dealer):
    sign(dealer, {"cabinet": 30000})
    sign(dealer, {"cabinet": 10000}, kind="online")
    sign(dealer, {"cabinet": 20000}, who="guide2")
    sign(dealer, {"cabinet": 45000}, day=date(2026, 4, 2))
    rows, totals = run(dealer, "sale-types-by-outlet", **MARCH)
    assert [(r["code"], r["n"], r["amount"], r["share"], r["average"]) for r in rows] == [
        ("online", 1, D(10000), D("25.00"), D(10000)), ("retail", 1, D(30000), D("75.00"), D(30000)),
        ("retail", 1, D(20000), D("100.00"), D(20000))]
    assert totals["amount"] == D(60000)
    rows, _totals = run(dealer, "sale-types", date="2026-03-01", date_to="2026-04-30")
    retail = [r for r in rows if r["amount"] != 10000]
    assert [(r["month"], r["amount"], r["growth"]) for r in retail] == [("2026-03", D(50000), None), ("2026-04", D(45000), D("-10.00"))]


def test_everyone_sees_the_figures_of_the_own_reach(dealer):
    sign(dealer, {"cabinet": 30000})
    sign(dealer, {"cabinet": 20000}, who="guide2")
    seen = {}
    for who in ("guide", "guide2", "guide3", "store_manager", "general_manager"):
        _rows, totals = run(dealer, "sale-types-by-outlet", who, **MARCH)
        seen[who] = totals["amount"]
    assert seen == {"guide": 30000, "guide2": 20000, "guide3": 0, "store_manager": 30000, "general_manager": 50000}


def test_random_months_agree_with_a_slow_sum(dealer):
    """The two reports of signed contracts, and a sum that asks nothing of them."""
    dice, slow, customers = random.Random(7), D(0), set()
    for n in range(25):
        kinds = dice.sample(GROUPS, dice.randint(1, 4))
        amounts = {k: dice.randint(1, 90000) for k in kinds}
        day, state = date(2026, 2, 20) + timedelta(days=dice.randint(0, 45)), dice.choice(["signed", "signed", "cancelled"])
        made = sign(dealer, amounts, day=day, state=state, who=dice.choice(["guide", "guide1b", "guide2"]), kind=dice.choice(["retail", "project"]))
        if day.month == 3 and state == "signed":
            slow += sum(amounts.values())
            customers.add(made.customer_id)
        assert n >= 0
    by_type, by_category = run(dealer, "sale-types-by-outlet", **MARCH)[1], run(dealer, "attachment-rate", **MARCH)[1]
    assert by_type["amount"] == by_category["amount"] == slow
    assert by_category["n"] == len(customers)


def test_current_customers_by_stage(dealer):
    with dealer.inside("guide"):
        actor = dealer.actor("guide")
        for n, state in enumerate(["lead", "lead", "to_sign", "lost", "public_pool"]):
            Customer.start(actor, name=f"c{n}", phone="", state=state, level="A" if n == 0 else "C", budget_high=100000,
                           next_contact=timezone.localdate() - timedelta(days=1 if n < 2 else -1))
    rows, totals = run(dealer, "current-customers", "store_manager")
    assert [(r["state"], r["n"], r["best"], r["overdue"], r["budget"]) for r in rows] == [
        ("lead", 2, 1, 2, D(200000)), ("to_sign", 1, 0, 0, D(100000))]
    assert totals["n"] == 3 and run(dealer, "current-customers", "guide2")[1]["n"] == 0


def test_what_a_salesperson_did(dealer):
    sign(dealer, {"cabinet": 30000}, day=timezone.localdate())
    with dealer.inside("guide"):
        customer = Customer.start(dealer.actor("guide"), name="New", phone="", visited_on=timezone.localdate())
    dealer.do("guide", "crm.followup.log_contact", customer=customer, result="called", intention="B")
    dealer.do("guide", "crm.customer.lose", customer, reason="bought elsewhere", rival="X")
    today = timezone.localdate().isoformat()
    (row,) = run(dealer, "showroom-status", "store_manager", date=today, date_to=today)[0]
    assert {k: row[k] for k in ("new", "contacts", "signed", "amount", "lost", "measured")} == {
        "new": 1, "contacts": 1, "signed": 1, "amount": D(30000), "lost": 1, "measured": 0}
    assert row["rate"] is None                                       # nothing measured: a dash, not zero


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer()).release()


def test_price_reviewed_contracts_in_detail_and_summed_up(g1):
    today = timezone.localdate().isoformat()
    rows, totals = run(g1.d, "reviewed-contracts", date=today, date_to=today)
    assert [(r["list"], r["net"], r["rate"]) for r in rows] == [(D("42000.00"), D("35789.89"), D("85.21")), (D("68000.00"), D("55970.11"), D("82.31"))]
    assert totals["margin"] == D("91760.00") - D("51830.00")
    for by in ("auditor", "outlet", "brand"):
        _rows, summed = run(g1.d, "reviewed-summary", by=by, date=today, date_to=today)
        assert (summed["n"], summed["net"], summed["margin"]) == (2, D("91760.00"), D("39930.00"))
    shown = {c.name for c in report_columns(g1, "reviewed-contracts", "guide")}
    assert "margin" not in shown and "net" in shown                  # the margin is for whom may see cost


def report_columns(g1, slug, who):
    with g1.d.inside(who):
        return report.run(registry.reports[slug], g1.d.actor(who), {}).columns


def test_execution_follows_the_goods(g1):
    with g1.d.inside():
        signed_on = Contract.objects.get(pk=g1.contract.pk).signed_on.isoformat()
    period = {"date": signed_on, "date_to": signed_on}
    rows, _totals = run(g1.d, "goods-execution", **period)
    assert [(r["received"], r["paid"], r["purchased"], r["issued"]) for r in rows] == [
        (D("22000.00"), D("61.5"), D("0.0"), D("0.0")), (D("35000.00"), D("62.5"), D("0.0"), D("0.0"))]
    g1.buy()
    g1.pay("pos", (g1.cabinet, "13789.89"))
    g1.issue(g1.cabinet)
    rows, _totals = run(g1.d, "goods-execution", **period)
    assert [(r["paid"], r["purchased"], r["arrived"], r["issued"]) for r in rows] == [
        (D("100.0"), D("100.0"), D("100.0"), D("100.0")), (D("62.5"), D("100.0"), D("100.0"), D("0.0"))]
    (line,), _totals = run(g1.d, "customer-progress", **period)
    today = timezone.localdate()
    assert (line["customer"], line["signed"], line["reviewed"], line["ordered"], line["arrived"]) == ("周敏", today, today, today, today)
    assert line["installed"] is None and line["days"] == 0


def test_messages_are_masked_and_counted(dealer):
    with dealer.inside():
        for n, state in enumerate(["sent", "sent", "failed", "waiting"]):
            Outbox.objects.create(channel="sms", receiver="13812345678", text=f"hello {n}", state=state, error="45009" if state == "failed" else "")
        Outbox.objects.create(channel="webhook", receiver="x", text="no message")
    today = timezone.localdate().isoformat()
    rows, _totals = run(dealer, "message-log", date=today, date_to=today)
    assert len(rows) == 4 and {r["receiver"] for r in rows} == {"138****5678"}
    assert run(dealer, "message-log", date=today, date_to=today, state="failed")[0][0]["error"] == "45009"
    (row,), _totals = run(dealer, "messages-by-day", date=today, date_to=today)
    assert (row["n"], row["sent"], row["failed"], row["waiting"], row["rate"]) == (4, 2, 1, 1, D("66.67"))


def test_field_work_without_a_job_says_nothing(dealer):
    assert run(dealer, "field-work")[0] == []


def test_every_figure_of_the_sale_types_opens_its_rows(dealer):
    sign(dealer, {"cabinet": 30000})
    sign(dealer, {"cabinet": 10000}, kind="online")
    with dealer.inside("general_manager"):
        actor = dealer.actor("general_manager")
        result = report.run(registry.reports["sale-types-by-outlet"], actor, MARCH)
        addresses = [result.report.drill(row) for row in result.rows]
    assert all("sale_type=" in a and "2026-03-01" in a for a in addresses)
