"""How many clicks the day's work costs; a choice from a list counts two, typing none."""

import pytest
from playwright.sync_api import expect

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import FollowUp
from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.models.receipt import Receipt
from yiwei.org.models.user import User
from yiwei.service.models.care import Ticket

from .picker import choose

pytestmark = pytest.mark.browser


class Hand:
    """Clicks and counts."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, selector, **more):
        self.clicks += 1
        found = self.page.locator(selector, **more).first
        found.click()
        return self

    def choose(self, field, text):
        self.clicks += 2
        choose(self.page, f"id_{field}", text)
        return self

    def key(self, field, text):
        """Choose by keyboard alone."""
        self.page.focus(f".field:has(#id_{field}) .ts-control input")
        self.page.keyboard.type(text, delay=20)
        self.page.locator(".ts-dropdown:visible .option", has_text=text).first.wait_for()
        self.page.keyboard.press("Enter")
        return self

    def type(self, field, text):
        self.page.fill(f"#id_{field}", text)
        return self

    def submit(self):
        return self.click("dialog[open] [data-submit], main [data-submit]")


def test_a_visitor_becomes_a_customer(visit, house):
    page = visit("guide", language="zh-hans").go("/")
    hand = Hand(page).click(".btn-new").click(".dropdown-item", has_text="登记客流")
    hand.type("phone", "13711112222").type("name", "赵客人").submit()
    expect(page.locator(".detail-head h1")).to_be_visible()
    hand.click("[data-verb=to_customer]")
    hand.submit()
    page.wait_for_url("**/r/crm/customer/*/")
    expect(page.locator(".detail-head h1")).to_contain_text("赵客人")
    assert hand.clicks <= 8
    with house.dealer.inside():
        assert Customer.objects.filter(phone="13711112222").exists()


def test_a_follow_up_is_logged_from_the_customers_page(visit, house):
    page = visit("guide", language="zh-hans").go(f"/r/crm/customer/{house.customers[1].pk}/")
    hand = Hand(page)
    if not page.locator("a[data-verb=log]:visible").count():
        hand.click(".detail-do details[data-menu]:not(.onward) > summary")
    hand.click("a[data-verb=log]")
    page.locator("dialog[open] textarea").first.fill("约了周末看样")
    hand.submit()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert hand.clicks <= 3
    with house.dealer.inside():
        assert FollowUp.objects.filter(customer=house.customers[1]).exists()


def test_a_deposit_from_the_customers_page(visit, house):
    customer = house.customers[7]
    page = visit("guide", language="zh-hans").go(f"/r/crm/customer/{customer.pk}/")
    hand = Hand(page).click(".tile a", has_text="收款")
    expect(page.locator("#id_amount")).to_be_visible()
    hand.type("amount", "3000").choose("method", "转账").submit()
    expect(page.locator(".detail-head h1")).to_contain_text("SJ")
    assert hand.clicks <= 5
    with house.dealer.inside():
        made = Receipt.objects.order_by("-id").first()
        assert (made.customer_id, made.amount) == (customer.pk, 3000)
    page = visit("guide", language="zh-hans").go(f"/r/crm/customer/{customer.pk}/")
    expect(page.locator(".tile", has_text="待审收款")).to_contain_text("3,000.00")


def test_a_filing_is_judged(visit, house):
    with house.dealer.inside():
        partner = ChannelPartner.objects.create(code="Q1", name="名雕装饰")
        clerk = house.dealer.actor("channel_rep")
        filing = Filing.start(clerk, name="冯先生", phone="13655556666", partner=partner, state="submitted", outlet_id=house.dealer.outlets["S11"])
    page = visit("channel_manager", language="zh-hans").go("/todo/")
    hand = Hand(page).click("li .jobs-do a", has_text="同意").submit()
    expect(page.locator("li .jobs-do a")).to_have_count(0)
    assert hand.clicks <= 3
    with house.dealer.inside():
        assert Filing.objects.get(pk=filing.pk).state == "approved"


def test_a_customer_found_by_four_digits_complains(visit, house):
    customer = house.customers[5]
    page = visit("service_agent", language="zh-hans").go("/")
    page.keyboard.press("Control+k")
    page.keyboard.type(customer.phone[-4:], delay=20)
    hand = Hand(page).click("#found .hit", has_text=customer.name)
    hand.click(".onward > summary").click(".onward a", has_text="新建工单")
    hand.type("text", "台面有裂").submit()
    expect(page.locator(".detail-head h1")).to_be_visible()
    assert hand.clicks <= 6
    with house.dealer.inside():
        assert Ticket.objects.order_by("-id").first().customer_id == customer.pk


def test_an_employee_with_a_sign_in(visit, house):
    page = visit("general_manager", language="zh-hans").go("/r/org/employee/")
    hand = Hand(page).click("a", has_text="新建员工")
    hand.type("number", "E-900").type("name", "林新人").type("phone", "13512340000").key("position", "导购").choose("outlet", "红星")
    hand.submit()
    expect(page.locator(".detail-head h1")).to_contain_text("林新人")
    hand.click("a[data-verb=give_sign_in]").submit()
    expect(page.locator(".note-success", has_text="密码")).to_be_visible()
    assert hand.clicks <= 7
    with house.dealer.inside():
        assert User.objects.filter(member__name="林新人").exists()
