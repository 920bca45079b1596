"""Pictures of ten pages at 1440 and 390 px, light and dark: `./yiwei test tests/browser/shots.py`, into var/shots."""

import pytest

from yiwei.ops import paths

from .conftest import DESK, PHONE, Visitor

TARGET = paths.var("shots")


def pages(scene):
    """Name of the picture -> (who, address, what to do before)."""
    contract, customer, receipt = scene.contracts[7], scene.customers[1], scene.receipts[0]
    return {
        "01-home": ("store_manager", "/", None),
        "02-customers": ("guide", "/r/crm/customer/", None),
        "03-contracts": ("general_manager", "/r/orders/contract/?state=signed", None),
        "04-contract": ("general_manager", f"/r/orders/contract/{contract.pk}/", None),
        "05-new-contract": ("guide", f"/r/orders/contract/new/create/?customer={customer.pk}", lines),
        "06-receipt": ("store_manager", f"/r/finance/receipt/{receipt.pk}/", None),
        "07-action": ("store_manager", f"/r/finance/receipt/{receipt.pk}/", act),
        "08-todo": ("store_manager", "/todo/", None),
        "09-search": ("store_manager", "/search/?q=王海燕", None),
        "10-report": ("general_manager", "/report/receipts-summary/?by=owner&pending=1", None),
        "11-board": ("guide", "/r/crm/customer/board/", None),
        "12-sign-in": (None, "/sign-in/", None),
        "13-refused": ("guide", "/r/org/employee/", None),
        "15-filter": ("general_manager", "/r/finance/receipt/", panel),
        "16-wrong": ("guide", "/r/orders/contract/new/create/", wrong),
        "17-menu": ("store_manager", f"/r/orders/contract/{contract.pk}/", menu),
        "18-me": ("guide", "/notifications/", me),
        "19-password": ("guide", "/password/", None),
        "14-sub": ("price_auditor", "/r/orders/subcontract/", None),
    }


def lines(page):
    box = page.locator(".lines-table [data-row='0'][data-col='0']")
    if box.count():
        box.click()
        page.wait_for_selector(".choices div")
        box.press("Enter")
        page.click("[data-add]")


def act(page):
    page.locator("a[data-modal]:visible").first.click()
    page.wait_for_selector("dialog[open] form")


def panel(page):
    page.click(".filter-more > summary")


def wrong(page):
    page.locator(".entry-foot [data-submit]").click()
    page.wait_for_selector(".field-error")


def menu(page):
    page.locator(".detail-do [data-menu] > summary").click()


def me(page):
    page.locator(".person:visible, .bottom [data-sheet]:visible").first.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_take_pictures(browser, house, width, theme):
    TARGET.mkdir(parents=True, exist_ok=True)
    visitors = {}
    for name, (who, address, before) in pages(house).items():
        if who not in visitors:
            visitors[who] = Visitor(browser, house, who, size=DESK if width == 1440 else PHONE, language="zh-hans", theme=theme)
        page = visitors[who].go(address)
        if before:
            before(page)
        page.wait_for_timeout(700 if "report" in name else 150)
        page.screenshot(path=str(TARGET / f"{name}-{width}-{theme}.png"), full_page=width == 390 and before is None)
    for visitor in visitors.values():
        visitor.context.close()
