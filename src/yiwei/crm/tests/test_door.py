"""At the door, after the call and on the drawing board: rota, one family a day, no calls, second designers, boards, figures."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import DesignTask, FollowUp
from yiwei.crm.models.rota import RotaSeat
from yiwei.crm.models.traffic import Visit
from yiwei.crm.reports.traffic import Traffic
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.models import Attachment
from yiwei.kernel.screens.reports import report
from yiwei.kernel.work.actions.action import perform

from .test_customers import customer
from .test_work import day

COVERS = "CRM-01, CRM-05, CRM-06, CRM-07"


def queue(house):
    with house.inside():
        return [s.member_id for s in RotaSeat.today(house.dealer.outlets["S11"]) if not s.away]


def test_the_rota_goes_round_and_everybody_sees_it(house):
    m = house.members
    for who in ("guide", "guide1b"):
        house.do(who, "crm.rotaseat.join")
    house.do("store_manager", "crm.rotaseat.join")
    assert queue(house) == [m["guide"], m["guide1b"], m["store_manager"]]
    house.do("guide", "crm.visit.register")
    assert queue(house) == [m["guide1b"], m["store_manager"], m["guide"]]
    with house.inside():
        seat = RotaSeat.objects.get(member_id=m["guide1b"])
    house.do("guide1b", "crm.rotaseat.pause", seat)
    assert queue(house) == [m["store_manager"], m["guide"]]
    house.do("guide1b", "crm.rotaseat.resume", seat)
    house.do("guide1b", "crm.rotaseat.skip", seat)
    assert queue(house) == [m["store_manager"], m["guide"], m["guide1b"]]
    page = house.browser("guide").get("/", headers={"accept-language": "en"}).content.decode()
    assert "Next in turn" in page and "store_manager" in page and page.index("store_manager") < page.index("guide1b")
    assert house.api("guide2").get("/api/v1/crm/rotaseat").json()["results"] == []
    with pytest.raises(Refused):
        house.do("guide", "crm.rotaseat.join")


def test_a_manager_counts_for_the_one_whose_turn_it_is(house):
    house.do("guide1b", "crm.rotaseat.join")
    form = house.browser("store_manager").get("/r/crm/visit/new/register/").content.decode()
    assert f'value="{house.members["guide1b"]}"' in form
    visit = house.do("store_manager", "crm.visit.register", guide=house.members["guide1b"], phone="13800001111")
    assert visit.owner_id == house.members["guide1b"]


def test_the_same_customer_with_another_phone_is_one_group(house):
    customer(house, spare_phone="13900002222")
    house.do("guide", "crm.visit.register", phone="13800001111")
    again = house.do("guide", "crm.visit.register", phone="13900002222")
    assert not again.valid and house.get(Visit, again).customer_id


def test_after_the_day_only_the_manager_corrects(house):
    visit = house.do("guide", "crm.visit.register", phone="13800001111")
    with house.inside():
        Visit.objects.filter(pk=visit.pk).update(at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused):
        house.do("guide", "crm.visit.edit", visit, minutes=10)
    house.do("store_manager", "crm.visit.edit", visit, phone="13800001111", minutes=10, kind="suppliers")
    rows = house.api("store_manager").get("/api/v1/report/traffic?date=2020-01-01").json()["rows"]
    assert (rows[0]["groups"], rows[0]["valid"]) == (1, 0)   # a supplier: seen, not a group


def test_a_phone_learnt_later_finds_the_family_that_was_counted_already(house):
    house.do("guide", "crm.visit.register", phone="13800001111")
    again = house.do("guide", "crm.visit.register", name="周女士")
    house.do("guide", "crm.visit.edit", again, phone="138 0000 1111", name="周女士")
    found = house.get(Visit, again)
    assert (found.kind, found.valid, found.first_time) == ("again", False, False)


def test_colleagues_and_suppliers_are_no_groups_whatever_is_written(house):
    visit = house.do("guide", "crm.visit.register", name="送货的")
    for kind in ("colleagues", "suppliers", "children"):
        house.do("guide", "crm.visit.edit", visit, name="送货的", kind=kind)
        assert not house.get(Visit, visit).valid
    house.do("guide", "crm.visit.edit", visit, name="王先生", kind="guests")
    assert house.get(Visit, visit).valid
    with house.inside(), pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(kind="suppliers")


def test_the_manager_enters_what_was_forgotten_yesterday_and_nobody_the_future(house):
    at = timezone.localtime() - timedelta(days=1)
    visit = house.do("store_manager", "crm.visit.register", guide=house.members["guide"], at=at.strftime("%Y-%m-%d %H:%M"))
    assert visit.day == day(-1) and visit.owner_id == house.members["guide"]
    with pytest.raises(Invalid) as caught:
        house.do("store_manager", "crm.visit.register", at=(timezone.localtime() + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M"))
    assert list(caught.value.errors) == ["at"]
    house.do("guide", "crm.visit.register", at="2020-01-01 10:00")
    with house.inside():
        assert Visit.objects.filter(at__date=day()).count() == 1   # a guide counts now, whatever is sent along


def test_hours_of_the_day_are_drawn_without_holes_and_lead_to_their_rows(house):
    first, last = (house.do("guide", "crm.visit.register") for _n in range(2))
    with house.inside():
        for visit, hour in ((first, 10), (last, 13)):
            Visit.objects.filter(pk=visit.pk).update(at=timezone.localtime().replace(hour=hour, minute=5) - timedelta(days=1), minutes=30)
    since = {"date": str(day(-2)), "date_to": str(day())}
    rows = house.api("store_manager").get("/api/v1/report/traffic", since | {"by": "hour"}).json()["rows"]
    assert [(r["key"], r["valid"]) for r in rows] == [("10:00 – 11:00", 1), ("11:00 – 12:00", 0), ("12:00 – 13:00", 0), ("13:00 – 14:00", 1)]
    assert float(rows[0]["minutes"]) == 30
    page = house.browser("store_manager").get("/report/traffic/", since | {"by": "hour"}).content.decode()
    assert '"bar"' in page and "data-chart" in page
    with house.inside():
        shown = report.run(Traffic, house.actor("store_manager"), since | {"by": "guide"}).rows
        address = Traffic().drill(shown[0]).replace("/r/", "/api/v1/").replace("/?", "?")
    assert len(house.api("store_manager").get(address).json()["results"]) == shown[0]["groups"] == 2


def test_one_tap_after_the_call(house):
    made = customer(house)
    answer = house.post("guide", f"crm/customer/{made.pk}/log", result="comes on Sunday", next_on=str(day(2)))
    assert answer.status_code == 200, answer.json()
    found = house.get(Customer, made)
    assert found.next_contact == day(2) and found.last_contact
    with house.inside():
        assert set(FollowUp.objects.values_list("state", "way")) == {("done", "call"), ("planned", "call")}


def test_a_screenshot_of_the_chat_goes_with_the_contact(house, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = customer(house)
    page = house.browser("guide").post(f"/r/crm/customer/{made.pk}/do/log/", {
        "way": "wechat", "result": "sent the plan", "pictures": SimpleUploadedFile("chat.png", b"\x89PNG\r\n\x1a\n0000")})
    assert page.status_code in (204, 302), page.content.decode()[:400]
    with house.inside():
        assert Attachment.objects.get().object_id == FollowUp.objects.get().pk


def test_who_wants_no_calls_gets_none(house):
    made = customer(house)
    house.do("guide", "crm.followup.plan", customer=made, due_on=day(1))
    house.do("guide", "crm.followup.plan", customer=made, due_on=day(2), way="wechat")
    house.do("guide", "crm.customer.no_calls", made, reason="asked for it")
    with house.inside():
        assert set(FollowUp.objects.values_list("way", "state")) == {("call", "cancelled"), ("wechat", "planned")}
    assert house.get(Customer, made).next_contact == day(2)
    for name in ("crm.followup.plan", "crm.followup.log_contact"):
        with pytest.raises(Invalid) as caught:
            house.do("guide", name, customer=made, due_on=day(3), way="call", result="x")
        assert list(caught.value.errors) == ["way"]
    house.do("guide", "crm.customer.log", made, way="wechat", result="answered", next_on=day(4))
    with house.inside():
        assert FollowUp.objects.get(due_on=day(4)).way == "wechat"
    client = house.browser("guide")
    for page, words in ((f"/r/crm/customer/{made.pk}/", "asks not to be called"), ("/r/crm/customer/", "No calls"), ("/r/crm/followup/", "No calls")):
        assert words in client.get(page, headers={"accept-language": "en"}).content.decode(), page
    house.do("guide", "crm.customer.calls", made, reason="changed her mind")
    house.do("guide", "crm.followup.plan", customer=made, due_on=day(3), way="call")


def test_lost_needs_a_reason_and_the_rival(house):
    made = customer(house)
    with pytest.raises(Invalid) as caught:
        house.do("guide", "crm.customer.lose", made, reason="price")
    assert list(caught.value.errors) == ["rival"]


def test_contacts_due_by_guide_equal_the_rows(house):
    made, other = customer(house), customer(house, "guide1b", name="李强", phone="13800002222")
    late = house.do("guide", "crm.followup.plan", customer=made, due_on=day())
    house.do("guide", "crm.followup.plan", customer=made, due_on=day())
    house.do("guide", "crm.followup.plan", customer=made, due_on=day(1))
    with house.inside():
        FollowUp.objects.filter(pk=late.pk).update(due_on=day(-3))
    rows = {r["key"]: r for r in house.api("store_manager").get("/api/v1/report/contacts-due").json()["rows"]}
    assert [rows["guide"][n] for n in ("overdue", "today", "tomorrow", "without", "open")] == [1, 1, 1, 0, 1]
    assert (rows["guide1b"]["without"], rows["guide1b"]["open"], other.state) == (1, 1, "lead")
    for when in ("overdue", "today", "tomorrow"):
        found = house.api("store_manager").get("/api/v1/crm/followup", {"when": when, "owner": house.members["guide"]}).json()["results"]
        assert len(found) == rows["guide"][when]
    assert {r["key"] for r in house.api("guide").get("/api/v1/report/contacts-due").json()["rows"]} == {"guide"}


def test_customers_stand_on_a_board_by_stage(house):
    made = customer(house)
    page = house.browser("guide").get("/r/crm/customer/board/").content.decode()
    assert f"/r/crm/customer/{made.pk}/" in page


def task(house, made, **more):
    return house.do("guide", "crm.designtask.assign", customer=made, designer=house.members["designer"], **more)


def test_two_designers_share_a_task(house):
    made = customer(house)
    one = task(house, made)
    house.do("guide", "crm.designtask.share", one, designer=house.members["designer2"])
    assert house.api("designer2").get(f"/api/v1/crm/designtask/{one.pk}").status_code == 200
    assert house.api("designer2").get(f"/api/v1/crm/customer/{made.pk}").status_code == 200
    assert house.api("designer3").get(f"/api/v1/crm/designtask/{one.pk}").status_code == 404
    house.do("designer2", "crm.designtask.accept", one)
    house.do("designer2", "crm.designtask.done", one, result="measured")
    assert house.get(DesignTask, one).state == "done"


def test_the_clock_stops_only_with_proof(house):
    one = task(house, customer(house))
    with pytest.raises(Invalid) as caught:
        house.do("guide", "crm.designtask.postpone", one, due_on=day(10), reason="floor not laid")
    assert list(caught.value.errors) == ["proof"]
    perform(registry.actions["crm.designtask.postpone"], house.actor("guide"), one.pk, {"due_on": str(day(10)), "reason": "floor not laid"},
            {"proof": SimpleUploadedFile("chat.png", b"\x89PNG\r\n\x1a\n0000")})
    found = house.get(DesignTask, one)
    assert (found.due_on, found.stopped_days) == (day(10), 7)
    with house.inside():
        assert Attachment.objects.get().object_id == one.pk


def test_days_in_stage_start_anew_with_the_stage(house):
    one = task(house, customer(house))
    with house.inside():
        DesignTask.objects.filter(pk=one.pk).update(stage_since=timezone.now() - timedelta(days=5))
    assert house.get(DesignTask, one).days_in_stage == 5
    house.do("guide", "crm.designtask.share", one, designer=house.members["designer2"])
    assert house.get(DesignTask, one).days_in_stage == 5
    house.do("designer", "crm.designtask.accept", one)
    assert house.get(DesignTask, one).days_in_stage == 0


def test_the_board_stands_by_designer_and_by_day(house):
    made = customer(house)
    one = task(house, made)
    house.do("designer", "crm.designtask.accept", one)
    house.do("designer", "crm.designtask.book", one, plan_on=day(2))
    client = house.browser("store_manager")
    by = client.get("/r/crm/designtask/board/?by=owner", headers={"accept-language": "en"}).content.decode()
    assert "<h2>Designer</h2>" in by or ">designer<" in by.lower()
    assert f"/r/crm/designtask/{one.pk}/" in by and "Days in stage" in by
    assert str(day(2)) in client.get("/r/crm/designtask/board/?by=plan_on").content.decode()


def test_load_and_first_pass_rate(house):
    made = customer(house)
    first, second, third = task(house, made), task(house, made, kind="remeasure"), task(house, made, kind="design")
    for one in (first, second):
        house.do("designer", "crm.designtask.accept", one)
        house.do("designer", "crm.designtask.done", one, result="x")
    house.do("guide", "crm.designtask.send_back", second, reason="no island")
    house.do("designer", "crm.designtask.done", second, result="y")
    for one in (first, second):
        house.do("store_manager", "crm.designtask.confirm", one)
    with house.inside():
        DesignTask.objects.filter(pk=third.pk).update(due_on=day(-1))
    row = house.api("store_manager").get("/api/v1/report/design-load").json()["rows"][0]
    assert (row["load"], row["late_design"], row["late_measure"], row["checked"], row["first"], row["first_rate"]) == (1, 1, 0, 2, 1, "–")


def test_who_stands_in_for_the_manager_keeps_the_rota_and_counts_for_colleagues(db):
    from dataclasses import replace

    from yiwei.kernel.testing import make_dealer
    d = make_dealer()
    join, count = registry.actions["crm.rotaseat.join"], registry.actions["crm.visit.register"]
    guide = d.actor("guide")
    with d.inside():
        for actor, may in ((guide, False), (d.actor("store_manager"), True), (replace(guide, roles_too=("store_manager",)), True)):
            assert ("member" in join.inputs(actor), "guide" in count.inputs(actor)) == (may, may)
