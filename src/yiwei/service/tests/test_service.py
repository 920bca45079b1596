"""Delivery, installation in two visits with piece pay to the cent (G1 step 7), revisit, complaint."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Invalid, NotFound, Refused
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.notify.models import Notification, Outbox
from yiwei.orders.models.contract import SubContract

from ..jobs import escalate
from ..models.care import Revisit, Ticket
from ..models.install import InstallOrder, Leftover

DAY = (timezone.localdate() + timedelta(days=3)).isoformat()
LATER = (timezone.localdate() + timedelta(days=9)).isoformat()


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer()).release().buy()
    journey.pay("pos", (journey.cabinet, "13789.89"), (journey.wardrobe, "22388.03"))
    journey.driver, journey.crew = journey.fleet()
    with journey.d.inside():
        journey.item = UnfinishedItem.objects.get(name="做错")
    return journey


def order_of(g1, sub):
    with g1.d.inside():
        return InstallOrder.objects.get(sub=sub, parent=None)


def deliver(g1, sub, *codes):
    g1.issue(sub, *codes)
    made = g1.d.do("dispatcher", "service.delivery.create", sub=sub, slot_on=DAY, driver=g1.driver)
    for verb in ("load", "depart"):
        g1.d.do("driver", f"service.delivery.{verb}", made)
    return g1.with_files("driver", "service.delivery.sign", made, {"signed_by": "周敏"}, photos=["sign.png"])


def booked(g1, sub):
    order = order_of(g1, sub)
    g1.d.do("dispatcher", "service.installorder.book", order, crew=g1.crew, planned_on=DAY)
    return g1.d.do("dispatcher", "service.installorder.dispatch", order)


def test_release_puts_the_job_into_the_dispatchers_list(g1):
    order = order_of(g1, g1.wardrobe)
    assert (order.state, order.contact, order.phone) == ("waiting", "周敏", "13800001111")


def test_a_delivery_needs_goods_set_out_and_a_signature(g1):
    with pytest.raises(Refused):
        g1.d.do("dispatcher", "service.delivery.create", sub=g1.cabinet, slot_on=DAY)
    made = deliver(g1, g1.cabinet)
    assert (made.state, made.signed_by) == ("signed", "周敏")
    with g1.d.inside():
        assert SubContract.objects.get(pk=g1.cabinet.pk).state == "delivering"
        assert Outbox.objects.filter(cause__startswith="delivery:").count() == 1
    with g1.d.inside():
        from yiwei.org.models.outlet import Outlet
        from yiwei.org.rules.dealers import hire
        g1.d.members["driver2"] = hire("E-d2", "d2", "driver", Outlet.objects.get(is_head_office=True)).pk
    with pytest.raises(NotFound):
        g1.d.do("driver2", "service.delivery.depart", made)


def test_two_visits_and_their_piece_pay(g1):
    deliver(g1, g1.wardrobe)
    order = booked(g1, g1.wardrobe)
    order = g1.install(order, [("area", "25.0"), ("metre", "4.2")], finished=False,
                       leftovers=[{"item": g1.item.pk, "note": "one door"}])
    assert (str(order.piece_pay), [p["amount"] for p in order.pay]) == ("1211.00", ["726.60", "484.40"])
    with pytest.raises(Refused, match="做错"):
        g1.d.do("dispatcher", "service.installorder.complete", order)
    with g1.d.inside():
        left = Leftover.objects.get()
    assert (left.party, (left.due_on - timezone.localdate()).days) == (g1.item.default_party, g1.item.default_days) == ("factory", 20)
    g1.d.do("dispatcher", "service.leftover.send", left, crew=g1.crew, planned_on=LATER, payer="factory")
    with g1.d.inside():
        second = InstallOrder.objects.get(parent=order)
        assert (second.visit, second.reason, second.payer, second.state) == (2, "做错", "factory", "booked")
    with pytest.raises(Refused):
        g1.d.do("dispatcher", "service.leftover.send", left, crew=g1.crew, planned_on=LATER, payer="factory")
    with pytest.raises(Refused):
        g1.d.do("dispatcher", "service.installorder.complete", order)
    g1.d.do("dispatcher", "service.installorder.dispatch", second)
    second = g1.install(second, [("area", "3.4"), ("call_out", "1")])
    assert (str(second.piece_pay), [p["amount"] for p in second.pay]) == ("269.00", ["161.40", "107.60"])
    g1.d.do("dispatcher", "service.installorder.complete", second)
    with g1.d.inside():
        assert Leftover.objects.get().state == "closed"
        assert SubContract.objects.get(pk=g1.wardrobe.pk).state == "installing"
    g1.d.do("dispatcher", "service.installorder.complete", order)
    with g1.d.inside():
        assert SubContract.objects.get(pk=g1.wardrobe.pk).state == "completed"
        assert Revisit.objects.get().install_id == order.pk


def test_a_report_needs_photos_and_says_what_is_left(g1):
    deliver(g1, g1.cabinet)
    order = booked(g1, g1.cabinet)
    for verb in ("accept", "arrive"):
        g1.d.do("installer", f"service.installorder.{verb}", order)
    with pytest.raises(Invalid) as caught:
        g1.d.do("installer", "service.installorder.report", order, finished="on")
    assert "photos" in caught.value.errors
    with pytest.raises(Invalid):
        g1.with_files("installer", "service.installorder.report", order, {}, photos=["a.png"])


def test_a_crew_works_at_one_place_at_a_time(g1):
    g1.issue(g1.cabinet)
    booked(g1, g1.cabinet)
    with pytest.raises(Invalid, match="crew|更正|correct"):
        g1.d.do("dispatcher", "service.installorder.book", order_of(g1, g1.wardrobe), crew=g1.crew, planned_on=DAY)


def test_a_red_answer_opens_a_ticket_that_its_subject_cannot_close(g1):
    deliver(g1, g1.cabinet)
    order = g1.install(booked(g1, g1.cabinet), [("area", "10")])
    g1.d.do("dispatcher", "service.installorder.complete", order)
    with g1.d.inside():
        revisit = Revisit.objects.get()
    g1.d.do("service_agent", "service.revisit.missed", revisit)
    revisit = g1.d.do("service_agent", "service.revisit.answer", revisit, q_damage="yes", q_crew="2", q_guide="5", note="scratch")
    assert (revisit.state, str(revisit.score), revisit.red) == ("done", "3.50", True)
    with g1.d.inside():
        assert InstallOrder.objects.get(pk=order.pk).state == "revisited"
        ticket = Ticket.objects.get()
    assert ticket.state == "new" and "scratch" in ticket.text
    g1.d.do("service_head", "service.ticket.assign", ticket, responsible=g1.d.members["installer"], department="安装部")
    with g1.d.inside():
        assert Notification.objects.filter(member_id=g1.d.members["installer"], model="service.ticket").exists()
    with pytest.raises(Refused):
        g1.d.do("guide", "service.ticket.accept", ticket)
    g1.d.do("installer", "service.ticket.accept", ticket)
    g1.d.do("installer", "service.ticket.answer", ticket, answer="repaired")
    g1.d.do("service_agent", "service.ticket.confirm", ticket, how="call of today")
    assert g1.d.do("service_agent", "service.ticket.close", ticket).state == "closed"


def test_nobody_closes_the_own_complaint(g1):
    ticket = g1.d.do("guide", "service.ticket.create", customer=g1.customer, text="late", responsible=g1.d.members["service_agent"])
    g1.d.do("service_agent", "service.ticket.accept", ticket)
    g1.d.do("service_agent", "service.ticket.answer", ticket, answer="sorry")
    with pytest.raises(Refused):
        g1.d.do("service_agent", "service.ticket.confirm", ticket, how="me")
    assert g1.d.do("service_head", "service.ticket.confirm", ticket, how="call").state == "confirmed"


def test_unanswered_tickets_go_up_by_the_clock(g1):
    g1.d.do("guide", "service.ticket.create", customer=g1.customer, text="late", responsible=g1.d.members["guide"])
    with g1.d.inside():
        now = timezone.now()
        assert [escalate(now + timedelta(hours=h)) for h in (1, 5, 5, 25, 80, 90)] == [0, 1, 0, 1, 1, 0]
        told = Notification.objects.filter(model="service.ticket", member_id=g1.d.members["store_manager"])
        assert told.exists()
