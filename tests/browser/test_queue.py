"""Lists as work: tabs with counts, decisions in the row, bulk over all that match."""

import pytest
from playwright.sync_api import expect

from yiwei.finance.models.receipt import Receipt
from yiwei.kernel.screens.registers import bulk, listing

from .conftest import PHONE

pytestmark = pytest.mark.browser


def states(house):
    with house.dealer.inside():
        return sorted(Receipt.objects.values_list("state", flat=True))


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_a_list_opens_on_what_waits_with_counts_and_totals(visit, house, size):
    page = visit("store_manager", size=size).go("/r/finance/receipt/")
    expect(page.locator(".queues .on")).to_contain_text("Waiting for me")
    waiting = int(page.locator(".queues .on b").inner_text())
    expect(page.locator("table.rows tbody tr")).to_have_count(waiting)
    expect(page.locator("tfoot .totals")).to_contain_text(f"{waiting} entries")
    page.locator(".queues a", has_text="All").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(len(house.receipts))
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_what_is_looked_for_elsewhere_is_found(visit, house):
    page = visit("store_manager").go("/r/finance/receipt/")
    page.locator("#q").press_sequentially(house.receipts[-1].number, delay=20)
    expect(page.locator(".queues .on")).to_contain_text("All")
    expect(page.locator("table.rows tbody tr")).to_have_count(1)


def test_a_row_is_decided_in_place(visit, house):
    page = visit("store_manager").go("/r/finance/receipt/")
    rows = page.locator("table.rows tbody tr")
    before = rows.count()
    row = rows.first
    pk = row.get_attribute("data-href").split("/")[-2]
    row.locator(".row-do a", has_text="Return").click()
    page.locator("dialog[open] textarea, dialog[open] input.form-control").first.fill("水单看不清")
    page.locator("dialog[open] [data-submit]").click()
    expect(page.locator(f"tr[data-href$='/{pk}/'] .state")).to_have_text("Returned")
    assert page.url.endswith("/r/finance/receipt/") and rows.count() == before


def test_all_that_match_are_decided_at_once_and_the_refused_are_named(visit, house, monkeypatch):
    """Ten receipts in four clicks: tick, all, act, confirm."""
    monkeypatch.setattr(bulk, "PORTION", 3)
    monkeypatch.setattr(listing, "PAGE", 5)
    before = states(house).count("submitted")
    page = visit("store_manager").go("/r/finance/receipt/?queue=all")
    page.locator("[data-pick=all]").click()
    page.locator("[data-pick=match]").click()
    page.locator(".bulk button", has_text="Review").click()
    expect(page.locator("dialog[open]")).to_contain_text(f"{len(house.receipts)} entries · all that match the list")
    page.locator("dialog[open] [data-submit]").click()
    refused = page.locator("dialog[open] .refused li")
    expect(page.locator("dialog[open] [data-ticks]")).to_be_visible()
    assert before and states(house).count("submitted") == 0
    expect(refused).to_have_count(len(house.receipts) - before)
    expect(refused.first).to_contain_text("SJ")
    page.locator("dialog[open] [data-ticks]").click()
    expect(page.locator("[data-pick=one]:checked")).not_to_have_count(0)


def test_a_plain_decision_is_one_click(visit, house):
    """What asks for nothing is done at once, and the next row is there."""
    with house.dealer.inside():
        left = Receipt.objects.filter(state="store_approved").order_by("id").first()
    page = visit("accountant").go("/r/finance/receipt/")
    row = page.locator(f"tr[data-href$='/{left.pk}/']")
    row.locator(".row-do a", has_text="Approve").click()
    expect(row).to_have_count(0)
    expect(page.locator(".note-success")).to_be_visible()
    with house.dealer.inside():
        assert Receipt.objects.get(pk=left.pk).state == "finance_approved"


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_work_is_decided_on_the_to_do_list(visit, house, size):
    """A line by itself, and all of a kind at once, with the number said before."""
    with house.dealer.inside():
        Receipt.objects.filter(state="returned").update(state="submitted")
    page = visit("store_manager", size=size).go("/todo/")
    card = page.locator("section.card", has_text="Receipts to check")
    before = card.locator("li").count()
    card.locator("li").first.locator(".jobs-do a", has_text="Return").click()
    page.locator("dialog[open] textarea, dialog[open] input.form-control").first.fill("水单看不清")
    page.locator("dialog[open] [data-submit]").click()
    expect(page.locator("section.card", has_text="Receipts returned")).to_be_visible()
    assert page.url.endswith("/todo/") and before > 0
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_rows_are_looked_into_beside_the_list(visit, house):
    page = visit("general_manager").go("/r/orders/contract/?queue=all")
    rows = page.locator("#list tbody tr")
    rows.first.hover()
    rows.first.locator("[data-peek]").click()
    drawer = page.locator("dialog.drawer[open]")
    first = drawer.locator("h2").inner_text()
    expect(drawer.locator("[data-peek-step='-1']")).to_be_disabled()
    drawer.locator("[data-peek-step='1']").click()
    expect(drawer.locator("h2")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(drawer.locator("h2")).to_contain_text(first.split()[0])
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    assert "/r/orders/contract/?queue=all" in page.url


def test_a_list_is_walked_by_keyboard(visit, house):
    page = visit("store_manager").go("/r/finance/receipt/?queue=all")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#list tbody tr").nth(1).locator("[data-pick=one]")).to_be_checked()
    page.keyboard.press(" ")
    expect(page.locator("dialog.drawer[open] h2")).to_contain_text("SJ")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator(".detail-head h1")).to_contain_text("SJ")
