"""From the door to the confirmed design: visits, follow-ups, designers' tasks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import DesignTask, FollowUp
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.base.errors import Invalid, NotFound, Refused
from yiwei.kernel.models import Notification

from .test_customers import customer


def day(n=0):
    return timezone.localdate() + timedelta(days=n)


def test_a_visit_becomes_a_customer_with_nothing_retyped(house):
    """D-24: the API with an empty body, and the form comes filled."""
    visit = house.post("guide", "crm/visit/new/register", phone="138 0000 1111", name="周敏", community="雅溪花园",
                       intention="橱柜").json()["result"]
    form = house.browser("guide").get(f"/r/crm/visit/{visit['id']}/do/to_customer/").content.decode()
    assert "13800001111" in form and "雅溪花园" in form
    answer = house.post("guide", f"crm/visit/{visit['id']}/to_customer")
    assert answer.status_code == 200, answer.json()
    made = house.get(Visit, visit["id"])
    with house.inside():
        found = Customer.objects.get(pk=made.customer_id)
        assert (found.name, found.phone, found.intention) == ("周敏", "13800001111", "橱柜")
        assert found.houses.get().community == "雅溪花园"
        assert (found.visited_on, found.owner_id) == (day(), house.members["guide"])


def test_a_visit_needs_six_fields_at_most_and_none_of_them(house):
    from yiwei.kernel.base import registry
    act = registry.actions["crm.visit.register"]
    assert act.quick and len(act.inputs(house.actor("guide"))) <= 6
    assert house.do("guide", "crm.visit.register").people == 1


def test_one_family_twice_a_day_counts_once(house):
    house.do("guide", "crm.visit.register", phone="13800001111")
    again = house.do("guide", "crm.visit.register", phone="138-0000-1111")
    assert not again.valid and not again.first_time


def test_the_owner_is_told_when_a_customer_is_met_elsewhere(house):
    customer(house)
    visit = house.do("guide2", "crm.visit.register", phone="13800001111")
    assert visit.customer_id is None
    with house.inside():
        assert Notification.objects.get().member_id == house.members["guide"]
    with pytest.raises(Invalid):
        house.do("guide2", "crm.visit.to_customer", visit)


def test_the_manager_returns_and_approves_visits(house):
    visit = house.do("guide", "crm.visit.register", people=3)
    house.do("store_manager", "crm.visit.return", visit, reason="who?")
    house.do("guide", "crm.visit.edit", visit, name="李强", minutes=40)
    house.do("store_manager", "crm.visit.approve", visit)
    assert house.get(Visit, visit).state == "approved"


def test_a_logged_contact_plans_the_next(house):
    made = customer(house)
    house.do("guide", "crm.followup.log_contact", customer=made, way="wechat", result="likes oak", intention="A",
             next_on=day(3))
    found = house.get(Customer, made)
    assert (found.next_contact, found.level) == (day(3), "A") and found.last_contact
    with house.inside():
        assert set(FollowUp.objects.values_list("state", "due_on")) == {("done", day()), ("planned", day(3))}


def test_planned_done_moved_cancelled(house):
    made = customer(house)
    plan = house.do("guide", "crm.followup.plan", customer=made, due_on=day(1))
    assert house.get(Customer, made).next_contact == day(1)
    house.do("guide", "crm.followup.move", plan, due_on=day(2))
    assert house.get(Customer, made).next_contact == day(2)
    house.do("store_manager", "crm.followup.instruct", plan, instruction="offer the package")
    house.do("guide", "crm.followup.done", plan, result="comes on Sunday")
    assert house.get(FollowUp, plan).state == "done" and house.get(Customer, made).next_contact is None
    other = house.do("guide", "crm.followup.plan", customer=made, due_on=day(5))
    house.do("guide", "crm.followup.cancel", other, reason="wants no calls")
    assert house.get(Customer, made).next_contact is None
    with pytest.raises(Invalid):
        house.do("guide", "crm.followup.plan", customer=made, due_on=day(-1))


def test_overdue_contacts_stand_on_the_first_page(house):
    made = customer(house)
    plan = house.do("guide", "crm.followup.plan", customer=made, due_on=day())
    with house.inside():
        FollowUp.objects.filter(pk=plan.pk).update(due_on=day(-2))
    page = house.browser("guide").get("/").content.decode()
    assert f"/r/crm/followup/{plan.pk}/" in page
    results = house.api("guide").get("/api/v1/crm/followup?when=overdue").json()["results"]
    assert [r["id"] for r in results] == [plan.pk]
    assert house.api("guide").get("/api/v1/crm/followup?when=today").json()["results"] == []


def test_a_design_runs_from_measure_to_signature_by_itself(house):
    made = customer(house)
    task = house.do("guide", "crm.designtask.assign", customer=made, designer=house.members["designer"])
    assert house.get(Customer, made).state == "to_measure" and task.due_on == day(3)
    house.do("designer", "crm.designtask.accept", task)
    house.do("designer", "crm.designtask.book", task, plan_on=day(1))
    house.do("designer", "crm.designtask.done", task, result="3 rooms", rooms="K, B1")
    assert house.get(Customer, made).state == "to_design"
    with house.inside():
        design = DesignTask.objects.get(kind="design")
        assert (design.owner_id, design.due_on, design.rooms) == (house.members["designer"], day(9), "K, B1")
    house.do("designer", "crm.designtask.accept", design)
    house.do("designer", "crm.designtask.done", design, result="v1")
    assert house.get(Customer, made).state == "to_check"
    house.do("guide", "crm.designtask.send_back", design, reason="no island")
    house.do("designer", "crm.designtask.done", design, result="v2")
    house.do("store_manager", "crm.designtask.confirm", design)
    assert house.get(Customer, made).state == "to_sign"


def test_a_large_budget_gets_fifteen_days_for_the_design(house):
    made = customer(house, budget_high="260000")
    task = house.do("guide", "crm.designtask.assign", customer=made, kind="design", designer=house.members["designer"])
    assert task.due_on == day(15)


def test_a_refused_task_is_given_to_another(house):
    made = customer(house)
    task = house.do("guide", "crm.designtask.assign", customer=made, designer=house.members["designer"])
    with pytest.raises(Invalid):
        house.do("designer", "crm.designtask.refuse", task, reason="")
    house.do("designer", "crm.designtask.refuse", task, reason="full")
    house.do("guide", "crm.designtask.reassign", task, designer=house.members["designer2"], reason="full")
    house.do("designer2", "crm.designtask.accept", task)
    with pytest.raises(NotFound):
        house.do("designer", "crm.designtask.accept", task)


def test_only_the_own_designer_says_done_and_nobody_checks_himself(house):
    made = customer(house)
    task = house.do("guide", "crm.designtask.assign", customer=made, designer=house.members["designer"])
    with pytest.raises(Refused):
        house.do("general_manager", "crm.designtask.accept", task)


def test_late_tasks_are_flagged(house):
    made = customer(house)
    task = house.do("guide", "crm.designtask.assign", customer=made, designer=house.members["designer"])
    with house.inside():
        DesignTask.objects.filter(pk=task.pk).update(due_on=day(-1))
    assert house.get(DesignTask, task).late()
    assert len(house.api("store_manager").get("/api/v1/crm/designtask?late=1").json()["results"]) == 1
    assert house.browser("guide").get("/r/crm/designtask/board/").status_code == 200


def test_the_traffic_report_counts_contacts_and_closings(house):
    for n in range(4):
        house.do("guide", "crm.visit.register", phone=f"1380000111{n}" if n < 2 else "")
    rows = house.api("store_manager").get("/api/v1/report/traffic").json()["rows"]
    assert (rows[0]["groups"], rows[0]["contacts"], float(rows[0]["contact_rate"])) == (4, 2, 50)
    assert house.browser("guide").get("/report/traffic/?by=hour").status_code == 200
