"""The year's targets: entered, published, revised, reached (BAS-13, BAS-14)."""

import json
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from yiwei.catalog.rules.targets import prorated
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.org.models.employee import Employee
from yiwei.org.models.move import OutletMove
from yiwei.org.models.outlet import Outlet, Region

from ..models.target import OutletTarget, SalesTarget, TargetPlan

COVERS = "BAS-13 BAS-14"
NEXT = timezone.localdate().year + 1


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def signed_in(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def lines(dealer, **figures):
    """Lines of the sheet: guide=[…] gives every month the figure."""
    return [{"who": dealer.members[who], **{f"m{n}": str(amount) for n in range(1, 13)}} for who, amount in figures.items()]


def plan(dealer, who="store_manager", year=NEXT, outlet="S11", **figures):
    made = dealer.do(who, "catalog.targetplan.create", year=year, metric="collected", outlet=dealer.outlets.get(outlet))
    dealer.do(who, "catalog.targetplan.fill", made, lines=lines(dealer, **figures))
    return made


def test_a_manager_plans_the_year_on_screen(dealer):
    client = signed_in("store_manager")
    answer = client.post("/r/catalog/targetplan/new/create/", {"year": NEXT, "metric": "collected", "outlet": dealer.outlets["S11"]})
    assert answer.status_code in (200, 302), answer.content.decode()[:500]
    with dealer.inside():
        made = TargetPlan.objects.get()
        assert set(map(int, made.cells)) == {dealer.members[m] for m in ("guide", "guide1b", "designer", "channel_rep", "store_manager")}
    url = f"/r/catalog/targetplan/{made.pk}/do/fill/"
    assert "guide1b" in client.get(url).content.decode()
    client.post(url, {"lines": json.dumps(lines(dealer, guide=1000, guide1b=2000))})
    assert not signed_in("guide").get("/r/catalog/salestarget/").content.decode().count("1,000.00")
    client.post(f"/r/catalog/targetplan/{made.pk}/do/publish/")
    page = client.get(f"/r/catalog/targetplan/{made.pk}/").content.decode()
    assert "36,000.00" in page and "12,000.00" in page
    with dealer.inside():
        assert SalesTarget.objects.filter(month__year=NEXT).count() == 24
        assert SalesTarget.objects.get(month=date(NEXT, 5, 1), employee_id=dealer.members["guide1b"]).amount == 2000


def test_the_outlets_of_the_house_are_planned_by_head_office(dealer):
    with pytest.raises(Invalid):
        dealer.do("store_manager", "catalog.targetplan.create", year=NEXT, metric="signed", outlet=None)
    made = dealer.do("general_manager", "catalog.targetplan.create", year=NEXT, metric="signed", outlet=None)
    sheet = [{"who": dealer.outlets[o], "m1": "5000"} for o in ("S11", "S12")]
    dealer.do("general_manager", "catalog.targetplan.fill", made, lines=sheet)
    dealer.do("general_manager", "catalog.targetplan.publish", made)
    with dealer.inside():
        assert [(t.outlet_id, t.amount, t.metric) for t in OutletTarget.objects.order_by("outlet_id")] == [
            (dealer.outlets["S11"], 5000, "signed"), (dealer.outlets["S12"], 5000, "signed")]
    answer = signed_in("general_manager").get("/api/v1/catalog/outlettarget").json()
    assert {r["amount"] for r in answer["results"]} == {"5000.00"}


def test_staff_against_outlet_is_shown_and_may_differ(dealer):
    with dealer.inside():
        OutletTarget.objects.create(month=date(NEXT, 1, 1), outlet_id=dealer.outlets["S11"], amount=40000)
    made = plan(dealer, guide=1000, guide1b=2000)
    page = signed_in("store_manager").get(f"/r/catalog/targetplan/{made.pk}/").content.decode()
    assert "40,000.00" in page and "-4,000.00" in page


def test_a_revision_keeps_the_first_figure_and_says_what_changed(dealer):
    made = plan(dealer, guide=1000)
    dealer.do("store_manager", "catalog.targetplan.publish", made)
    with pytest.raises(Invalid):
        dealer.do("store_manager", "catalog.targetplan.fill", made, lines=lines(dealer, guide=1500))  # no reason
    for amount in (1500, 1700):
        dealer.do("store_manager", "catalog.targetplan.fill", made, lines=lines(dealer, guide=amount), reason="better market")
    with dealer.inside():
        row = SalesTarget.objects.get(month=date(NEXT, 3, 1))
        assert (row.amount, row.original) == (1700, 1000)
    page = signed_in("store_manager").get(f"/r/catalog/targetplan/{made.pk}/").content.decode()
    assert f"guide {NEXT}-03: 1,500.00 → 1,700.00" in page and "better market" in page


def test_a_month_that_has_begun_is_the_general_managers(dealer):
    today = timezone.localdate()
    made = plan(dealer, year=today.year, guide=1000)
    with pytest.raises(Refused):
        dealer.do("store_manager", "catalog.targetplan.publish", made)
    dealer.do("general_manager", "catalog.targetplan.publish", made)
    one = {"month": today.replace(day=1), "employee": dealer.members["guide2"], "metric": "collected", "amount": "1"}
    with pytest.raises(Invalid):
        dealer.do("store_manager", "catalog.salestarget.create", **one)
    dealer.do("general_manager", "catalog.salestarget.create", **one)
    with pytest.raises(Invalid):
        dealer.do("general_manager", "catalog.salestarget.create", **one | {"month": today.replace(day=2)})


def test_strangers_to_the_outlet_and_doubles_are_refused_at_their_row(dealer):
    made = plan(dealer, guide=1)
    for sheet, field in ((lines(dealer, guide2=1), "lines.0.who"), (lines(dealer, guide=1) * 2, "lines.1.who")):
        with pytest.raises(Invalid) as refused:
            dealer.do("store_manager", "catalog.targetplan.fill", made, lines=sheet)
        assert list(refused.value.errors) == [field]


def test_a_manager_sees_the_own_outlets_sheets_only(dealer):
    mine, other = plan(dealer, guide=1), plan(dealer, who="store_manager2", outlet="S12", guide2=1)
    client = signed_in("store_manager")
    assert client.get(f"/r/catalog/targetplan/{mine.pk}/").status_code == 200
    assert client.get(f"/r/catalog/targetplan/{other.pk}/").status_code == 404
    assert signed_in("guide").get("/r/catalog/targetplan/").status_code == 403


def test_the_database_refuses_a_second_sheet_and_an_odd_month(dealer):
    with dealer.inside():
        for row in (TargetPlan(year=NEXT, metric="signed"), SalesTarget(month=date(NEXT, 1, 1), employee_id=dealer.members["guide"], outlet_id=dealer.outlets["S11"], amount=1)):
            row.save()
        for row in (TargetPlan(year=NEXT, metric="signed"), SalesTarget(month=date(NEXT, 1, 2), employee_id=dealer.members["guide"], outlet_id=dealer.outlets["S11"], amount=1),
                    SalesTarget(month=date(NEXT, 2, 1), employee_id=dealer.members["guide"], outlet_id=dealer.outlets["S11"], amount=-1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()


@pytest.mark.parametrize(("entered", "left", "part"), [
    (None, None, "3000"), (date(2026, 11, 16), None, "1500"), (None, date(2026, 11, 10), "1000"),
    (date(2026, 11, 11), date(2026, 11, 20), "1000"), (date(2026, 12, 1), None, "0"), (None, date(2026, 10, 31), "0"),
    (date(2020, 1, 15), None, "3000")])
def test_who_comes_or_leaves_within_a_month_has_its_days(entered, left, part):
    assert prorated(D(3000), date(2026, 11, 1), entered, left) == D(part)


def test_reached_by_month_for_persons_and_outlets(dealer):
    today = timezone.localdate()
    month = today.replace(day=1)
    with dealer.inside():
        Employee.objects.filter(pk=dealer.members["guide"]).update(entered_on=date(2020, 1, 1))
    for name, metric, amount in (("salestarget", "new_customers", "4"), ("salestarget", "measures", "2")):
        dealer.do("general_manager", f"catalog.{name}.create", month=month, employee=dealer.members["guide"], metric=metric, amount=amount)
    dealer.do("general_manager", "catalog.outlettarget.create", month=month, outlet=dealer.outlets["S11"], metric="new_customers", amount="8")
    dealer.do("guide", "crm.customer.create", name="周敏", phone="13800001111", visited_on=today.isoformat())
    client = signed_in("store_manager")

    def row(query):
        return client.get(f"/api/v1/report/targets?{query}").json()["rows"][0]

    assert row("metric=new_customers")["rate"] == "25.0" and row("metric=new_customers&by=outlet")["rate"] == "12.5"
    assert row("metric=measures")["actual"] in ("0", "0.00")
    year = client.get("/api/v1/report/target-year?metric=new_customers").json()["rows"][0]
    assert year[f"m{today.month}"] == year["rate"] == "25.0"
    assert client.get("/report/target-year/?metric=new_customers").status_code == 200


def test_one_person_in_two_outlets_has_two_targets_and_reaches_each_by_itself(dealer):
    """SYS-01: the sheet of either outlet takes the person; what was done in an outlet counts there."""
    today = timezone.localdate()
    with dealer.inside():
        Employee.objects.filter(pk=dealer.members["guide"]).update(more_outlets=[dealer.outlets["S12"]])
    with pytest.raises(Invalid) as refused:
        dealer.do("general_manager", "catalog.salestarget.create", month=today.replace(day=1), employee=dealer.members["guide"],
                  outlet=dealer.outlets["S21"], metric="new_customers", amount="1")
    assert list(refused.value.errors) == ["outlet"]
    for outlet, amount in ((None, "4"), (dealer.outlets["S12"], "2")):
        dealer.do("general_manager", "catalog.salestarget.create", month=today.replace(day=1), employee=dealer.members["guide"], outlet=outlet,
                  metric="new_customers", amount=amount)
    made = plan(dealer, who="general_manager", outlet="S12", guide=100)
    dealer.do("general_manager", "catalog.targetplan.publish", made)
    with dealer.inside():
        assert {t.outlet_id for t in SalesTarget.objects.filter(month__year=NEXT)} == {dealer.outlets["S12"]}
    for phone, outlet in (("13800001111", "S11"), ("13800002222", "S12"), ("13800003333", "S12")):
        customer = dealer.do("guide", "crm.customer.create", name="周敏", phone=phone, visited_on=today.isoformat())
        with dealer.inside():
            type(customer).objects.filter(pk=customer.pk).update(outlet_id=dealer.outlets[outlet])
    rows = signed_in("general_manager").get("/api/v1/report/targets?metric=new_customers").json()["rows"]
    assert {(r["outlet"], r["rate"]) for r in rows} == {("Showroom 11", "25.0"), ("Showroom 12", "100.0")}


def test_a_region_has_the_outlets_that_were_its_own_in_the_month(dealer):
    """BAS-14: moved later, an outlet's past months stay with its former region; closed within the month, it has its days."""
    first = timezone.localdate().replace(day=1)
    last_month = (first - timedelta(days=1)).replace(day=1)
    with dealer.inside():
        here, there = Region.objects.get(name="Region 1"), Region.objects.get(name="Region 2")
        for month in (last_month, first):
            for outlet in ("S11", "S12"):
                OutletTarget.objects.create(month=month, outlet_id=dealer.outlets[outlet], metric="signed", amount=3000)
        OutletMove.objects.create(outlet_id=dealer.outlets["S12"], before=here, after=there, from_day=first, done=True)
        Outlet.objects.filter(pk=dealer.outlets["S12"]).update(region=there)
    client = signed_in("general_manager")

    def regions(day):
        return {r["name"]: r["target"] for r in client.get(f"/api/v1/report/targets?metric=signed&by=region&day={day}").json()["rows"]}

    assert regions(last_month) == {"Region 1": "6000.00"} and regions(first) == {"Region 1": "3000.00", "Region 2": "3000.00"}
    assert client.get("/report/target-year/?metric=signed&by=region").status_code == 200
    with dealer.inside():
        Outlet.objects.filter(pk=dealer.outlets["S11"]).update(closed_on=last_month)
    assert D(regions(last_month)["Region 1"]) == 3000 + prorated(D(3000), last_month, None, last_month) and regions(first)["Region 1"] == "0.00"
