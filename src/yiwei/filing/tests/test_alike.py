"""One household entered twice: asked about on saving, shown to who keeps customers in order, two at one second (CRM-05)."""

import threading

import pytest

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.models import Notification, SearchKey
from yiwei.kernel.testing import make_dealer

from .test_filing import HOUSE, file
from .test_verdicts import browser

COVERS = "CRM-05"
WIFE, HUSBAND = {"name": "周敏", "phone": "13800001111", **HOUSE}, {"name": "陈刚", "phone": "13900002222", "community": "云庭", "address": "12-2-804"}


def enter(d, who="guide", **data):
    return d.do(who, "crm.customer.create", **data)


def test_the_same_house_under_another_name_is_asked_about_once(d):
    first = enter(d, **WIFE)
    with pytest.raises(Invalid) as caught:
        enter(d, **HUSBAND)
    assert list(caught.value.errors) == ["anyway"] and first.number in caught.value.errors["anyway"][0]
    made = enter(d, **HUSBAND, anyway="on")
    assert made.pk != first.pk


def test_the_form_shows_the_tick_only_when_it_is_asked_for(d):
    client = browser("guide")
    assert 'name="anyway"' not in client.get("/r/crm/customer/new/create/").content.decode()
    enter(d, **WIFE)
    again = client.post("/r/crm/customer/new/create/", HUSBAND)
    assert again.status_code == 422 and 'name="anyway"' in again.content.decode()
    assert client.post("/r/crm/customer/new/create/", HUSBAND | {"anyway": "on"}).status_code in (204, 302)


@pytest.mark.parametrize("other", [
    {"name": "吴静", "phone": "13700003333", "community": "云庭花园", "address": "12-2-805"},     # next door
    {"name": "周敏", "phone": "13700003333", "community": "海园", "address": "1-1-101"},           # a namesake
    {"name": "周敏", "phone": "13700003333"}])
def test_neighbours_and_namesakes_are_saved_without_a_question(d, other):
    enter(d, **WIFE)
    assert enter(d, **other).pk


def test_a_stranger_learns_nothing_and_the_director_hears_of_it(d):
    first = enter(d, **WIFE)
    made = enter(d, "guide2", **HUSBAND)
    with d.inside():
        told = Notification.objects.get(member_id=d.members["region_director"])
    assert made.number in str(told) and first.number not in str(told)
    page = browser("region_director").get(f"/r/crm/customer/{made.pk}/?tab=alike").content.decode()
    assert first.number in page
    for who in ("store_manager2", "guide2"):
        assert first.number not in browser(who).get(f"/r/crm/customer/{made.pk}/?tab=alike").content.decode()


def test_a_visitor_and_a_further_house_are_asked_about_too(d):
    enter(d, **WIFE)
    visit = d.do("guide", "crm.visit.register", phone="13900002222", name="陈刚")
    with pytest.raises(Invalid) as caught:
        d.do("guide", "crm.visit.to_customer", visit, **HOUSE)
    assert list(caught.value.errors) == ["anyway"]
    d.do("guide", "crm.visit.to_customer", visit, community="海园", address="1-1-101")
    with d.inside():
        husband = Customer.objects.get(phone="13900002222")
    with pytest.raises(Invalid):
        d.do("guide", "crm.customer.add_house", husband, **HOUSE)
    d.do("guide", "crm.customer.add_house", husband, **HOUSE, anyway="on")


def test_one_slip_of_the_phone_shows_in_the_tab(d):
    first = enter(d, name="周敏", phone="13800001111")
    other = enter(d, name="周女士", phone="13800001121")
    page = browser("store_manager").get(f"/r/crm/customer/{other.pk}/?tab=alike").content.decode()
    assert first.number in page


def test_keys_are_written_once_though_they_are_looked_up_within_the_action(d):
    enter(d, **WIFE)
    file(d, "周敏", "138 0000 1111", **HOUSE)
    with d.inside():
        rows = list(SearchKey.objects.values_list("kind", "object_id", "key"))
    assert len(rows) == len(set(rows)) > 50


def test_two_who_enter_one_phone_at_the_same_second_make_one_customer(live_db):
    dealer = make_dealer()
    start, made, refused = threading.Barrier(2), [], []

    def go(who):
        from django.db import connection
        try:
            start.wait()
            made.append(dealer.do(who, "crm.customer.create", name="周敏", phone="13800001111"))
        except Invalid as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("guide", "guide2")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert (len(made), len(refused)) == (1, 1)
