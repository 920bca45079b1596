"""A driver who leaves takes no trip along (D-08)."""

import pytest
from django.utils import timezone

from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.models import Notification
from yiwei.kernel.testing import make_dealer
from yiwei.service.models.delivery import Delivery
from yiwei.service.models.fleet import Driver


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    g1 = Journey(make_dealer()).release()
    with g1.d.inside():
        driver = Driver.objects.create(name="老张", employee_id=g1.d.members["driver"])
        g1.trip = Delivery.start(g1.d.actor("dispatcher"), sub=g1.cabinet, driver=driver)
    return g1


def leave(g1, heir):
    return g1.d.do("general_manager", "org.employee.leave", g1.d.members["driver"], left_on=str(timezone.localdate()), successor=g1.d.members[heir])


def test_planned_trips_go_back_to_the_dispatcher(g1):
    leave(g1, "installer")
    assert g1.d.get(Delivery, g1.trip).driver is None
    with g1.d.inside():
        assert not Driver.objects.get(employee=g1.d.members["driver"]).active
        assert Notification.objects.filter(member=g1.d.members["dispatcher"], model="service.delivery", object_id=g1.trip.pk).exists()


def test_or_to_a_successor_who_drives(g1):
    with g1.d.inside():
        other = Driver.objects.create(name="老李", employee_id=g1.d.members["installer"])
    leave(g1, "installer")
    assert g1.d.get(Delivery, g1.trip).driver_id == other.pk


def test_nobody_leaves_with_goods_on_the_vehicle(g1):
    with g1.d.inside():
        Delivery.objects.filter(pk=g1.trip.pk).update(state="loaded")
    with pytest.raises(Refused, match=g1.trip.number):
        leave(g1, "installer")
