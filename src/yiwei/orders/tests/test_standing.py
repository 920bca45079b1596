"""Orders that stand still and are taken up again; contracts that are complete with their last part."""

import pytest

from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.testing import make_dealer
from yiwei.orders.actions import progress
from yiwei.orders.models.contract import Contract, SubContract


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer())


def state(g1, row):
    return g1.d.get(type(row), row).state


def advance(g1, sub, *states):
    with g1.d.inside("dispatcher"):
        for wanted in states:
            assert progress.reach(g1.d.actor("dispatcher"), SubContract.objects.get(pk=sub.pk), wanted)


def test_a_suspended_order_goes_on_where_it_stood(g1):
    g1.release()
    g1.d.do("store_manager", "orders.subcontract.suspend", g1.cabinet, reason="floor is not laid", until="2099-01-01")
    assert state(g1, g1.cabinet) == "suspended"
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet)
    resumed = g1.d.do("store_manager", "orders.subcontract.resume", g1.cabinet)
    assert (resumed.state, resumed.suspended_from, resumed.suspended_until) == ("released", "", None)


def test_a_contract_is_complete_with_its_last_part_and_open_again_with_one(g1):
    g1.release()
    advance(g1, g1.cabinet, "delivering", "completed")
    assert state(g1, g1.contract) == "signed"
    advance(g1, g1.wardrobe, "delivering", "completed")
    assert state(g1, g1.contract) == "completed"
    advance(g1, g1.wardrobe, "delivering")
    assert state(g1, g1.contract) == "signed"


def test_what_is_dropped_is_not_waited_for(g1):
    g1.sign()
    with g1.d.inside():
        SubContract.objects.filter(pk=g1.cabinet.pk).update(state="drawing_review")
        for step in ("price_review", "finance_review", "released", "delivering"):
            SubContract.objects.filter(pk=g1.cabinet.pk).update(state=step)
    advance(g1, g1.cabinet, "completed")
    g1.d.do("store_manager", "orders.subcontract.drop", g1.wardrobe, reason="the customer takes no wardrobe")
    assert state(g1, g1.contract) == "completed"
    with g1.d.inside():
        assert Contract.objects.get(pk=g1.contract.pk).net_amount == SubContract.objects.get(pk=g1.cabinet.pk).net_amount


def test_only_what_is_paid_is_closed(g1):
    g1.release()
    advance(g1, g1.cabinet, "delivering", "completed")
    with pytest.raises(Refused) as told:
        g1.d.do("accountant", "orders.subcontract.close", g1.cabinet)
    assert "13,789.89" in told.value.message
