"""Each thing a page does by htmx or script, done once by a hand at a browser."""

import pytest
from playwright.sync_api import expect

from yiwei.kernel.base.message import Message
from yiwei.kernel.testing import PASSWORD
from yiwei.kernel.work.notify.send import tell
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.position import Position
from yiwei.org.rules.dealers import hire, sign_in

from .conftest import PHONE

pytestmark = pytest.mark.browser
PLAN = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 plan"}


def somebody_masked(house):
    """A colleague who sees every customer, and phones only for a reason."""
    with house.dealer.inside():
        position = Position(code="masked", name="客服", base="general_manager", allow=["*"], data_scope="company", masks=["phone"])
        position.save()
        member = hire("E-masked", "masked", "masked", Outlet.objects.get(code="S11"))
        sign_in(member, f"masked@{house.dealer.code}", PASSWORD)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_bell_opens_its_messages_in_the_readers_language(visit, house, size):
    with house.dealer.inside():
        tell([house.dealer.members["storekeeper"]], Message("Task %(n)s is confirmed.") % {"n": "RW-7"})
    page = visit("storekeeper", size=size).go("/")
    page.locator("summary[aria-label=Notifications]").click()
    expect(page.locator(".drop-bell .notes li").first).to_contain_text("Task RW-7 is confirmed.")
    page = visit("storekeeper", size=size, language="zh-hans").go("/")
    page.locator("summary[aria-label=消息], summary[aria-label=通知]").click()
    expect(page.locator(".drop-bell .notes li").first).to_contain_text("RW-7 已确认")


def test_a_phone_number_is_shown_once_a_reason_is_given(visit, house):
    somebody_masked(house)
    page = visit("masked").go(f"/r/crm/customer/{house.customers[0].pk}/")
    cell = page.locator(".masked").first
    expect(cell).to_contain_text("****")
    page.once("dialog", lambda d: d.accept("回访"))
    page.locator(".reveal").first.click()
    expect(cell).to_have_text(house.customers[0].phone)


def test_tabs_of_a_row_change_in_place(visit, house):
    page = visit("general_manager").go(f"/r/crm/customer/{house.customers[7].pk}/")
    before = page.url
    tabs = page.locator("#tabs [role=tab]")
    for n in range(tabs.count()):
        name = tabs.nth(n).inner_text()
        tabs.nth(n).click()
        expect(page.locator("#tabs [role=tab][aria-selected=true]")).to_have_text(name)
    assert page.url == before


def test_a_refused_form_keeps_files_and_fields(visit, house):
    page = visit("designer").go("/r/orders/designversion/new/upload/")
    page.locator("input[type=file]").first.set_input_files(PLAN)
    page.click(".entry-foot [data-submit]")
    expect(page.locator(".field-error").first).to_be_visible()
    assert page.locator("input[type=file]").first.evaluate("i => i.files[0] && i.files[0].name") == "plan.pdf"
    box = page.locator(".field.has-error .ts-control input").first
    box.click()
    page.locator(".ts-dropdown:visible .option").first.click()
    page.click(".entry-foot [data-submit]")
    expect(page.locator(".detail-head h1")).to_be_visible()
    with house.dealer.inside():
        from yiwei.kernel.models import Attachment
        assert Attachment.objects.order_by("-id").first().name == "plan.pdf"


def test_rights_are_searched_among_hundreds(visit, house):
    with house.dealer.inside():
        guide = Position.objects.get(code="guide")
    page = visit("general_manager").go(f"/r/org/position/{guide.pk}/do/rights/")
    ticks = page.locator("div.ticks label:has(input):visible")
    before = ticks.count()
    page.fill("[data-tick-search]", "receipts approve")
    expect(ticks).not_to_have_count(before)
    assert 0 < ticks.count() < 5 and all("Approve" in t for t in ticks.all_inner_texts())
    page.fill("[data-tick-search]", "")
    expect(ticks).to_have_count(before)
    assert not page.locator("div.ticks", has_text="Let expire").count()


def test_the_action_of_a_flow_is_searched_under_system(visit, house):
    page = visit("general_manager").go("/r/kernel/approvalflow/new/create/")
    expect(page.locator(".nav-items a.on")).to_be_attached()
    assert page.locator("details.nav-mod[open] summary").inner_text().strip() == "System"
    page.locator(".ts-control").first.click()
    page.keyboard.type("write off")
    options = page.locator(".ts-dropdown:visible .option")
    expect(options.first).to_contain_text("Write off")
    assert options.count() < 10


def test_the_palette_leads_to_pages_things_to_make_and_rows(visit, house):
    page = visit("guide", language="zh-hans").go("/todo/")
    page.keyboard.press("Control+k")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("xjht", delay=20)   # the initials of “New contract”
    hit = page.locator("#found .hit", has_text="新建合同")
    expect(hit).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/orders/contract/new/create/")
    page.keyboard.press("Control+k")
    page.keyboard.type("王海燕", delay=20)
    expect(page.locator("#found .hit", has_text="HT")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".detail-head h1, .page-list h1").first).to_be_visible()


def test_nothing_is_looked_for_while_characters_are_composed(visit, house):
    page = visit("guide", language="zh-hans").go("/todo/")
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "/search/" in r.url else None)
    page.focus("#find")
    page.evaluate("""() => { const box = document.getElementById("find");
      box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
      box.value = "wang"; box.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true })); }""")
    page.wait_for_timeout(500)
    assert asked == []
    page.evaluate("""() => { const box = document.getElementById("find"); box.value = "王海燕";
      box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })); }""")
    expect(page.locator("#found .hit").first).to_be_visible()
    assert len(asked) == 1


def test_a_chart_shows_its_figures_under_the_pointer(visit, house):
    """Without a style that the content security policy would refuse: `visit` fails on any complaint."""
    page = visit("general_manager").go("/report/receipts-summary/?by=owner&pending=1")
    box = page.locator("[data-chart]").first
    expect(box.locator("canvas")).to_be_visible()
    for x in (120, 300, 500):
        box.hover(position={"x": x, "y": 150})
    page.wait_for_timeout(300)
