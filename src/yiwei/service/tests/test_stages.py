"""The customer's stage follows all of life (O1): to be installed, installed, in service, cancelled; and what crews did is counted (RPT-19)."""

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.screens.reports.report import run
from yiwei.kernel.testing import make_dealer
from yiwei.orders.models.contract import Contract

from ..models.care import Revisit
from .test_service import booked, deliver, g1  # noqa: F401

COVERS = "CRM-05 RPT-19"


def stage_of(journey):
    with journey.d.inside():
        return Customer.objects.get(pk=journey.customer.pk).state


def finish(journey, sub, amounts):
    deliver(journey, sub)
    order = journey.install(booked(journey, sub), amounts)
    return journey.d.do("dispatcher", "service.installorder.complete", order)


def test_from_the_goods_to_the_call(g1):  # noqa: F811
    assert stage_of(g1) == "to_install"                              # all goods of both orders are here
    finish(g1, g1.cabinet, [("metre", "4.2")])
    assert stage_of(g1) == "to_install"                              # the wardrobe is still to come
    finish(g1, g1.wardrobe, [("area", "25.0")])
    assert stage_of(g1) == "installed"
    with g1.d.inside():
        call = Revisit.objects.order_by("id").first()
        questions = {f"q_{q['code']}": "5" if q["kind"] == "score" else "" for q in call.template.questions}
    g1.d.do("service_agent", "service.revisit.answer", call, **questions)
    assert stage_of(g1) == "in_service"
    today = timezone.localdate().isoformat()
    with g1.d.inside("general_manager"):
        (row,) = run(registry.reports["field-work"], g1.d.actor("general_manager"), {"date": today, "date_to": today}).rows
    assert {k: row[k] for k in ("jobs", "visits", "again", "once", "leftovers", "revisited", "mean", "satisfied")} == {
        "jobs": 2, "visits": 2, "again": 0, "once": 100, "leftovers": 0, "revisited": 1, "mean": 5, "satisfied": 100}
    with g1.d.inside():
        stages = list(Customer.objects.get(pk=g1.customer.pk).contracts.values_list("state", flat=True))
    assert stages == ["completed"]


@pytest.fixture
def signed(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer()).sign()


def test_a_cancelled_order_cancels_the_customer_who_may_come_again(signed):
    assert stage_of(signed) == "to_pay"
    signed.d.do("store_manager", "orders.contract.cancel", signed.contract, reason="the flat was sold")
    assert stage_of(signed) == "cancelled"
    signed.sign()
    assert stage_of(signed) == "to_pay"


def test_one_order_of_two_cancelled_leaves_the_stage(signed):
    first = signed.contract
    signed.sign()
    with signed.d.inside():
        assert Contract.objects.count() == 2
    signed.d.do("store_manager", "orders.contract.cancel", first, reason="twice")
    assert stage_of(signed) == "to_pay"


def test_an_order_that_is_bought_for_is_not_cancelled_by_hand(g1):  # noqa: F811
    with pytest.raises(Refused):
        g1.d.do("store_manager", "orders.contract.cancel", g1.contract, reason="too late")
    assert stage_of(g1) == "to_install"
