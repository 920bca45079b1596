"""Positions: what a holder would see, duties that conflict, and who holds one for a while (SYS-02)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Invalid
from yiwei.org.models.employee import Employee
from yiwei.org.models.position import Position
from yiwei.org.rules import rights
from yiwei.org.rules.presets import POSITIONS

COVERS = "SYS-02"


def position(dealer, code):
    with dealer.inside():
        return Position.objects.get(code=code)


def test_see_as_shows_menu_actions_masks_and_scope(dealer, browser):
    auditor = position(dealer, "drawing_auditor")
    page = browser("general_manager").get(f"/r/org/position/{auditor.pk}/").content.decode()
    panel = page[page.index("See as a holder"):]
    for word in ("Phones", "Costs", "Sub-contracts", "Pass drawing", "company"):
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


def test_rights_are_ticked_by_list_and_kept_as_few_deviations(dealer, browser):
    """SYS-02: what is ticked holds at the next click, what is not known stays, patterns stay."""
    guide = position(dealer, "guide")
    with dealer.inside():
        Position.objects.filter(pk=guide.pk).update(allow=["stock.*", "-crm.*", "-x.y.z"])
        guide.refresh_from_db()
        before = rights.held(guide)
    client, colleague = browser("general_manager"), browser("guide")
    page = client.get(f"/r/org/position/{guide.pk}/do/rights/").content.decode()
    assert "Purchase orders" in page and "crm.customer.view" in page and "Change targets of months" in page
    assert colleague.get("/r/crm/customer/").status_code == 403 and colleague.get("/r/stock/purchaseorder/").status_code == 200
    ticked = {}
    for module, groups in rights.groups().items():
        wanted = (before | {"crm.customer.view"}) - {"stock.purchaseorder.view"}
        ticked[module] = [right for _list, found in groups for right, _label in found if right in wanted]
    edit = client.get(f"/r/org/position/{guide.pk}/do/edit/").content.decode()
    assert '<input type="hidden" name="allow" value="[&quot;stock.*&quot;' in edit      # the plain form carries them along
    assert client.post(f"/r/org/position/{guide.pk}/do/rights/", ticked).status_code == 302
    assert colleague.get("/r/crm/customer/").status_code == 200 and colleague.get("/r/stock/purchaseorder/").status_code == 403
    made = position(dealer, "guide")
    with dealer.inside():
        assert rights.held(made) == wanted
    shown = client.get(f"/r/org/position/{guide.pk}/").content.decode()
    assert "− Purchase orders: See it" in shown and "Costs、Margins、Rebates" in shown
    assert "stock.*" in made.allow and "-x.y.z" in made.allow and "-crm.*" not in made.allow
    own = position(dealer, "general_manager")
    assert client.post(f"/r/org/position/{own.pk}/do/rights/", {}).status_code == 422 and position(dealer, "general_manager").allow == ["*"]
    assert browser("store_manager").get(f"/r/org/position/{guide.pk}/do/rights/").status_code == 403


@pytest.mark.parametrize("code", sorted(POSITIONS))
def test_ticking_nothing_new_changes_nothing(dealer, code):
    found = position(dealer, code)
    with dealer.inside():
        assert rights.deviations(found, rights.held(found)) == found.allow


def test_rows_by_list(dealer, browser):
    guide = position(dealer, "guide")
    with dealer.inside():
        made = Customer.start(dealer.actor("guide1b"), name="周敏", phone="13800001111")
    colleague, address = browser("guide"), f"/r/crm/customer/{made.pk}/"
    assert colleague.get(address).status_code == 404
    dealer.do("general_manager", "org.position.scopes", guide, scopes=[{"kind": "crm.customer", "scope": "outlet"}])
    assert colleague.get(address).status_code == 200
    with pytest.raises(Invalid):
        dealer.do("general_manager", "org.position.scopes", guide, scopes=[{"kind": "crm.customer", "scope": "all"}])


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
