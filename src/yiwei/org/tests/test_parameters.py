"""Reminder parameters: what the dealer sets is what the house does."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from yiwei.crm.jobs import let_go
from yiwei.crm.models.customer import Customer
from yiwei.kernel.action.errors import Forbidden, Invalid
from yiwei.kernel.options import OPTIONS, Parameter
from yiwei.kernel.testing import PASSWORD, make_dealer

COVERS = "SYS-04"


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def page(dealer, who):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client.get(PAGE, headers={"accept-language": "en"})


PAGE = "/r/kernel/parameter/"


def test_the_list_shows_every_parameter_and_what_it_would_concern(dealer):
    with dealer.inside():
        old = timezone.now() - timedelta(days=12)
        Customer.start(dealer.actor("guide"), name="Silent", phone="13800001111", created_at=old)
    text = unescape(page(dealer, "tenant_admin").content.decode())
    for option in OPTIONS.values():
        assert str(option.label) in text
    with dealer.inside():
        assert Parameter.objects.count() == len(OPTIONS)
        assert {p.name: p.today for p in Parameter.objects.all() if p.today is not None} == {"pool_after_days": 0, "warn_after_days": 1}
    assert page(dealer, "guide").status_code == 403


def test_a_changed_value_holds_for_the_whole_house(dealer):
    page(dealer, "tenant_admin")
    with dealer.inside():
        Customer.start(dealer.actor("guide"), name="Silent", phone="13800001111", created_at=timezone.now() - timedelta(days=12))
        assert let_go() == 0
        pool = Parameter.objects.get(name="pool_after_days")
    with pytest.raises(Forbidden):
        dealer.do("store_manager", "kernel.parameter.change", pool, value=10, reason="shorter")
    with pytest.raises(Invalid):
        dealer.do("tenant_admin", "kernel.parameter.change", pool, value=0, reason="at once")
    assert dealer.do("tenant_admin", "kernel.parameter.change", pool, value=10, reason="shorter").value == 10
    with dealer.inside():
        assert let_go() == 1
        assert Customer.objects.get().state == "public_pool"
