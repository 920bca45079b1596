"""Search keys are made anew by a command, after the rules that make them have changed."""

import io

import pytest
from django.core.management import CommandError, call_command

from yiwei.crm.models.customer import Customer
from yiwei.kernel.records import search
from yiwei.kernel.records.search.models import SearchKey
from yiwei.kernel.testing import make_dealer


@pytest.fixture
def d(db):
    return make_dealer()


def test_lost_keys_come_back_and_strange_ones_go(d):
    customer = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111")
    with d.inside():
        kept = set(SearchKey.objects.filter(object_id=customer.pk, kind="crm_customer").values_list("key", flat=True))
        SearchKey.objects.filter(object_id=customer.pk, key="1111").delete()
        SearchKey.objects.create(object_id=customer.pk, kind="crm_customer", key="strange")
        assert not search.match(Customer.objects.all(), "1111").exists()
    told = io.StringIO()
    call_command("reindex", tenant="one", model="crm.Customer", stdout=told)
    with d.inside():
        assert set(SearchKey.objects.filter(object_id=customer.pk, kind="crm_customer").values_list("key", flat=True)) == kept
    assert "crm.Customer: 1" in told.getvalue()


@pytest.mark.parametrize("wrong", [{"tenant": "nobody"}, {"tenant": "one", "model": "crm.Nothing"}])
def test_what_there_is_not_is_named(d, wrong):
    with pytest.raises(CommandError):
        call_command("reindex", **wrong)
