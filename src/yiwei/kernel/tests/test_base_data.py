"""What every register of base data has: an order to drag, and a history that says what was changed from what to what."""

import pytest
from django.test import Client

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.catalog.models.product import Category, Supplier
from yiwei.kernel.testing import PASSWORD, make_dealer

COVERS = "BAS-01 BAS-06 BAS-12"


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def browser(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def order(dealer):
    with dealer.inside():
        return list(UnfinishedItem.objects.order_by("place").values_list("pk", flat=True))


def test_a_row_is_dragged_to_its_place_in_the_list(dealer):
    client, before = browser("general_manager"), order(dealer)
    page = client.get("/r/catalog/unfinisheditem/").content.decode()
    assert "<tbody data-drag" in page and 'draggable="true"' in page
    assert "data-drag" not in browser("guide").get("/r/catalog/unfinisheditem/").content.decode()
    url = f"/r/catalog/unfinisheditem/{before[-1]}/do/place/"
    assert client.post(url, {"after": before[1]}).status_code == 302
    assert order(dealer) == [*before[:2], before[-1], *before[2:-1]]
    client.post(url, {"after": ""})
    assert order(dealer) == [before[-1], *before[:-1]]
    dealer.do("general_manager", "catalog.unfinisheditem.disable", before[3])
    client.post(url, {"after": before[3]})           # behind one that is no longer in use
    assert order(dealer) == [*before[:4], before[-1], *before[4:-1]]
    client.post(url, {"after": before[-1]})           # behind itself: nothing
    assert order(dealer) == [*before[:4], before[-1], *before[4:-1]]
    assert browser("guide").post(url, {"after": ""}).status_code == 403


def test_the_timeline_says_what_was_changed_and_hides_what_is_hidden(dealer):
    with dealer.inside():
        above = Category.objects.create(code="k", name="Kitchens", group="cabinet")
    made = dealer.do("general_manager", "catalog.category.create", code="b", name="Base units", group="attached")
    dealer.do("general_manager", "catalog.category.edit", made, code="b", name="Base cabinets", group="cabinet", parent=above.pk)
    page = browser("guide").get(f"/r/catalog/category/{made.pk}/").content.decode()
    for line in ("Name: Base units → Base cabinets", "Group: Attached goods → Cabinets", "Part of: empty → Kitchens"):
        assert line in page
    with dealer.inside():
        supplier = Supplier.objects.create(code="s", name="maker", phone="13900001111")
    dealer.do("purchaser", "catalog.supplier.edit", supplier, code="s", name="maker", kind="factory", lead_days=20, terms="monthly", terms_days=30,
              phone="13900002222")
    seen = browser("general_manager").get(f"/r/catalog/supplier/{supplier.pk}/").content.decode()
    assert "13900001111 → 13900002222" in seen and "Lead days: 30 → 20" in seen
    hidden = browser("storekeeper").get(f"/r/catalog/supplier/{supplier.pk}/").content.decode()
    assert "13900001111" not in hidden and "*** → ***" in hidden and "Lead days: 30 → 20" in hidden
