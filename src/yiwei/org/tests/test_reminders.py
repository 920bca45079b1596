"""Reminders: by rule and stage, once a day, with escalation, holidays and a warning before the pool (SYS-04)."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.models import Holiday, Notification, Reminder, ReminderRule
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.reminders import causes, due, engine

COVERS = "SYS-04"
RULES = "/r/kernel/reminderrule/"


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def days(n):
    return timezone.localdate() + timedelta(days=n)


def quiet_for(dealer, n, *, who="guide", phone="13800001111", **more):
    """A customer nobody has contacted for so many days."""
    made = dealer.do(who, "crm.customer.create", name=more.pop("name", "周敏"), phone=phone)
    with dealer.inside():
        Customer.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=n), last_contact=None, **more)
    return made


def only(dealer, code, **more):
    """The general rule of a cause, all others disabled."""
    with dealer.inside():
        engine.ensure()
        ReminderRule.objects.exclude(cause=code).update(active=False)
        ReminderRule.objects.filter(cause=code).update(**more)
        return ReminderRule.objects.get(cause=code, stage="", level="")


def run(dealer, on=0):
    with dealer.inside(), override("zh-hans"):
        return engine.run(days(on))


def told(dealer, who):
    with dealer.inside(), override("zh-hans"):
        return [str(n) for n in Notification.objects.filter(member_id=dealer.members[who]).order_by("id")]


def page(dealer, who, url, **params):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client.get(url, params, headers={"accept-language": "en"})


def test_a_silent_customer_is_reminded_of_once_and_again_after_the_days_of_the_rule(dealer):
    quiet_for(dealer, 7)
    only(dealer, "crm.silent", tell=["owner"], repeat=3)
    assert [run(dealer, n) for n in (-1, 0, 0, 1, 2, 3)] == [0, 1, 0, 0, 0, 1]
    assert told(dealer, "guide") == ["客户久未联系：周敏"] * 2
    assert told(dealer, "store_manager") == []


def test_what_falls_due_by_something_that_happens_is_told_within_minutes(dealer):
    """On event: only rows with which something was done are asked for, and nobody is told twice."""
    touched = quiet_for(dealer, 9)
    only(dealer, "crm.silent", tell=["owner"])
    with dealer.inside(), override("zh-hans"):
        now = timezone.now()
        assert engine.run_changed(now + timedelta(minutes=1)) == 0      # nothing has happened since
        assert [engine.run_changed(now - timedelta(minutes=12)) for _n in range(2)] == [1, 0]
        assert list(Reminder.objects.values_list("object_id", flat=True)) == [touched.pk]
    assert run(dealer) == 0


def test_nothing_is_carried_out_on_event(dealer):
    quiet_for(dealer, 40)
    only(dealer, "crm.pool", days=30, warn_days=3)
    with dealer.inside():
        assert engine.run_changed(timezone.now() - timedelta(minutes=12)) == 1      # the warning
    assert [run(dealer, n) for n in (1, 2, 3)] == [0, 0, 1]


def test_the_superiors_hear_of_it_later(dealer):
    quiet_for(dealer, 7)
    only(dealer, "crm.silent", tell=["owner"], repeat=0, escalate_after=3, escalate_to=["store_manager", "superior"])
    assert [run(dealer, n) for n in (0, 2, 3, 4)] == [1, 0, 1, 0]
    assert len(told(dealer, "store_manager")) == 1 and len(told(dealer, "guide")) == 1


def test_a_rule_for_a_stage_or_level_goes_before_the_general_one(dealer):
    plain, good = quiet_for(dealer, 5), quiet_for(dealer, 5, phone="13800002222", name="吴静", level="A")
    only(dealer, "crm.silent", tell=["owner"], days=30)
    dealer.do("tenant_admin", "kernel.reminderrule.create", cause="crm.silent", stage="lead", level="", days=10, warn_days=0, repeat=1,
              tell=["owner"], escalate_after=0, escalate_to=[], channel="bell")
    dealer.do("tenant_admin", "kernel.reminderrule.create", cause="crm.silent", stage="lead", level="A", days=5, warn_days=0, repeat=1,
              tell=["owner"], escalate_after=0, escalate_to=[], channel="bell")
    run(dealer)
    with dealer.inside():
        assert list(Reminder.objects.values_list("object_id", flat=True)) == [good.pk]
    run(dealer, 5)
    with dealer.inside():
        assert Reminder.objects.filter(object_id=plain.pk, day=days(5)).count() == 1
        assert Reminder.objects.filter(object_id=good.pk, day=days(5)).count() == 1


def test_holidays_stop_the_clock(dealer):
    quiet_for(dealer, 0)
    only(dealer, "crm.silent", tell=["owner"], days=3)
    dealer.do("general_manager", "kernel.holiday.create", name="Spring Festival", first=days(1), last=days(2))
    assert [run(dealer, n) for n in (1, 2, 3, 4, 5)] == [0, 0, 0, 0, 1]
    with pytest.raises(Invalid):
        dealer.do("general_manager", "kernel.holiday.create", name="Wrong", first=days(2), last=days(1))
    with dealer.inside(), pytest.raises(IntegrityError), transaction.atomic():
        Holiday.objects.create(name="Wrong", first=days(2), last=days(1))


def test_nobody_loses_a_customer_without_a_warning(dealer):
    made = quiet_for(dealer, 40)
    only(dealer, "crm.pool", days=30, warn_days=3)
    assert [run(dealer, n) for n in (0, 1, 2, 3)] == [1, 0, 0, 1]
    assert told(dealer, "guide") == ["客户将转入公海：周敏", "客户周敏已进入公海。"]
    with dealer.inside():
        assert Customer.objects.get(pk=made.pk).state == "public_pool"
        assert list(Reminder.objects.order_by("id").values_list("step", flat=True)) == [0, 2]


def test_a_contact_after_the_warning_keeps_the_customer(dealer):
    made = quiet_for(dealer, 40)
    only(dealer, "crm.pool", days=30, warn_days=3)
    run(dealer)
    dealer.do("guide", "crm.followup.log_contact", customer=made, way="call", result="comes on Sunday", intention="", next_on=None)
    assert [run(dealer, n) for n in (3, 10, 26)] == [0, 0, 0]
    assert run(dealer, 27) == 1
    assert dealer.get(Customer, made).state == "lead"


def test_birthdays_come_every_year_and_on_the_28th_of_february(dealer):
    made = quiet_for(dealer, 0, birthday=date(1988, 2, 29))
    only(dealer, "crm.birthday", days=1)
    with dealer.inside():
        assert [engine.run(date(*d)) for d in ((2027, 2, 26), (2027, 2, 27), (2027, 2, 28), (2028, 2, 28), (2028, 2, 29))] \
            == [0, 1, 0, 1, 0]
        assert Reminder.objects.filter(object_id=made.pk).count() == 2


def test_nobody_is_told_of_what_he_does_not_see(dealer):
    quiet_for(dealer, 9, who="guide3")
    only(dealer, "crm.silent", tell=["owner", "store_manager", "channel_manager", "service_head"])
    with dealer.inside():
        meant = engine.People()
        row = Customer.objects.get()
        cause = registry.causes["crm.silent"]
        hears = meant.told(cause, [row], ("owner", "store_manager", "region_director"))[0]
    assert set(hears) == {dealer.members["guide3"], dealer.members["store_manager3"], dealer.members["region_director3"]}
    run(dealer)
    assert told(dealer, "store_manager") == [] and len(told(dealer, "store_manager3")) == 1


def test_a_rule_that_fails_holds_up_no_other(dealer, caplog):
    quiet_for(dealer, 9)
    only(dealer, "crm.silent", tell=["owner"])
    broken = causes.cause("crm.aaa", "Broken", Customer, rows=lambda: Customer.objects.filter(pk=1 / 0), clock=None, days=1)
    try:
        assert run(dealer) == 1
        assert "reminder rule" in caplog.text
    finally:
        del registry.causes[broken.code]


def test_the_database_allows_one_for_a_cause_and_day_and_no_change(dealer):
    quiet_for(dealer, 9)
    only(dealer, "crm.silent", tell=["owner"])
    run(dealer)
    with dealer.inside():
        one = Reminder.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(cause=one.cause, object_id=one.object_id, day=one.day)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Reminder.objects.filter(pk=one.pk).update(text="x")


def test_two_runs_at_once_tell_once(live_db):
    dealer = make_dealer()
    quiet_for(dealer, 9)
    only(dealer, "crm.silent", tell=["owner"])
    results, start = [], threading.Barrier(2)

    def work():
        start.wait()
        try:
            results.append(run(dealer))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(results) == [0, 1]
    assert len(told(dealer, "guide")) == 1


def test_every_cause_can_be_asked_and_every_rule_says_what_would_fire_today(dealer):
    with dealer.inside():
        engine.ensure()
        outlook = due.Outlook()
        assert {r.cause for r in outlook.rules} == set(registry.causes)
        for rule in outlook.rules:
            for step in due.steps(rule):
                assert list(outlook.pending(rule, step)) == []
        ids = list(ReminderRule.objects.values_list("pk", flat=True))
    for pk in ids:
        assert page(dealer, "general_manager", f"{RULES}{pk}/", tab="today").status_code == 200


def test_the_simulation_shows_days_tried_out_and_only_what_one_sees(dealer):
    quiet_for(dealer, 5, name="Zhou")
    quiet_for(dealer, 5, who="guide3", phone="13800002222", name="Wu")
    rule = only(dealer, "crm.silent", tell=["owner"])
    url = f"{RULES}{rule.pk}/"
    assert "0 of 0 due" in page(dealer, "general_manager", url, tab="today").content.decode()
    text = page(dealer, "general_manager", url, tab="today", days="5").content.decode()
    assert "2 of 2 due" in text and "Zhou" in text and "Wu" in text and "guide3" in text
    text = page(dealer, "region_director", url, tab="today", days="5").content.decode()
    assert "1 of 1 due" in text and "Zhou" in text and "Wu" not in text
    with dealer.inside():
        assert not Reminder.objects.exists() and not Notification.objects.exists()
        ReminderRule.objects.filter(pk=rule.pk).update(days=5)
    run(dealer)
    assert "0 of 2 due" in page(dealer, "general_manager", url, tab="today").content.decode()
    given = page(dealer, "region_director", "/r/kernel/reminder/").content.decode()
    assert "Zhou" in given and "Wu" not in given
    assert page(dealer, "guide", RULES).status_code == 403


RULE = {"cause": "crm.silent", "stage": "", "level": "", "days": 3, "warn_days": 0, "repeat": 1, "tell": ["owner"], "escalate_after": 0,
        "escalate_to": [], "channel": "bell"}


@pytest.mark.parametrize(("field", "change"), [
    ("stage", {"stage": "confirmed"}), ("stage", {"stage": "measure"}), ("level", {"cause": "crm.task_late", "level": "A"}),
    ("warn_days", {"stage": "lead", "warn_days": 1}), ("tell", {"stage": "lead", "tell": []}),
    ("escalate_to", {"stage": "lead", "escalate_after": 2}), ("level", {}),
    ("warn_days", {"cause": "crm.pool", "stage": "lead", "warn_days": 3})])
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(dealer, field, change):
    with dealer.inside():
        engine.ensure()
    with pytest.raises(Invalid) as caught:
        dealer.do("tenant_admin", "kernel.reminderrule.create", **RULE | change)
    assert list(caught.value.errors) == [field]


def test_the_general_rule_stays(dealer):
    rule = only(dealer, "crm.silent")
    with pytest.raises(Refused):
        dealer.do("tenant_admin", "kernel.reminderrule.delete", rule)
    with pytest.raises(Invalid):
        dealer.do("tenant_admin", "kernel.reminderrule.edit", rule, **RULE | {"stage": "lead"})
    with pytest.raises(Forbidden):
        dealer.do("store_manager", "kernel.reminderrule.edit", rule, **RULE)
    assert not dealer.do("tenant_admin", "kernel.reminderrule.disable", rule).active
    own = dealer.do("tenant_admin", "kernel.reminderrule.create", **RULE | {"stage": "lead"})
    dealer.do("tenant_admin", "kernel.reminderrule.delete", own)
