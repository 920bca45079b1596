"""Flows that the dealer designs, set in front of any action: who signs, in which order, how long, and what then."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.models import ApprovalFlow, Case, Notification, Task
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.approvals.engine import chase
from yiwei.org.models.employee import Delegation

COVERS = "REB-01"
ACT = "crm.customer.create"
MANAGER, DIRECTOR = {"by": "position", "position": "store_manager"}, {"by": "position", "position": "region_director"}


@pytest.fixture
def d(db):
    return make_dealer(sign_ins=True)


def design(d, *steps, action=ACT, conditions=(), publish=True, name="flow"):
    """A flow made by the administrator through the actions of its screen."""
    flow = d.do("tenant_admin", "kernel.approvalflow.create", name=name, action=action)
    d.do("tenant_admin", "kernel.approvalflow.plan", flow, steps=list(steps), conditions=list(conditions))
    return d.do("tenant_admin", "kernel.approvalflow.publish", flow) if publish else flow


def ask(d, who="guide", name="周敏", **more):
    return d.do(who, ACT, name=name, phone="13800001111", **more)


def waiting(d, case):
    """Names of who is asked now."""
    with d.inside():
        return sorted(t.assignee.name for t in Task.objects.filter(case=case, verdict="").select_related("assignee"))


def customers(d):
    with d.inside():
        return list(Customer.objects.values_list("name", flat=True))


def test_any_action_waits_for_the_signatures_of_its_flow_and_is_then_done_for_who_asked(d):
    design(d, MANAGER, DIRECTOR)
    case = ask(d)
    assert isinstance(case, Case) and customers(d) == [] and waiting(d, case) == ["store_manager"]
    d.do("store_manager", "kernel.case.approve", case)
    assert waiting(d, case) == ["region_director"] and customers(d) == []
    d.do("region_director", "kernel.case.approve", case, comment="fine")
    with d.inside():
        made = Customer.objects.get()
        assert (made.name, made.owner_id) == ("周敏", d.members["guide"])
        assert Case.objects.get(pk=case.pk).state == "approved"


def test_without_a_published_flow_nothing_waits(d):
    design(d, MANAGER, publish=False)
    assert isinstance(ask(d), Customer)


def test_the_line_of_command_is_asked_level_by_level(d):
    design(d, {"by": "superior"}, {"by": "superior", "levels": 2})
    case = ask(d)
    assert waiting(d, case) == ["store_manager"]
    d.do("store_manager", "kernel.case.approve", case)
    assert waiting(d, case) == ["region_director"]


def test_a_named_person_signs_and_gives_way_to_the_superior_once_gone(d):
    design(d, {"by": "person", "person": d.members["accountant"]})
    assert waiting(d, ask(d)) == ["accountant"]
    with d.inside():
        from yiwei.org.models.employee import Employee
        Employee.objects.filter(pk=d.members["accountant"]).update(state="suspended")
    assert waiting(d, ask(d, name="B", spare_phone="13800002222")) == ["general_manager"]


def test_all_of_a_step_must_sign_or_one_is_enough(d):
    with d.inside():
        from yiwei.org.models.outlet import Outlet
        from yiwei.org.rules.dealers import hire
        d.members["manager_b"] = hire("E-b", "manager_b", "store_manager", Outlet.objects.get(code="S11")).pk
    design(d, {**MANAGER, "mode": "all"}, DIRECTOR)
    case = ask(d)
    assert waiting(d, case) == ["manager_b", "store_manager"]
    d.do("manager_b", "kernel.case.approve", case)
    assert waiting(d, case) == ["store_manager"]
    d.do("store_manager", "kernel.case.approve", case)
    assert waiting(d, case) == ["region_director"]
    design(d, {**MANAGER, "mode": "any"})
    other = ask(d, name="B")
    d.do("manager_b", "kernel.case.approve", other)
    assert customers(d) == ["B"]


def test_conditions_ask_for_amounts_and_outlets(d):
    action = "catalog.grade.edit"
    design(d, MANAGER, action=action, name="deep", conditions=[{"fact": "floor_shift", "op": "ge", "value": "0.05"}])
    grade = d.do("tenant_admin", "catalog.grade.create", code="X", name="X", floor_shift="0", commission_factor="1", rebate_factor="1")
    given = {"code": "X", "name": "X", "commission_factor": "1", "rebate_factor": "1"}
    assert not isinstance(d.do("tenant_admin", action, grade, floor_shift="0.04", **given), Case)
    assert isinstance(d.do("tenant_admin", action, grade, floor_shift="0.05", **given), Case)
    design(d, MANAGER, conditions=[{"fact": "outlet", "op": "in", "value": "Showroom 12，Showroom 21"}])
    assert isinstance(ask(d, outlet=d.outlets["S11"]), Customer)


def test_who_stands_in_signs_for_who_is_away(d):
    today = timezone.localdate()
    with d.inside():
        Delegation.objects.create(of_id=d.members["store_manager"], to_id=d.members["store_manager2"], from_day=today, to_day=today)
    design(d, MANAGER)
    assert waiting(d, ask(d)) == ["store_manager2"]


def test_sent_back_to_an_earlier_step_what_was_signed_since_is_asked_again(d):
    design(d, MANAGER, DIRECTOR, {"by": "position", "position": "general_manager"})
    case = ask(d)
    d.do("store_manager", "kernel.case.approve", case)
    d.do("region_director", "kernel.case.approve", case)
    with pytest.raises((Refused, Invalid)):
        d.do("general_manager", "kernel.case.send_back", case, to="2", reason="to itself")
    d.do("general_manager", "kernel.case.send_back", case, to="0", reason="whose customer is it?")
    assert waiting(d, case) == ["store_manager"]
    d.do("store_manager", "kernel.case.approve", case, comment="ours")
    assert waiting(d, case) == ["region_director"]
    d.do("region_director", "kernel.case.approve", case)
    d.do("general_manager", "kernel.case.approve", case)
    assert customers(d) == ["周敏"]


def test_sent_back_to_who_asked_it_can_be_asked_again_or_withdrawn(d):
    design(d, MANAGER)
    case = ask(d)
    d.do("store_manager", "kernel.case.send_back", case, reason="which house?")
    assert d.get(Case, case).state == "returned" and waiting(d, case) == []
    d.do("guide", "kernel.case.resubmit", case)
    assert waiting(d, case) == ["store_manager"]
    d.do("guide", "kernel.case.withdraw", case)
    assert d.get(Case, case).state == "withdrawn" and customers(d) == []


def test_one_more_signer_and_copies(d):
    design(d, {**MANAGER, "copy": "finance_manager"})
    case = ask(d)
    with d.inside():
        assert Task.objects.get(case=case, copy_only=True).assignee_id == d.members["finance_manager"]
    d.do("store_manager", "kernel.case.add_signer", case, person=d.members["accountant"])
    assert waiting(d, case) == ["accountant", "store_manager"]
    with pytest.raises(Refused):
        d.do("finance_manager", "kernel.case.approve", case)
    d.do("store_manager", "kernel.case.approve", case)
    assert waiting(d, case) == ["accountant"] and customers(d) == []
    d.do("accountant", "kernel.case.approve", case)
    assert customers(d) == ["周敏"]


def test_who_is_asked_by_a_signer_does_not_sign_alone(d):
    design(d, MANAGER)
    case = ask(d)
    d.do("store_manager", "kernel.case.add_signer", case, person=d.members["guide1b"])
    d.do("guide1b", "kernel.case.approve", case)
    assert waiting(d, case) == ["store_manager"] and customers(d) == []
    d.do("store_manager", "kernel.case.approve", case)
    assert customers(d) == ["周敏"]


def late(d, case):
    with d.inside():
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(minutes=1))
        chase()


def told(d, who):
    with d.inside():
        return Notification.objects.filter(member_id=d.members[who]).count()


def test_what_is_late_is_said_again_and_then_the_superior_may_sign(d):
    design(d, MANAGER)
    case = ask(d)
    before = told(d, "store_manager")
    with d.inside():
        chase()
    assert told(d, "store_manager") == before
    late(d, case)
    assert waiting(d, case) == ["region_director", "store_manager"] and told(d, "store_manager") == before + 1
    late(d, case)
    assert waiting(d, case) == ["general_manager", "region_director", "store_manager"]
    d.do("region_director", "kernel.case.approve", case)
    assert customers(d) == ["周敏"] and waiting(d, case) == []


def test_where_only_reminding_is_wanted_nobody_else_is_asked(d):
    design(d, {**MANAGER, "late": "remind", "hours": "0.5"})
    case = ask(d)
    late(d, case)
    assert waiting(d, case) == ["store_manager"]


def test_a_case_finishes_on_its_own_version(d):
    first = design(d, MANAGER)
    case = ask(d)
    d.do("tenant_admin", "kernel.approvalflow.revise", first)
    with pytest.raises(Refused):
        d.do("tenant_admin", "kernel.approvalflow.revise", first)
    with d.inside():
        draft = ApprovalFlow.objects.get(state="draft", name="flow")
        assert (draft.revision, draft.steps) == (2, first.steps)
    d.do("tenant_admin", "kernel.approvalflow.plan", draft, steps=[DIRECTOR])
    d.do("tenant_admin", "kernel.approvalflow.publish", draft)
    assert d.get(ApprovalFlow, first).state == "stopped"
    d.do("store_manager", "kernel.case.approve", case)
    assert customers(d) == ["周敏"] and waiting(d, ask(d, name="B")) == ["region_director"]


def test_a_flow_without_steps_is_not_published(d):
    flow = d.do("tenant_admin", "kernel.approvalflow.create", name="empty", action=ACT)
    with pytest.raises(Refused):
        d.do("tenant_admin", "kernel.approvalflow.publish", flow)


def page(who, address):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client.get(address, headers={"accept-language": "en"}).content.decode()


def test_a_flow_is_drawn_and_tried_out_on_a_real_document(d):
    customer = ask(d)
    flow = design(d, MANAGER, DIRECTOR, action="crm.customer.edit", publish=False)
    register = registry.registers["kernel", "approvalflow"]
    address = register.url("detail", flow.pk)
    assert page("tenant_admin", address).count("within 24 hours") == 2
    tried = page("general_manager", f"{address}?tab=trial&number={customer.phone}")
    assert "as if" not in page("general_manager", f"{address}?tab=trial")
    assert "as if guide asked" in tried and "This flow would stand" in tried
    assert "No document of this number" in page("general_manager", f"{address}?tab=trial&number=nosuch")


def test_who_signed_what_stands_on_the_request(d):
    design(d, MANAGER, DIRECTOR)
    case = ask(d)
    d.do("store_manager", "kernel.case.approve", case, comment="known since spring")
    shown = page("guide", registry.registers["kernel", "case"].url("detail", case.pk))
    assert "known since spring" in shown and "has not signed yet" in shown


def test_what_went_out_of_reach_since_it_was_asked_is_not_done(d):
    customer = ask(d)
    design(d, MANAGER, action="crm.customer.release")
    case = d.do("guide", "crm.customer.release", customer, reason="too far")
    assert isinstance(case, Case)
    with d.inside():
        Customer.objects.filter(pk=customer.pk).update(owner=d.members["guide1b"])
    with pytest.raises(Refused):
        d.do("store_manager", "kernel.case.approve", case)
    assert d.get(Customer, customer).state == "lead" and d.get(Case, case).state == "waiting"


def test_no_flow_stands_before_what_a_second_person_must_do_himself(d):
    for action in ("catalog.bankchange.confirm", "filing.partneraccount.confirm", "filing.designeraccount.confirm"):
        if action in registry.actions:
            with pytest.raises(Invalid):
                design(d, MANAGER, action=action, publish=False)
    assert "catalog.bankchange.confirm" in registry.actions


def test_figures_of_a_request_are_masked_like_those_of_its_row(d):
    flow = design(d, MANAGER, action="rebate.rebateapplication.submit")
    with d.inside("channel_rep"):
        case = Case.start(d.actor("channel_rep"), title="t", action=flow.action, model="rebate.rebateapplication", design=flow,
                          facts={"amount": "7777.77"}, outlet_id=d.outlets["S11"])
        Task.objects.create(case=case, step=0, assignee_id=d.members["store_manager"])
        Task.objects.create(case=case, step=0, assignee_id=d.members["region_director"])
    for address in (registry.registers["kernel", "case"].url("detail", case.pk), "/?stay", "/todo/"):
        assert "7,777.77" not in page("store_manager", address), address
    assert "7,777.77" in page("region_director", "/?stay")


def test_a_request_that_cannot_be_chased_holds_up_no_other(d):
    design(d, MANAGER)
    broken, case = ask(d), ask(d, name="B", spare_phone="13800002222")
    with d.inside():
        other = ApprovalFlow.objects.create(name="odd", action=ACT, state="published", steps=[])
        Case.objects.filter(pk=broken.pk).update(design=other)
        Case.objects.update(due_at=timezone.now() - timedelta(minutes=1))
        chase()
    assert waiting(d, case) == ["region_director", "store_manager"]
