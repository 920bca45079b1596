"""Doing what one may not: hidden buttons, foreign fields, stale versions, repeated keys, approving one's own."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Refused
from yiwei.kernel.models import ApprovalFlow, Case, Task
from yiwei.kernel.work.actions.action import perform
from yiwei.org.models.employee import Delegation, Employee
from yiwei.org.models.position import Position
from yiwei.org.models.user import User
from yiwei.org.rules.presets import POSITIONS

ROLES = [code for code in POSITIONS if code != "platform_admin"]


def api(world, who, path, body, dealer=None, **headers):
    token = world.token(who, dealer)
    return world.client("guide").post(f"/api/v1/{path}", json.dumps(body), "application/json", headers={**token, **headers})


def test_without_the_right_no_action_is_done_by_any_door(world):
    """Every role against every action it has no right to, through the one door; a sample of them by page, API and bulk."""
    for role in ROLES:
        actor, sample = world.one.actor(role), {}
        for act in registry.actions.values():
            if not act.allowed(actor):
                with pytest.raises(Forbidden):
                    perform(act, actor, None if act.creates else 1, {})
                sample.setdefault(act.model._meta.app_label, act)
        client = world.clients.get((role, "one"))
        for act in sample.values() if client else ():
            register = registry.register_of(act.model)
            row = world.row(world.one, "here", act.model)
            if register is None or row is None:
                continue
            page = register.url("new", verb=act.verb) if act.creates else register.url("act", row.pk, verb=act.verb)
            path = f"{register.room}/{register.slug}/" + (f"new/{act.verb}" if act.creates else f"{row.pk}/{act.verb}")
            assert {client.get(page).status_code, client.post(page, {}).status_code, api(world, role, path, {}).status_code} <= {403, 404}


def test_fields_beside_the_form_are_not_taken(world):
    body = {"name": "Qxmass", "phone": "13912345678", "owner": world.one.members["guide3"], "owner_id": world.one.members["guide3"],
            "outlet": world.one.outlets["S21"], "state": "in_service", "tenant": world.two.id, "tenant_id": world.two.id, "number": "X1",
            "version": 99, "id": 1, "created_by_id": 1, "tags": ["vip"], "pooled_at": "2020-01-01"}
    answer = api(world, "guide", "crm/customer/new/create", body)
    assert answer.status_code == 200, answer.content
    with world.one.inside():
        made = Customer.objects.get(name="Qxmass")
    assert (made.owner_id, made.outlet_id, made.state, made.tenant_id, made.version) == (
        world.one.members["guide"], world.one.outlets["S11"], "lead", world.one.id, 1)
    assert made.number != "X1" and made.tags == [] and made.pooled_at is None
    api(world, "guide", f"crm/customer/{made.pk}/edit", body | {"version": None, "phone": "13912345678"})
    kept = world.one.get(Customer, made)
    assert (kept.owner_id, kept.state, kept.tenant_id, kept.number) == (made.owner_id, "lead", world.one.id, made.number)


def test_a_stale_version_changes_nothing(world):
    row = world.row(world.one, "here", Customer)
    world.one.do("guide", "crm.customer.edit", row, name="Qxfirst", phone="13913913913")
    answer = api(world, "guide", f"crm/customer/{row.pk}/edit", {"name": "Qxsecond", "phone": "13913913913", "version": row.version})
    assert answer.status_code == 409 and answer.json()["code"] == "stale"
    assert world.one.get(Customer, row).name == "Qxfirst"
    for version in ("x", [], {}, 10 ** 30, -1, True):
        body = {"name": "Qxthird", "phone": "13913913913", "version": version}
        assert api(world, "guide", f"crm/customer/{row.pk}/edit", body).status_code in (409, 422)
    assert world.one.get(Customer, row).name == "Qxfirst"


def test_a_key_holds_for_one_person_one_action_and_one_row(world):
    here, other = world.row(world.one, "here", Customer), world.journey.customer
    key = {"Idempotency-Key": "k" * 100}
    first = api(world, "guide", f"crm/customer/{here.pk}/release", {"reason": "x"}, **key)
    assert first.status_code == 200 and not first.json()["repeated"]
    assert api(world, "guide", f"crm/customer/{here.pk}/release", {"reason": "x"}, **key).json()["repeated"]
    for path in (f"crm/customer/{other.pk}/release", "crm/customer/new/create"):
        answer = api(world, "guide", path, {"reason": "x", "name": "x", "phone": "13914914914"}, **key)
        assert answer.status_code == 409, path
    again = api(world, "guide", f"crm/customer/{here.pk}/release", {"reason": "another"}, **key)
    assert again.status_code == 409, "the same key with something else in it"
    longer = {"Idempotency-Key": "k" * 100 + "different"}
    assert api(world, "guide", "crm/customer/new/create", {"name": "a", "phone": "13917917917"}, **longer).json()["repeated"] is False
    theirs = api(world, "guide", "crm/customer/new/create", {"name": "two", "phone": "13914914914"}, world.two, **key)
    colleague = api(world, "guide1b", "crm/customer/new/create", {"name": "b", "phone": "13915915915"}, **key)
    assert not theirs.json()["repeated"] and not colleague.json()["repeated"]


def test_nobody_gives_himself_more_than_he_has(world):
    who, me = "tenant_admin", world.one.members["tenant_admin"]
    with world.one.inside():
        mine, gm = Position.objects.get(code=who), Position.objects.get(code="general_manager")
        row = Employee.objects.get(pk=me)
    position = {"code": mine.code, "name": mine.name, "data_scope": "company", "allow": json.dumps(["*"]), "scopes": "{}", "masks": [],
                "special_quota": 0}
    me_as_gm = {"number": row.number, "name": row.name, "position": gm.pk, "outlet": row.outlet_id}
    stand_in = {"of": world.one.members["general_manager"], "to": me, "from_day": "2020-01-01", "to_day": "2099-01-01"}
    moved = {"position": gm.pk, "outlet": row.outlet_id, "from_day": "2026-01-01", "reason": "x"}
    for path, body in ((f"org/position/{mine.pk}/edit", position), (f"org/employee/{me}/move", moved), ("org/delegation/new/create", stand_in),
                       ("org/delegation/new/create", {**stand_in, "acting": True})):
        assert api(world, who, path, body).status_code == 409, path
    assert api(world, who, f"org/employee/{me}/edit", {**me_as_gm, "name": "renamed"}).status_code == 200
    with world.one.inside():
        assert Position.objects.get(code=who).allow != ["*"] and Employee.objects.get(pk=me).position_id == mine.pk
        assert not Delegation.objects.filter(to_id=me).exists()
        assert Employee.objects.get(pk=me).name == "renamed"


def test_a_key_does_not_carry_the_position_its_owner_stands_in_for(world):
    """The key of a general manager only he makes himself; nobody gets it by way of who stands in for him."""
    people, asked = world.one.members, "org/delegation/new/create"
    today = timezone.localdate().isoformat()
    stand_in = {"of": people["general_manager"], "to": people["driver"], "from_day": today, "to_day": today, "acting": True}
    answer = api(world, "tenant_admin", asked, stand_in)
    assert answer.status_code == 200, answer.content
    assert world.one.actor("driver").can("finance.receipt.view") and not world.one.actor("driver").masks
    client, token = world.client("guide"), world.token("driver")
    assert client.get("/api/v1/finance/receipt", headers=token).status_code == 403


def case_of(world, **flow):
    """A waiting case of guide with the steps given."""
    with world.one.inside():
        design = ApprovalFlow.objects.create(name="t", action="crm.customer.create", state="published",
                                             steps=[{"name": "s", "by": "position", "of": "store_manager", **flow}])
        return Case.start(world.one.actor("guide"), title="t", action="crm.customer.create", model="crm.customer",
                          payload={"name": "Qxcase", "phone": "13916916916"}, facts={}, design=design)


def ask(world, case):
    from yiwei.kernel.work.approvals.engine import _ask
    with world.one.inside("guide"):
        _ask(case, world.one.actor("guide"))
        return sorted(Task.objects.filter(case=case).values_list("assignee_id", flat=True))


def test_nobody_signs_his_own_request_not_even_as_a_stand_in(world):
    people = world.one.members
    case = case_of(world)
    with world.one.inside():
        Delegation.objects.create(of_id=people["store_manager"], to_id=people["guide"], from_day="2020-01-01", to_day="2099-01-01")
    assert ask(world, case) == [people["store_manager"]]
    with pytest.raises(Refused):
        world.one.do("store_manager", "kernel.case.add_signer", case, person=people["guide"])
    for verb in ("approve", "reject"):
        with pytest.raises(Refused):
            world.one.do("guide", f"kernel.case.{verb}", case, reason="x")
    with pytest.raises(Refused):
        world.one.do("general_manager", "kernel.case.approve", case)
    assert world.one.get(Case, case).state == "waiting"


def test_the_line_of_command_may_not_run_in_a_circle(world):
    people = world.one.members
    with world.one.inside():
        Employee.objects.filter(pk=people["guide"]).update(superior_id=people["guide"])
    case = case_of(world, of="nobody")
    assert ask(world, case) == [people["general_manager"]]


def test_a_request_of_somebody_suspended_or_without_the_right_is_not_carried_out(world):
    people = world.one.members
    for change in ({"state": "suspended"}, {"position": None}):
        case = case_of(world)
        ask(world, case)
        with world.one.inside():
            value = change if "state" in change else {"position": Position.objects.get(code="driver")}
            before = Employee.objects.filter(pk=people["guide"]).values("state", "position").get()
            Employee.objects.filter(pk=people["guide"]).update(**value)
        with pytest.raises(Refused):
            world.one.do("store_manager", "kernel.case.approve", case)
        with world.one.inside():
            assert not Customer.objects.filter(name="Qxcase").exists() and Case.objects.get(pk=case.pk).state == "waiting"
            Employee.objects.filter(pk=people["guide"]).update(**before)


def test_buttons_that_do_not_show_cannot_be_pressed(world):
    """Actions of the house itself (`show` is never true) are refused to the general manager by page and by API."""
    client, tried = world.client("general_manager"), 0
    actor = world.one.actor("general_manager")
    for act in registry.actions.values():
        register, row = registry.register_of(act.model), world.row(world.one, "here", act.model)
        if act.creates or act.show is None or row is None:
            continue
        with world.one.inside():
            if act.show(actor, row):
                continue
        page = register.url("act", row.pk, verb=act.verb)
        assert {client.get(page).status_code, client.post(page, {}).status_code} <= {409, 422}, page
        with pytest.raises(Refused):
            perform(act, actor, row.pk, {})
        tried += 1
    assert tried > 30


def test_a_sign_in_name_of_another_dealer_is_refused_in_words(world):
    answer = api(world, "tenant_admin", f"org/employee/{world.one.members['driver']}/give_sign_in",
                 {"username": "GUIDE@two", "password": "Some-pass-1"})
    assert answer.status_code in (409, 422) and "two" not in answer.json()["message"]
    with world.two.inside():
        assert User.objects.get(username="guide@two").member_id == world.two.members["guide"]
    client = world.client("tenant_admin")
    assert client.post(reverse("signin"), {"username": "guide@two", "password": "Some-pass-1"}).status_code == 422


@pytest.mark.parametrize("change", [{"allow": '"*"'}, {"allow": "[1]"}, {"allow": '{"a": 1}'}, {"masks": "5"}, {"masks": ["phone", "all"]},
                                    {"scopes": "[1]"}, {"scopes": '{"crm.customer": "all"}'}])
def test_a_position_that_would_lock_its_holders_out_is_refused(world, change):
    with world.one.inside():
        guide = Position.objects.get(code="guide")
    body = {"code": guide.code, "name": guide.name, "data_scope": "own", "allow": "[]", "scopes": "{}", "masks": ["cost"],
            "special_quota": 0}
    assert api(world, "tenant_admin", f"org/position/{guide.pk}/edit", {**body, "allow": '["x.*"]'}).status_code == 200
    assert api(world, "tenant_admin", f"org/position/{guide.pk}/edit", {**body, **change}).status_code == 422


STEP, CONDITION = {"by": "position", "position": "store_manager"}, {"fact": "discount", "op": "lt", "value": "0.9"}


@pytest.mark.parametrize("step, condition", [
    ({**STEP, "position": 5}, CONDITION), ({**STEP, "position": ""}, CONDITION), ({**STEP, "hours": "x"}, CONDITION),
    ({**STEP, "hours": -1}, CONDITION), ({"by": "person", "person": "x"}, CONDITION), ({"by": "nobody"}, CONDITION), ({**STEP, "copy": [1]}, CONDITION),
    ({**STEP, "mode": "some"}, CONDITION), ({**STEP, "by": []}, CONDITION), (STEP, {**CONDITION, "op": []}), (STEP, {"op": "lt", "value": 1}),
    (STEP, {**CONDITION, "value": "NaN"}), (STEP, {**CONDITION, "value": None}), (STEP, {**CONDITION, "value": "x"}),
    (STEP, {**CONDITION, "fact": "outlet"}), (STEP, {**CONDITION, "fact": "secret"}), (STEP, "x"), ("x", CONDITION),
])
def test_a_flow_that_would_break_the_work_of_others_is_refused(world, step, condition):
    made = api(world, "tenant_admin", "kernel/approvalflow/new/create", {"name": "n", "action": "orders.subcontract.submit"})
    design = f"kernel/approvalflow/{made.json()['result']['id']}/plan"
    assert api(world, "tenant_admin", design, {"steps": [STEP], "conditions": [CONDITION]}).status_code == 200
    assert api(world, "tenant_admin", design, {"steps": [step], "conditions": [condition]}).status_code == 422


@pytest.mark.parametrize("action", ["kernel.case.approve", "kernel.approvalflow.publish", "catalog.grade.delete", "no.such.action", ""])
def test_no_flow_stands_before_what_the_house_itself_needs(world, action):
    assert api(world, "tenant_admin", "kernel/approvalflow/new/create", {"name": "n", "action": action}).status_code == 422
