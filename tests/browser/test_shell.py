"""The shell in a browser: menu, lists, forms, dialogs, the line editor, appearance, phone."""

import pytest
from playwright.sync_api import expect

from yiwei.kernel.base import registry

from .conftest import PHONE

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_said_on_the_sign_in_page(visit, house):
    page = visit(None).go("/sign-in/")
    page.fill("#username", "nobody@house")
    page.fill("#password", "wrong")
    page.click("[data-submit]")
    expect(page.locator(".note-danger")).to_contain_text("wrong")
    expect(page.locator("#username")).to_have_value("nobody@house")


def test_the_menu_leads_to_a_list_that_filters_sorts_and_opens(visit, house):
    page = visit("general_manager").go("/")
    page.locator(".nav-mod summary", has_text="Orders").click()
    page.locator(".nav-items a", has_text="Contracts").first.click()
    expect(page.locator(".nav-items a.on")).to_have_text("Contracts")
    rows = page.locator("table.rows tbody tr")
    expect(page.locator(".queues .on")).to_contain_text("Waiting for me")
    expect(rows).to_have_count(2)
    page.locator(".queues a", has_text="All").click()
    expect(page.locator(".queues .on")).to_contain_text("All")
    before = rows.count()
    page.click(".filter-more > summary")
    page.select_option("#f-state", "draft")
    expect(page.locator(".chip").first).to_contain_text("Draft")
    expect(rows).to_have_count(2)
    assert before > 2 and "state=draft" in page.url
    page.keyboard.press("Escape")
    page.locator(".chip").first.click()
    expect(rows).to_have_count(before)
    page.locator("th a.sort", has_text="Net amount").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Net amount")
    amounts = [float(t.replace(",", "")) for t in page.locator("tbody td.k-money:nth-child(7)").all_inner_texts()]
    assert amounts == sorted(amounts, reverse=True)
    expect(page.locator("tfoot .totals")).to_contain_text(f"{before} entries")
    rows.first.locator("td").nth(3).click()
    expect(page.locator(".detail-head h1")).to_contain_text("HT")


def test_searching_while_typing_keeps_the_focus(visit, house):
    page = visit("general_manager").go("/r/orders/contract/")
    page.locator("#q").press_sequentially("0003", delay=60)
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("0003")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").press_sequentially("王海燕")
    expect(page.locator("#found .hit", has_text="HT")).to_have_count(1)


def test_a_form_marks_the_wrong_field_and_then_saves(visit, house):
    """The customer's form where there is one, otherwise the product's."""
    act = registry.actions.get("crm.customer.create")
    who, model = ("guide", act.model) if act else ("general_manager", registry.actions["catalog.product.create"].model)
    register = registry.register_of(model)
    page = visit(who).go(register.url("new", verb="create"))
    page.click(".entry-foot [data-submit]")
    expect(page.locator(".field.has-error .field-error").first).to_be_visible()
    expect(page.locator("form[data-entry]:not([data-busy])")).to_have_count(1)
    if act:
        page.fill("#id_phone", "13900002222")
    for box in page.locator(".field.has-error input.form-control").all():
        name = box.get_attribute("name")
        box.fill({"phone": "13900002222"}.get(name, "88" if box.get_attribute("type") == "number" else f"新{name}"))
    for box in page.locator(".field.has-error .ts-control input").all():
        box.click()
        page.locator(".ts-dropdown:visible .option").first.click()
    for box in page.locator(".field.has-error select.form-select:visible").all():
        box.select_option(index=1)
    page.click(".entry-foot [data-submit]")
    page.wait_for_url("**" + register.url() + "*/", wait_until="load")
    expect(page.locator(".detail-head h1")).to_be_visible()


def test_an_action_asks_in_a_dialog_and_goes_through_once(visit, house):
    page = visit("store_manager").go(f"/r/finance/receipt/{house.receipts[0].pk}/")
    page.locator("[data-verb=store_approve]").click()
    expect(page.locator("dialog[open] h2")).to_be_visible()
    page.locator("dialog [data-close]").first.click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("[data-verb=store_approve]").click()
    page.locator("dialog[open] [data-submit]").dblclick()
    expect(page.locator(".detail-head .state")).to_have_text("Checked by store")
    with house.dealer.inside():
        from yiwei.kernel.records.document import Timeline
        done = Timeline.objects.filter(action="finance.receipt.store_approve", object_id=house.receipts[0].pk)
        assert done.count() == 1


def test_an_action_with_a_field_shows_its_error_in_the_dialog(visit, house):
    page = visit("store_manager").go(f"/r/finance/receipt/{house.receipts[1].pk}/")
    page.locator("[data-verb=store_return], [data-verb=return], [data-verb=store_reject]").first.click()
    page.locator("dialog[open] [data-submit]").click()
    expect(page.locator("dialog[open] .field-error")).to_be_visible()
    page.locator("dialog[open] textarea, dialog[open] input.form-control").first.fill("水单看不清")
    page.locator("dialog[open] [data-submit]").click()
    expect(page.locator(".timeline-list")).to_contain_text("水单看不清")


def test_a_remark_and_a_photo(visit, house):
    page = visit("store_manager", size=PHONE).go(f"/r/finance/receipt/{house.receipts[2].pk}/")
    page.fill(".say input[name=text]", "客户已付定金")
    page.click(".say button")
    expect(page.locator(".timeline-list .said").first).to_have_text("客户已付定金")
    photo = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060000000"
                          "0500010d0a2db40000000049454e44ae426082")
    page.locator(".camera input").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": photo})
    expect(page.locator(".file b")).to_have_text("现场.png")


def test_who_comes_second_is_told_what_changed(visit, house):
    address = f"/r/finance/receipt/{house.receipts[3].pk}/"
    first, second = visit("finance_manager").go(address), visit("accountant").go(address)
    for page in (first, second):
        page.locator("[data-verb=finance_approve]").click()
        expect(page.locator("dialog[open] [data-submit]")).to_be_visible()
    first.locator("dialog[open] [data-submit]").click()
    expect(first.locator(".detail-head .state")).to_have_text("Effective")
    second.locator("dialog[open] [data-submit]").click()
    note = second.locator("dialog[open] .note-warning")
    expect(note).to_contain_text("did “Approve”")
    expect(note.locator("a")).to_have_attribute("href", address)


def test_many_rows_at_once(visit, house):
    page = visit("general_manager").go("/r/catalog/product/")
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("[data-pick=one]").nth(0).check()
    page.locator("[data-pick=one]").nth(1).check()
    expect(page.locator(".bulk-count b")).to_have_text("2")
    page.locator(".bulk button", has_text="Disable").click()
    expect(page.locator("dialog[open]")).to_contain_text("2 entries")
    page.locator("dialog[open] [data-submit]").click()
    expect(page.locator(".note-success")).to_contain_text("2")


def cell(page, row, col):
    return page.locator(f".lines-table [data-row='{row}'][data-col='{col}']")


QUANTITY = 7  # the column, after what it is worked out from


def test_lines_by_keyboard_and_from_excel(visit, house):
    visitor = visit("guide")
    page = visitor.go(f"/r/orders/contract/new/create/?customer={house.customers[1].pk}")
    page.locator(".field", has_text="Contract module").locator(".ts-control").click()
    page.locator(".ts-dropdown:visible .option").first.click()
    cell(page, 0, 0).click()
    cell(page, 0, 0).press_sequentially("CAB-01")
    expect(page.locator(".choices div")).to_have_count(1)
    cell(page, 0, 0).press("Enter")
    expect(cell(page, 0, 1)).to_be_focused()
    cell(page, 0, QUANTITY).fill("2")
    cell(page, 0, QUANTITY).press("Enter")
    expect(cell(page, 1, 0)).to_be_focused()
    text = "WRD-12\\t主卧\\t2400x600\\t原木\\t\\t\\t\\t3\\nDOR-07\\t次卧\\t\\t\\t\\t\\t\\tabc\\nXXX-99\\t书房\\t\\t\\t\\t\\t\\t1"
    cell(page, 1, 0).evaluate(
        "(el, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
        " el.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }",
        text.replace("\\t", "\t").replace("\\n", "\n"))
    expect(page.locator(".lines-table tbody tr")).to_have_count(4)
    expect(cell(page, 1, 0)).to_have_value("衣柜柜体 · 颗粒板原木 WRD-12")
    expect(page.locator(".lines-table td.bad")).to_contain_text("Not found")
    page.locator(".lines-table tr:nth-child(4) .lines-drop").click()
    expect(page.locator(".lines-table tbody tr")).to_have_count(3)
    page.click(".entry-foot [data-submit]")
    wrong = page.locator(".lines-table td.bad")
    expect(wrong).to_have_count(1)
    expect(wrong.locator("input")).to_have_value("abc")
    cell(page, 2, QUANTITY).fill("4")
    page.click(".entry-foot [data-submit]")
    expect(page.locator(".detail-head h1")).to_contain_text("HT")
    with house.dealer.inside():
        from yiwei.orders.models.contract import ContractLine
        newest = ContractLine.objects.order_by("-id")[:3]
        assert sorted((ln.product.code, int(ln.qty), ln.room) for ln in newest) == [
            ("CAB-01", 2, ""), ("DOR-07", 4, "次卧"), ("WRD-12", 3, "主卧")]


def test_the_dark_appearance_is_kept_without_a_flash(visit, house):
    visitor = visit("guide")
    page = visitor.go("/")
    page.click(".person")
    page.locator(".drop-me [data-theme-choice=dark]:visible").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.add_init_script("document.addEventListener('DOMContentLoaded', () => {"
                         " window.early = document.documentElement.dataset.bsTheme; })")
    visitor.go("/todo/")
    assert page.evaluate("window.early") == "dark"
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 21)"


def ten(house):
    contract = house.contracts[7].pk
    return ["/", "/todo/", "/search/?q=王海燕", "/notifications/", "/password/", "/r/orders/contract/", f"/r/orders/contract/{contract}/",
            "/r/orders/contract/new/create/", "/r/finance/receipt/", f"/r/finance/receipt/{house.receipts[2].pk}/",
            "/r/catalog/product/", "/r/orders/subcontract/", *[r.url() for r in list(registry.reports.values())[:3]],
            *[r.url("board") for r in registry.registers.values() if r.board][:1]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_sticks_out_on_a_phone(visit, house, theme):
    visitor = visit("general_manager", size=PHONE, theme=theme)
    for address in ten(house):
        page = visitor.go(address)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), address
    page.locator(".bottom [data-side]").click()
    expect(page.locator(".side")).to_be_in_viewport()
    page.locator(".side-shade").click(position={"x": 380, "y": 400})
    expect(page.locator(".side")).not_to_be_in_viewport()
    page.locator(".bottom [data-sheet]").click()
    expect(page.locator("dialog#me")).to_be_visible()


def test_no_page_displeases_the_browser(visit, house):
    """Console errors and refusals by the content security policy fail in `visit`."""
    visitor = visit("general_manager")
    for address in ten(house):
        visitor.go(address)
        visitor.page.wait_for_load_state("networkidle")
    visitor = visit("tenant_admin")
    for register in registry.registers.values():
        if register.allowed(house.dealer.actor("tenant_admin")):
            visitor.go(register.url())
