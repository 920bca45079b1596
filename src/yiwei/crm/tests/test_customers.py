"""Customers: duplicates, passing on, the pool, losing; who sees whom."""

import pytest

from yiwei.crm.models.customer import Customer, Handover
from yiwei.crm.models.followup import FollowUp
from yiwei.kernel.base.errors import Forbidden, Invalid, NotFound, Refused
from yiwei.kernel.models import Notification, Timeline


def customer(house, who="guide", **more):
    data = {"name": "周敏", "phone": "138 0000 1111", "community": "雅溪花园", "address": "3-2-501", "anyway": "on"}
    return house.do(who, "crm.customer.create", **data | more)


def test_one_form_makes_customer_and_house(house):
    made = customer(house, phone="+86 138-0000-1111")
    with house.inside():
        assert made.phone == "13800001111"
        flat = made.houses.get()
        assert (flat.community, flat.building, flat.unit, flat.room) == ("雅溪花园", "3", "2", "501")


def test_a_wrong_number_is_named_at_its_field(house):
    with pytest.raises(Invalid) as caught:
        customer(house, phone="1380000111")
    assert list(caught.value.errors) == ["phone"]


def test_a_known_phone_is_refused_naming_the_owner_to_those_who_may_see(house):
    first = customer(house)
    with pytest.raises(Invalid) as caught:
        customer(house, "store_manager", name="李强")
    assert "guide" in caught.value.errors["phone"][0] and first.number in caught.value.errors["phone"][0]


def test_a_stranger_learns_only_that_the_phone_is_registered(house):
    first = customer(house)
    with pytest.raises(Invalid) as caught:
        customer(house, "guide2", name="李强", phone="", spare_phone="13800001111", wechat="x")
    text = str(caught.value.errors)
    assert list(caught.value.errors) == ["spare_phone"]
    assert first.number not in text and "周敏" not in text and "guide" not in text


def test_transfer_keeps_history_and_tells_both(house):
    made = customer(house)
    house.do("guide", "crm.followup.plan", customer=made, due_on="2099-01-01")
    house.do("store_manager", "crm.customer.transfer", made, owner=house.members["guide1b"], reason="holiday")
    with house.inside():
        passed = Handover.objects.get(customer=made)
        assert (passed.before_id, passed.after_id) == (house.members["guide"], house.members["guide1b"])
        assert FollowUp.objects.get(customer=made).owner_id == house.members["guide1b"]
        told = set(Notification.objects.filter(model="crm.customer").values_list("member_id", flat=True))
        assert told == {house.members["guide"], house.members["guide1b"]}
        assert Timeline.objects.filter(model="crm.customer", action="crm.customer.transfer", text="holiday").exists()
    with pytest.raises(NotFound):
        house.do("guide", "crm.customer.lose", made, reason="x")


def test_the_pool_can_be_claimed_by_the_outlet_only(house):
    made = customer(house)
    house.do("guide", "crm.customer.release", made, reason="no time")
    with pytest.raises(NotFound):
        house.do("guide2", "crm.customer.claim", made)
    house.do("guide1b", "crm.customer.claim", made)
    found = house.get(Customer, made)
    assert (found.owner_id, found.state) == (house.members["guide1b"], "lead")


def test_claims_have_a_daily_quota(house):
    made = [customer(house, phone=f"1380000111{n}") for n in range(6)]
    for one in made:
        house.do("guide", "crm.customer.release", one, reason="no time")
    for one in made[:5]:
        house.do("guide1b", "crm.customer.claim", one)
    with pytest.raises(Refused):
        house.do("guide1b", "crm.customer.claim", made[5])


def test_nobody_sees_the_pool_s_phone_before_claiming(house):
    made = customer(house)
    house.do("guide", "crm.customer.release", made, reason="no time")
    page = house.browser("guide1b").get(f"/r/crm/customer/{made.pk}/")
    assert page.status_code == 200 and "13800001111" not in page.content.decode()
    assert house.api("guide1b").get(f"/api/v1/crm/customer/{made.pk}").json()["phone"] == "138****1111"


def test_lost_needs_a_reason(house):
    made = customer(house)
    with pytest.raises(Invalid):
        house.do("guide", "crm.customer.lose", made, reason="")
    house.do("guide", "crm.customer.lose", made, reason="price", rival="Other brand")
    assert house.get(Customer, made).state == "lost"


def test_a_stage_cannot_be_typed(house):
    made = customer(house)
    house.do("guide", "crm.customer.edit", made, name="周敏", phone="13800001111", state="ordered")
    assert house.get(Customer, made).state == "lead"


@pytest.mark.parametrize("slug", ["customer", "house", "visit", "followup", "designtask"])
def test_a_guide_meets_only_own_rows(house, slug):
    """D-01: list, search, page and API of every register."""
    mine = customer(house)
    house.do("guide", "crm.followup.plan", customer=mine, due_on="2099-01-01")
    task = house.do("guide", "crm.designtask.assign", customer=mine, designer=house.members["designer"])
    visit = house.do("guide", "crm.visit.register", phone="13900000000", name="周敏")
    with house.inside():
        rows = {"customer": mine.pk, "house": mine.houses.get().pk, "visit": visit.pk, "designtask": task.pk,
                "followup": FollowUp.objects.get().pk}
    for who, seen in (("guide", True), ("guide1b", False), ("guide2", False), ("store_manager", True),
                      ("store_manager2", False), ("region_director", True), ("region_director3", False)):
        web, api = house.browser(who), house.api(who)
        assert web.get(f"/r/crm/{slug}/{rows[slug]}/").status_code == (200 if seen else 404), who
        assert api.get(f"/api/v1/crm/{slug}/{rows[slug]}").status_code == (200 if seen else 404), who
        assert len(api.get(f"/api/v1/crm/{slug}").json()["results"]) == (1 if seen else 0), who
        if slug == "customer":
            assert len(api.get("/api/v1/crm/customer?q=13800001111").json()["results"]) == (1 if seen else 0), who
            assert (f"/r/crm/customer/{mine.pk}/" in web.get("/search/?q=周敏").content.decode()) is seen, who


def test_auditors_see_rows_of_the_company_with_masked_phones(house):
    """D-02 and D-05: masked in list, page and export; a reveal is kept."""
    made = customer(house)
    for who in ("drawing_auditor", "cashier"):
        page = house.browser(who).get(f"/r/crm/customer/{made.pk}/").content.decode()
        assert "138****1111" in page and "13800001111" not in page
        assert "13800001111" not in house.browser(who).get("/r/crm/customer/").content.decode()
        assert house.api(who).get("/api/v1/crm/customer").json()["results"][0]["phone"] == "138****1111"


def test_a_reveal_writes_who_and_why(house):
    made = customer(house)
    client = house.browser("general_manager")
    answer = client.post(f"/r/crm/customer/{made.pk}/reveal/phone/", {"why": "call back"})
    assert answer.content.decode() == "13800001111"
    with house.inside():
        line = Timeline.objects.get(model="crm.customer", object_id=made.pk, action="reveal")
        assert (line.actor_name, line.text) == ("general_manager", "call back")
    assert house.browser("cashier").post(f"/r/crm/customer/{made.pk}/reveal/phone/").status_code == 403


def test_designers_see_only_assigned_customers(house):
    """D-03."""
    made = customer(house)
    assert house.api("designer").get(f"/api/v1/crm/customer/{made.pk}").status_code == 404
    house.do("guide", "crm.customer.assign_designer", made, designer=house.members["designer"])
    assert house.api("designer").get(f"/api/v1/crm/customer/{made.pk}").status_code == 200
    assert house.api("designer2").get(f"/api/v1/crm/customer/{made.pk}").status_code == 404


def test_changing_outlet_moves_what_a_manager_sees(house):
    """D-04: at once, and history stays where it was."""
    made = customer(house)
    with house.inside():
        from yiwei.org.models.employee import Employee
        manager = Employee.objects.get(pk=house.members["store_manager2"])
        manager.outlet_id = house.dealer.outlets["S11"]
        manager.save()
    assert house.api("store_manager2").get(f"/api/v1/crm/customer/{made.pk}").status_code == 200
    assert house.get(Customer, made).owner_id == house.members["guide"]


def test_sharing_opens_one_customer_to_a_colleague(house):
    made, other = customer(house), customer(house, name="李强", phone="13800002222")
    house.do("store_manager", "crm.customer.share", made, member=house.members["guide2"], percent="30")
    assert house.api("guide2").get(f"/api/v1/crm/customer/{made.pk}").status_code == 200
    assert house.api("guide2").get(f"/api/v1/crm/customer/{other.pk}").status_code == 404
    house.do("store_manager", "crm.customer.unshare", made, member=house.members["guide2"])
    assert house.api("guide2").get(f"/api/v1/crm/customer/{made.pk}").status_code == 404


def test_who_leaves_must_hand_over_first(house):
    """D-08: named at the field; with a successor the customers go along, and the change is kept."""
    made = customer(house)
    with pytest.raises(Invalid) as caught:
        house.do("general_manager", "org.employee.leave", house.members["guide"], left_on="2026-01-01")
    assert "successor" in caught.value.errors
    house.do("general_manager", "org.employee.leave", house.members["guide"], left_on="2026-01-01", successor=house.members["guide2"])
    moved = house.get(Customer, made)
    assert (moved.owner_id, moved.outlet_id) == (house.members["guide2"], house.dealer.outlets["S12"])
    with house.inside():
        assert Handover.objects.get(customer=made).before_id == house.members["guide"]


def test_a_guide_cannot_transfer(house):
    with pytest.raises(Forbidden):
        house.do("guide", "crm.customer.transfer", customer(house), owner=house.members["guide1b"], reason="x")
