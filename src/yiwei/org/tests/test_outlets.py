"""Outlets: opened like another, moved under another region, closed (SYS-03)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.catalog.models.product import Category, Product
from yiwei.catalog.models.promotion import Promotion
from yiwei.catalog.models.target import OutletTarget
from yiwei.catalog.rules.prices import prices
from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.org.jobs import moves_of_the_day
from yiwei.org.models.employee import Employee
from yiwei.org.models.move import OutletMove
from yiwei.org.models.outlet import Department, Outlet, Region
from yiwei.stock.models.warehouse import Bin, Warehouse

COVERS = "SYS-03"


def test_a_new_outlet_works_within_one_form(dealer, browser):
    """D-55: departments, warehouses and targets of the other one; at once people can be taken in and customers written down."""
    month = timezone.localdate().replace(day=1)
    with dealer.inside():
        like = Outlet.objects.get(code="S11")
        for name in ("导购部", "设计部"):
            Department.objects.create(outlet=like, name=name)
        Warehouse.objects.create(code="W11", name="Store 11", kind="outlet", outlet=like, is_default=True)
        OutletTarget.objects.create(outlet=like, month=month, metric="collected", amount=300000)
    answer = browser("general_manager").post("/r/org/outlet/new/copy/", {
        "like": like.pk, "code": "S13", "name": "红星店", "mall": "红星美凯龙", "booth": "B-12", "area": "320.5", "rent": "68000", "receipt_series": "HX",
        "opened_on": "2026-12-01"})
    assert answer.status_code == 302
    with dealer.inside():
        made = Outlet.objects.get(code="S13")
        assert answer.headers["Location"] == f"/r/org/outlet/{made.pk}/"
        assert made.region_id == like.region_id
        assert list(Department.objects.filter(outlet=made).order_by("id").values_list("name", flat=True)) == ["导购部", "设计部"]
        house = Warehouse.objects.get(outlet=made)
        assert house.is_default and Bin.objects.filter(warehouse=house).count() == 1
        assert OutletTarget.objects.get(outlet=made).amount == 300000
        guide = Employee.objects.get(pk=dealer.members["guide"])
    person = dealer.do("general_manager", "org.employee.create", number="N1", name="吴芳", position=guide.position_id, outlet=made.pk)
    dealer.members["new"] = person.pk
    assert dealer.do("new", "crm.customer.create", name="周敏", phone="13800002222").outlet_id == made.pk


def test_a_new_outlet_sells_at_the_same_prices_and_promotions(dealer):
    """D-55: the price list of the other outlet and the promotions that name it."""
    with dealer.inside():
        product = Product.objects.create(code="w1", name="w1", brand="b", category=Category.objects.create(code="c", name="c"), list_price=1000)
    listed = dealer.do("price_auditor", "catalog.pricelist.create", code="S11-26", name="Prices", outlet=dealer.outlets["S11"],
                       valid_from=str(timezone.localdate() - timedelta(days=9)))
    dealer.do("price_auditor", "catalog.pricelist.set_prices", listed, lines=[{"product": product.pk, "list_price": "900"}])
    dealer.do("price_auditor", "catalog.pricelist.publish", listed)
    promotion = dealer.do("price_auditor", "catalog.promotion.create", code="P", name="P", kind="reduction", amount="50", threshold="0",
                          brands_needed="2", turn="100", outlets=[dealer.outlets["S11"]], valid_from=str(timezone.localdate()),
                          valid_to=str(timezone.localdate()))
    made = dealer.do("general_manager", "org.outlet.copy", like=dealer.outlets["S11"], code="S13", name="红星店", mall="m", booth="b")
    with dealer.inside():
        assert prices([product], timezone.localdate(), made.pk)[product.pk].list_price == 900
        assert prices([product], timezone.localdate(), dealer.outlets["S12"])[product.pk].list_price == 1000
        assert Promotion.objects.get(pk=promotion.pk).outlets == [dealer.outlets["S11"], made.pk]


def test_two_brands_in_one_booth_are_two_outlets_that_know_each_other(dealer, browser):
    ids = [dealer.outlets["S11"], dealer.outlets["S12"]]
    with dealer.inside():
        Outlet.objects.filter(pk__in=ids).update(mall="红星美凯龙", booth="B-12")
    pages = [browser("general_manager").get(f"/r/org/outlet/{pk}/").content.decode() for pk in ids]
    assert "Shares the booth with Showroom 12" in pages[0] and "Shares the booth with Showroom 11" in pages[1]


def test_a_code_in_use_is_named_at_the_field(dealer):
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.outlet.copy", like=dealer.outlets["S11"], code="S12", name="New")
    assert list(caught.value.errors) == ["code"]


def test_receipts_carry_the_outlets_own_series(dealer):
    from yiwei.finance.models.receipt import Receipt
    with dealer.inside():
        Outlet.objects.filter(code="S11").update(receipt_series="TH")
        assert Receipt.series_of(dealer.outlets["S11"]) == "TH"
        assert Receipt.series_of(dealer.outlets["S12"]) == dealer.outlets["S12"]
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.outlet.create", code="X", name="X", receipt_series="TH")
    assert list(caught.value.errors) == ["receipt_series"]


def test_under_another_region_from_a_day_on(dealer, browser):
    """D-04: the new director sees the outlet's customers from that second, the old one no longer; history stays."""
    with dealer.inside():
        made = Customer.start(dealer.actor("guide2"), name="周敏", phone="13800001111")
        region = Region.objects.get(code="R2")
    old, new, address = browser("region_director"), browser("region_director3"), f"/r/crm/customer/{made.pk}/"
    path = f"/r/org/outlet/{dealer.outlets['S12']}/do/"
    client = browser("general_manager")
    refused = client.post(f"{path}edit/", {"code": "S12", "name": "Showroom 12", "region": region.pk})
    assert refused.status_code == 422 and "Move to region" in refused.content.decode()
    move = {"region": region.pk, "reason": "new cut", "from_day": str(timezone.localdate() + timedelta(days=9))}
    assert client.post(f"{path}move/", move).status_code == 302
    assert "Region 2" in client.get(f"/r/org/outlet/{dealer.outlets['S12']}/").content.decode()
    assert (old.get(address).status_code, new.get(address).status_code) == (200, 404)
    with dealer.inside():
        OutletMove.objects.update(from_day=timezone.localdate())
        moves_of_the_day()
    assert (old.get(address).status_code, new.get(address).status_code) == (404, 200)
    with dealer.inside():
        kept = OutletMove.objects.get()
        assert (kept.before.code, kept.after.code, kept.done) == ("R1", "R2", True)
    assert dealer.get(Customer, made).owner_id == dealer.members["guide2"]


def test_a_closed_outlet_keeps_its_history(dealer, browser):
    with dealer.inside():
        made = Customer.start(dealer.actor("guide"), name="周敏", phone="13800001111")
        office = Employee.objects.get(pk=dealer.members["general_manager"]).outlet_id
        people = list(Employee.objects.filter(outlet_id=dealer.outlets["S11"]))
    closing = {"closed_on": str(timezone.localdate()), "reason": "lease ends"}
    with pytest.raises(Refused):
        dealer.do("general_manager", "org.outlet.disable", dealer.outlets["S11"], **closing)
    for person in people:
        dealer.do("general_manager", "org.employee.move", person, outlet=office, position=person.position_id,
                  from_day=str(timezone.localdate()), reason="lease ends")
    client = browser("general_manager")
    assert client.post(f"/r/org/outlet/{dealer.outlets['S11']}/do/disable/", closing).status_code == 302
    assert client.get(f"/r/crm/customer/{made.pk}/").status_code == 200
    assert "Showroom 11" in client.get("/r/crm/customer/").content.decode()
    with pytest.raises(Invalid):
        dealer.do("general_manager", "org.employee.create", number="N1", name="x", position=people[0].position_id, outlet=dealer.outlets["S11"])
    page = client.get("/r/org/outlet/?active=0").content.decode()
    assert "Showroom 11" in page


def test_opening_and_closing_days_must_fit(dealer):
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.outlet.create", code="X", name="X", opened_on="2026-05-01", closed_on="2026-04-01")
    assert list(caught.value.errors) == ["closed_on"]
