"""Positions: what a holder would see, duties that conflict, and who holds one for a while (SYS-02)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel import directory
from yiwei.kernel.action.errors import Invalid
from yiwei.org.models.employee import Employee
from yiwei.org.models.position import Position

COVERS = "SYS-02"


def position(dealer, code):
    with dealer.inside():
        return Position.objects.get(code=code)


def test_see_as_shows_menu_actions_masks_and_scope(dealer, browser):
    auditor = position(dealer, "drawing_auditor")
    page = browser("general_manager").get(f"/r/org/position/{auditor.pk}/").content.decode()
    panel = page[page.index("See as a holder"):]
    for word in ("Phones", "Costs", "Sub-contracts", "Drawing passed", "company"):
        assert word in panel, word
    assert "Sign contract" not in panel and "Data taken out" not in panel
    assert browser("store_manager").get(f"/r/org/position/{auditor.pk}/").status_code == 403


def test_conflicting_duties_are_named(dealer, browser):
    client = browser("general_manager")
    cashier, designer = position(dealer, "cashier"), position(dealer, "designer")
    assert "Conflicting duties" in client.get(f"/r/org/position/{cashier.pk}/").content.decode()
    assert "Conflicting duties" not in client.get(f"/r/org/position/{designer.pk}/").content.decode()
    with dealer.inside():
        Position.objects.filter(pk=cashier.pk).update(allow=["-finance.receipt.finance_approve"])
    assert "Conflicting duties" not in client.get(f"/r/org/position/{cashier.pk}/").content.decode()


def test_a_change_is_in_force_at_the_next_click(dealer, browser):
    client, guide = browser("guide"), position(dealer, "guide")
    assert client.get("/r/crm/customer/").status_code == 200
    answer = browser("general_manager").post(f"/r/org/position/{guide.pk}/do/edit/", {
        "code": "guide", "name": "guide", "data_scope": "own", "allow": '["-crm.customer.*"]', "scopes": "{}", "masks": ["cost", "margin"],
        "special_quota": "0"})
    assert answer.status_code == 302
    assert client.get("/r/crm/customer/").status_code == 403
    with dealer.inside():
        assert Position.objects.get(pk=guide.pk).masks == ["cost", "margin"]
    wrong = browser("general_manager").post(f"/r/org/position/{guide.pk}/do/edit/", {
        "code": "guide", "name": "guide", "data_scope": "own", "allow": "[]", "scopes": "{}", "masks": ["cosst"], "special_quota": "0"})
    assert wrong.status_code == 422 and "cosst" in wrong.content.decode()


def test_acting_manager_for_two_weeks(dealer, browser):
    """The guide has the manager's rights and rows for these days beside the own, and loses them by themselves."""
    today = timezone.localdate()
    with dealer.inside():
        made = Customer.start(dealer.actor("guide1b"), name="周敏", phone="13800001111")
    client, address = browser("guide"), f"/r/crm/customer/{made.pk}/"
    assert client.get(address).status_code == 404
    data = {"of": dealer.members["store_manager"], "to": dealer.members["guide"], "acting": "on", "from_day": str(today),
            "to_day": str(today + timedelta(days=13))}
    assert browser("general_manager").post("/r/org/delegation/new/create/", data).status_code == 302
    assert client.get(address).status_code == 200
    acting = dealer.actor("guide")
    assert acting.can("crm.customer.transfer") and acting.can("crm.customer.create") and acting.data_scope == "outlet"
    assert str(acting.limits["discount_floor"]) == "0.8800" and "店长" in acting.position_name
    from yiwei.org.models.employee import Delegation
    with dealer.inside():
        Delegation.objects.update(from_day=today - timedelta(days=20), to_day=today - timedelta(days=1))
    assert client.get(address).status_code == 404
    assert not dealer.actor("guide").can("crm.customer.transfer")


def test_a_vacant_position_is_held_and_signed_for(dealer):
    today = timezone.localdate()
    with dealer.inside():
        manager = Employee.objects.get(pk=dealer.members["store_manager"])
    dealer.do("general_manager", "org.employee.leave", manager, left_on=str(today), successor=dealer.members["guide"])
    data = {"to": dealer.members["guide"], "from_day": str(today), "to_day": str(today + timedelta(days=13)), "acting": True}
    with pytest.raises(Invalid):
        dealer.do("general_manager", "org.delegation.create", **data)
    dealer.do("general_manager", "org.delegation.create", **data, position=manager.position_id, outlet=manager.outlet_id)
    with dealer.inside():
        assert directory.holders(["store_manager"], manager.outlet_id) == [dealer.members["guide"]]
    assert dealer.actor("guide").data_scope == "outlet"
