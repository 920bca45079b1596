"""D-07: two dealers never see each other, even where numbers, phones and names are the same."""

import pytest
from django.test import Client

from yiwei.crm.models.customer import Customer
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.records import search
from yiwei.kernel.screens.api.views import issue
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.orders.models.contract import Contract

NUMBER = "KH9-2611-0001"


@pytest.fixture
def sides(db, settings, tmp_path):
    """Two dealers after the same journey: same person, same phone, same numbers of customer and contract."""
    settings.MEDIA_ROOT = tmp_path
    made = {}
    for code in ("one", "two"):
        journey = Journey(make_dealer(code, sign_ins=True)).sign()
        with journey.d.inside():
            Customer.objects.update(number=NUMBER, remark=f"secret of {code}")
            Contract.objects.update(number=NUMBER, remark=f"secret of {code}")
            customer, contract = Customer.objects.get(), Contract.objects.get()
            search.index(customer)
            search.index(contract)
        made[code] = (journey.d, customer, contract)
    return made


def signed_in(code):
    client = Client()
    client.post("/sign-in/", {"username": f"general_manager@{code}", "password": PASSWORD})
    return client


def program(dealer):
    with dealer.inside():
        key = issue(dealer.members["general_manager"], "general_manager")
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.mark.parametrize(("mine", "theirs"), [("one", "two"), ("two", "one")])
def test_the_same_number_leads_each_dealer_to_its_own(sides, mine, theirs):
    dealer, *own = sides[mine]
    _other, *foreign = sides[theirs]
    browser, api = signed_in(mine), program(dealer)
    for row, strange, path in zip(own, foreign, ("crm/customer", "orders/contract"), strict=True):
        for question in ("", NUMBER, row.number, "13800001111", "周"):
            listed = browser.get(f"/r/{path}/", {"q": question}).content.decode()
            assert f"/r/{path}/{strange.pk}/" not in listed, question
            found = api.get(f"/api/v1/{path}", {"q": question} if question else {}).json()["results"]
            assert strange.pk not in [r["id"] for r in found], question
        assert [r["id"] for r in api.get(f"/api/v1/{path}", {"q": NUMBER}).json()["results"]] == [row.pk]
        assert browser.get(f"/r/{path}/{row.pk}/").status_code == 200
        for answer in (browser.get(f"/r/{path}/{strange.pk}/"), api.get(f"/api/v1/{path}/{strange.pk}"),
                       browser.post(f"/r/{path}/{strange.pk}/comment/", {"text": "x"}), browser.get(f"/r/{path}/{strange.pk}/do/edit/")):
            assert answer.status_code == 404
    everywhere = browser.get("/search/", {"q": NUMBER}).content.decode()
    assert f"/r/crm/customer/{own[0].pk}/" in everywhere and f"/r/crm/customer/{foreign[0].pk}/" not in everywhere
    page = browser.get(f"/r/crm/customer/{own[0].pk}/").content.decode()
    assert f"secret of {mine}" in page and f"secret of {theirs}" not in page


def test_sums_count_the_own_rows_only(sides):
    for code, (dealer, _customer, contract) in sides.items():
        totals = program(dealer).get("/api/v1/orders/contract", {"totals": "1"}).json()
        assert len(totals["results"]) == 1 and totals["results"][0]["id"] == contract.pk, code
        with dealer.inside():
            assert Customer.objects.count() == Contract.objects.count() == 1
