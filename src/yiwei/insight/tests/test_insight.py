"""Targets in view, and reports that agree with the ledger (D-44, D-47, RPT-01, RPT-02, RPT-09)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from yiwei.catalog.models.target import OutletTarget, SalesTarget
from yiwei.finance.models.receipt import Receivable
from yiwei.finance.tests.journey import Journey
from yiwei.insight.rules.target import standing
from yiwei.kernel.base import registry
from yiwei.kernel.screens.reports import report
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import SubContract

from ..screens.workbench import owing_most


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer(sign_ins=True))
    journey.sign()
    journey.upload()
    journey.hand_in(journey.cabinet, "store_manager")
    journey.pay("mall", (journey.cabinet, "2000"), (journey.wardrobe, "3000"), mall_number="M1")
    journey.pay("transfer", (journey.cabinet, "20000"), (journey.wardrobe, "32000"))
    return journey


def run(g1, slug, who, **params):
    with g1.d.inside(who):
        result = report.run(registry.reports[slug], g1.d.actor(who), params)
        return result.rows, result.totals()


def targets(g1):
    with g1.d.inside():
        month = date.today().replace(day=1)
        SalesTarget.objects.create(month=month, employee_id=g1.d.members["guide"], outlet_id=g1.d.outlets["S11"], amount=100000)
        OutletTarget.objects.create(month=month, outlet_id=g1.d.outlets["S11"], amount=300000)
        OutletTarget.objects.create(month=month, outlet_id=g1.d.outlets["S12"], amount=200000)


def test_everyone_measures_the_own_target(g1):
    targets(g1)
    found = {}
    for who in ("guide", "store_manager", "region_director", "general_manager", "guide2"):
        with g1.d.inside(who):
            s = standing(g1.d.actor(who))
            found[who] = (s.target, s.actual)
    assert found == {"guide": (100000, 57000), "store_manager": (300000, 57000), "region_director": (500000, 57000),
                     "general_manager": (500000, 57000), "guide2": (0, 0)}


def test_the_guide_sees_the_target_on_every_page_and_who_owes_most(g1, client):
    targets(g1)
    client.post("/sign-in/", {"username": "guide@one", "password": "Passw0rd-for-tests"})
    first = client.get("/").content.decode()
    assert "57,000.00" in first and "100,000.00" in first and "57.0%" in first and "周敏" in first
    assert "57,000.00" in client.get("/r/orders/contract/").content.decode()


def test_the_three_who_owe_most_are_customers_each_once(g1):
    """D-44: by customer, not by sub-contract."""
    g1.hand_in(g1.wardrobe, "store_manager", "region_director")
    with g1.d.inside():
        rows = owing_most(g1.d.actor("guide"))["lists"][0]["rows"]
        owed = sum(r.balance for r in Receivable.objects.filter(state__in=("open", "partly")))
        assert Receivable.objects.count() == 2
    assert [(r["title"], r["cells"][1]["text"], r["cells"][2]["text"]) for r in rows] == [("周敏", "2", f"{owed:,.2f}")]
    assert rows[0]["url"] == f"/r/crm/customer/{g1.customer.pk}/"


def test_the_first_pass_rate_counts_first_drawing_reviews(g1):
    """CRM-07: reviews passed first ÷ hand-ins; the second round of an order changes nothing."""
    d = g1.d
    for verdict in ("reject_drawing", "pass_drawing"):
        case = d.do("guide", "orders.subcontract.submit", g1.wardrobe)
        for signer in ("store_manager", "region_director"):
            d.do(signer, "kernel.case.approve", case)
        d.do("drawing_auditor", f"orders.subcontract.{verdict}", g1.wardrobe, **({"reason": "no handles"} if verdict == "reject_drawing" else {}))
        if verdict == "reject_drawing":
            g1.upload(seen=1, body=b"%PDF-1.4 again")
    row = next(r for r in run(g1, "design-load", "store_manager")[0] if r["key"] == "designer")
    assert (row["handed"], row["passed"], row["first_rate"]) == (2, 1, D("50.0"))


def test_prepayments_equal_the_ledger_on_any_day(g1):
    rows, totals = run(g1, "prepayments", "accountant")
    with g1.d.inside():
        figures = money.total(money.figures(SubContract.objects.values_list("pk", flat=True)).values())
    assert totals["prepayment"] == figures["prepayment"] == D("57000.00")
    assert len(rows) == 2
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    assert run(g1, "prepayments", "accountant", day=yesterday)[0] == []


def test_receipts_add_up_by_every_group_and_follow_red_ones(g1):
    for by in ("outlet", "owner", "method", "type", "day"):
        assert run(g1, "receipts-summary", "accountant", by=by)[1]["amount"] == D("57000.00")
    assert run(g1, "receipts", "guide")[1]["amount"] == D("57000.00")
    assert run(g1, "receipts", "guide2")[0] == []
    wrong = g1.pay("cash", (g1.cabinet, "100"))
    g1.d.do("accountant", "finance.receipt.reverse", wrong, reason="wrong")
    assert run(g1, "receipts", "accountant")[1]["amount"] == D("57000.00")


def test_targets_by_person(g1):
    targets(g1)
    rows, totals = run(g1, "targets", "store_manager")
    assert [(r["target"], r["actual"], r["rate"]) for r in rows] == [(D(100000), D(57000), D("57.0"))]
    assert run(g1, "targets", "guide2")[0] == []
