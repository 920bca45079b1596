"""Reminder parameters: what the dealer sets is what the house does."""

from html import unescape

import pytest
from django.test import Client

from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.options import OPTIONS, Parameter

COVERS = "SYS-04"
PAGE = "/r/kernel/parameter/"


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def page(dealer, who):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client.get(PAGE, headers={"accept-language": "en"})


def test_the_list_shows_every_parameter(dealer):
    text = unescape(page(dealer, "tenant_admin").content.decode())
    for option in OPTIONS.values():
        assert str(option.label) in text
    with dealer.inside():
        assert Parameter.objects.count() == len(OPTIONS)
    assert page(dealer, "guide").status_code == 403


def test_a_changed_value_holds_for_the_whole_house(dealer):
    page(dealer, "tenant_admin")
    with dealer.inside():
        quota = Parameter.objects.get(name="pool_claims_per_day")
    with pytest.raises(Forbidden):
        dealer.do("store_manager", "kernel.parameter.change", quota, value=1, reason="fewer")
    with pytest.raises(Invalid):
        dealer.do("tenant_admin", "kernel.parameter.change", quota, value=100_000, reason="all")
    assert dealer.do("tenant_admin", "kernel.parameter.change", quota, value=1, reason="fewer").value == 1
    made = [dealer.do("guide", "crm.customer.create", name="A", phone=f"1380000111{n}") for n in range(2)]
    for one in made:
        dealer.do("guide", "crm.customer.release", one, reason="no time")
    dealer.do("guide", "crm.customer.claim", made[0])
    with pytest.raises(Refused):
        dealer.do("guide", "crm.customer.claim", made[1])
