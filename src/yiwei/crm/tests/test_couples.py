"""A couple is one customer: both are found, neither is entered twice, and a changed number still leads to them (CRM-05)."""

import pytest

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid

COUPLE = {"name": "周敏", "phone": "13800001111", "joint_name": "陈刚", "joint_phone": "139 0000 2222", "birthday": "1988-05-03",
          "community": "雅溪花园", "address": "3-2-501", "style": "新中式"}


@pytest.fixture
def couple(house):
    answer = house.browser("guide").post("/r/crm/customer/new/create/", COUPLE)
    assert answer.status_code in (204, 302), answer.content.decode()[:500]
    with house.inside():
        return Customer.objects.get(phone="13800001111")


def found(house, text, who="guide"):
    return house.browser(who).get("/r/crm/customer/", {"q": text}).content.decode()


def test_both_are_found_and_shown_on_one_page(house, couple):
    for text in ("陈刚", "2222", "chengang", "周敏"):
        assert couple.number in found(house, text), text
    page = house.browser("guide").get(f"/r/crm/customer/{couple.pk}/").content.decode()
    assert "陈刚" in page and "1988-05-03" in page


def test_the_other_ones_phone_is_masked_for_who_may_not_see_it(house, couple):
    page = house.browser("drawing_auditor").get(f"/r/crm/customer/{couple.pk}/").content.decode()
    assert "13900002222" not in page and "139****2222" in page


def test_the_other_one_is_not_entered_again(house, couple):
    with pytest.raises(Invalid) as caught:
        house.do("guide", "crm.customer.create", name="陈先生", phone="13900002222")
    assert couple.number in caught.value.errors["phone"][0]


def test_a_former_number_still_finds_the_customer_but_may_have_a_new_bearer(house, couple):
    data = {name: getattr(couple, name) for name in ("name", "joint_name", "joint_phone", "birthday", "level")}
    house.do("guide", "crm.customer.edit", couple, **data, phone="13700003333")
    now = house.get(Customer, couple)
    assert (now.phone, now.former_phones) == ("13700003333", ["13800001111"])
    assert couple.number in found(house, "13800001111")
    new = house.do("guide", "crm.customer.create", name="吴静", phone="13800001111")
    assert new.pk != couple.pk
    house.do("guide", "crm.customer.edit", now, **data | {"phone": "13700003334"})
    house.do("guide", "crm.customer.edit", now, **data | {"phone": "13700003333"})
    assert house.get(Customer, couple).former_phones == ["13800001111", "13700003334"]
