"""Employees: taken in, moved, gone, taken back; the tree of the house (SYS-01)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.registry import registers
from yiwei.kernel.models import ApiToken, Case
from yiwei.kernel.screens.exchange.book import load_book
from yiwei.kernel.screens.exchange.run import book_for
from yiwei.kernel.screens.exchange.workbook import write_table
from yiwei.org.jobs import moves_of_the_day
from yiwei.org.models.employee import Delegation, Employee
from yiwei.org.models.move import EmployeeMove
from yiwei.org.models.position import Position

COVERS = "SYS-01"
TODAY = timezone.localdate


def new(dealer, **more):
    with dealer.inside():
        guide = Position.objects.get(code="guide").pk
    return {"number": "N1", "name": "吴芳", "phone": "13900001111", "position": guide, "outlet": dealer.outlets["S11"]} | more


def test_taken_in_through_the_screen_with_several_outlets(dealer, browser):
    client = browser("general_manager")
    more = [dealer.outlets["S12"], dealer.outlets["S21"]]
    answer = client.post("/r/org/employee/new/create/", new(dealer, phone="139 0000 1111", more_outlets=more, skills="kitchens",
                                                           pay_scheme="guide A", superior=dealer.members["store_manager"], entered_on="2026-03-01"))
    assert answer.status_code == 302
    with dealer.inside():
        made = Employee.objects.get(number="N1")
        assert (made.phone, made.more_outlets, made.superior_id) == ("13900001111", sorted(more), dealer.members["store_manager"])
    page = client.get(f"/r/org/employee/{made.pk}/").content.decode()
    for word in ("kitchens", "guide A", "Showroom 12", "Showroom 21", "store_manager"):
        assert word in page
    assert dealer.members["store_manager"]
    from yiwei.kernel.base import directory
    with dealer.inside():
        assert set(directory.load(made.pk).outlet_ids) == {dealer.outlets["S11"], *more}


def test_a_phone_that_a_colleague_has_is_refused_at_the_field(dealer, browser):
    client = browser("general_manager")
    assert client.post("/r/org/employee/new/create/", new(dealer)).status_code == 302
    again = client.post("/r/org/employee/new/create/", new(dealer, number="N2", name="Other"))
    assert again.status_code == 422 and "吴芳 (N1) has this phone already" in again.content.decode()
    wrong = client.post("/r/org/employee/new/create/", new(dealer, number="N2", phone="1390000"))
    assert wrong.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic(), dealer.inside():
        Employee.objects.filter(pk=dealer.members["guide"]).update(phone="13900001111")


def test_re_entry_keeps_the_number(dealer, browser):
    made = dealer.do("general_manager", "org.employee.create", **new(dealer))
    dealer.do("general_manager", "org.employee.leave", made, left_on=str(TODAY()))
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.employee.create", **new(dealer, number="N9"))
    assert "N1" in caught.value.errors["phone"][0]
    answer = browser("general_manager").post(f"/r/org/employee/{made.pk}/do/return/", {
        "entered_on": str(TODAY()), "outlet": dealer.outlets["S12"], "position": made.position_id, "phone": "13900001111"})
    assert answer.status_code == 302
    back = dealer.get(Employee, made)
    assert (back.number, back.state, back.left_on, back.outlet_id) == ("N1", "active", None, dealer.outlets["S12"])


def test_who_has_left_cannot_sign_in_and_his_keys_and_stand_ins_end(dealer, browser):
    from django.test import Client

    from yiwei.kernel.screens.api.views import issue
    guide, heir = dealer.members["guide"], dealer.members["guide1b"]
    with dealer.inside():
        issue(guide, "program")
        Delegation.objects.create(of_id=guide, to_id=heir, from_day=TODAY() - timedelta(days=2), to_day=TODAY() + timedelta(days=5))
        Delegation.objects.create(of_id=heir, to_id=guide, from_day=TODAY() + timedelta(days=2), to_day=TODAY() + timedelta(days=5))
    dealer.do("general_manager", "org.employee.leave", guide, left_on=str(TODAY()), successor=heir)
    with dealer.inside():
        assert not ApiToken.objects.get().active
        assert [d.to_day for d in Delegation.objects.all()] == [TODAY() - timedelta(days=1)]
    assert Client().post("/sign-in/", {"username": "guide@staff", "password": "Passw0rd-for-tests"}).status_code != 302


def test_the_successor_never_signs_what_is_now_his_own_request(dealer):
    """A guide's request waits for the manager, who inherits it: the next in command signs."""
    with dealer.inside():
        from yiwei.kernel.models import ApprovalFlow, Task
        design = ApprovalFlow.objects.first()
        case = Case.start(dealer.actor("guide"), title="x", action=design.action, model="org.employee", design=design, state="waiting")
        Task.objects.create(case=case, step=0, assignee_id=dealer.members["store_manager"])
    dealer.do("general_manager", "org.employee.leave", dealer.members["guide"], left_on=str(TODAY()), successor=dealer.members["store_manager"])
    with dealer.inside():
        assert Case.objects.get(pk=case.pk).owner_id == dealer.members["store_manager"]
        assert case.tasks.get(verdict="").assignee_id == dealer.members["region_director"]


def test_what_is_opened_again_falls_to_who_opens_it(dealer):
    """D-08: a lost customer stays with who lost it as history; won back after that person left, it has an owner at work."""
    made = dealer.do("guide", "crm.customer.create", name="周敏", phone="13800001111")
    dealer.do("guide", "crm.customer.lose", made, reason="price", rival="nobody")
    with dealer.inside():
        from yiwei.kernel.work.handover import pass_on
        assert pass_on(dealer.actor("general_manager"), Employee.objects.get(pk=dealer.members["guide"]), {}) == []
    dealer.do("general_manager", "org.employee.leave", dealer.members["guide"], left_on=str(TODAY()))
    assert dealer.get(Customer, made).owner_id == dealer.members["guide"]
    dealer.do("store_manager", "crm.customer.win_back", made)
    assert dealer.get(Customer, made).owner_id == dealer.members["store_manager"]


def test_a_move_has_a_day_and_changes_what_is_seen_at_once(dealer, browser):
    """D-04: the manager sees the new outlet's customers in the same second; the customer's owner and history stay."""
    with dealer.inside():
        made = Customer.start(dealer.actor("guide"), name="周敏", phone="13800001111")
        manager = Position.objects.get(code="store_manager").pk
    client, address = browser("store_manager2"), f"/r/crm/customer/{made.pk}/"
    assert client.get(address).status_code == 404
    move = {"outlet": dealer.outlets["S11"], "position": manager, "reason": "swap"}
    soon = TODAY() + timedelta(days=3)
    path = f"/r/org/employee/{dealer.members['store_manager2']}/do/move/"
    assert browser("general_manager").post(path, {**move, "from_day": str(soon)}).status_code == 302
    assert client.get(address).status_code == 404
    with dealer.inside():
        EmployeeMove.objects.update(from_day=TODAY())
        moves_of_the_day()
    assert client.get(address).status_code == 200
    found = dealer.get(Customer, made)
    assert (found.owner_id, found.outlet_id) == (dealer.members["guide"], dealer.outlets["S11"])
    page = browser("general_manager").get(f"/r/org/employee/{dealer.members['store_manager2']}/?tab=moves").content.decode()
    assert "Showroom 12" in page and "swap" in page


def test_the_own_rows_go_along_when_a_guide_moves(dealer, browser):
    """D-04 the other way: who moves keeps the own customers, the former manager keeps the outlet's."""
    with dealer.inside():
        made = Customer.start(dealer.actor("guide"), name="周敏", phone="13800001111")
        guide = Position.objects.get(code="guide").pk
    dealer.do("general_manager", "org.employee.move", dealer.members["guide"], outlet=dealer.outlets["S12"], position=guide,
              from_day=str(TODAY()), reason="x")
    assert browser("guide").get(f"/r/crm/customer/{made.pk}/").status_code == 200
    assert browser("store_manager").get(f"/r/crm/customer/{made.pk}/").status_code == 200
    assert browser("store_manager2").get(f"/r/crm/customer/{made.pk}/").status_code == 404


def test_nobody_is_above_himself(dealer):
    manager, guide = dealer.members["store_manager"], dealer.members["guide"]
    with dealer.inside():
        Employee.objects.filter(pk=guide).update(superior=manager)
        row = Employee.objects.get(pk=manager)
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.employee.edit", manager, number=row.number, name=row.name, superior=guide)
    assert "superior" in caught.value.errors


def test_a_workbook_with_bad_rows_gives_them_back(dealer, tmp_path):
    book = tmp_path / "staff.xlsx"
    write_table(book, ["工号", "姓名", "岗位", "网点", "手机"], [
        ["B1", "甲", "导购", "Showroom 11", "13911110001"], ["B2", "乙", "没有的岗位", "Showroom 11", ""],
        ["B3", "丙", "导购", "Showroom 11", "13911110001"]])
    actor = dealer.actor("tenant_admin")
    outcome = load_book(actor, book_for(registers["org", "employee"], actor)(actor), book)
    assert (outcome.added, [n for n, _row, _why in outcome.refused]) == (1, [3, 4])
    assert "甲" in outcome.refused[1][2][0]


def test_the_tree_of_the_house(dealer, browser):
    client = browser("general_manager")
    page = client.get("/report/organisation/").content.decode()
    assert "Region 1" in page and "Showroom 21" in page and "guide1b" in page and '"tree"' in page
    rows = client.get("/api/v1/report/organisation").json()["rows"]
    names = [r["unit"].strip() for r in rows]
    assert names.index("Region 1") < names.index("Showroom 11") < names.index("guide") < names.index("Region 2")
    assert browser("guide").get("/report/organisation/").status_code == 403


def test_only_the_heads_change_people(dealer, browser):
    for who in ("guide", "store_manager", "finance_manager"):
        client = browser(who)
        assert client.get("/r/org/employee/new/create/").status_code == 403
        assert client.get(f"/r/org/employee/{dealer.members['guide1b']}/do/leave/").status_code in (403, 404)
    with pytest.raises(Refused):
        dealer.do("general_manager", "org.employee.leave", dealer.members["general_manager"], left_on=str(TODAY()))
    assert browser("general_manager").get("/r/org/employee/export/").status_code == 200
