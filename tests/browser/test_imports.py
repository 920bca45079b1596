"""A dealer's dirty workbook on screen, from the preview to the return, and the review of what it brought into conflict."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import expect

from yiwei.crm.models.customer import Customer
from yiwei.filing.models.filing import Filing
from yiwei.kernel.screens.exchange.models import ImportRun
from yiwei.kernel.screens.exchange.run import work
from yiwei.org.models.outlet import Outlet

from .conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("YIWEI_SHOTS")


def look(page, name):
    """Keep a picture where somebody wants to look at it; nothing may be wider than the page."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def book(path, *rows):
    made = xlsxwriter.Workbook(str(path))
    for name in ("填写示例", "3月"):
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return path


def run_waiting(house):
    """What the job does."""
    with house.dealer.inside():
        waiting = list(ImportRun.objects.filter(state="waiting").values_list("pk", flat=True))
    for pk in waiting:
        work(house.dealer.id, pk)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_workbook_is_tried_looked_at_and_loaded(visit, house, tmp_path, size):
    mark = "8" if size is DESK else "7"
    with house.dealer.inside():
        outlet = Outlet.objects.get(pk=house.dealer.outlets["S11"])
        guide = house.dealer.actor("guide").name
    today = f"{timezone.localdate():%Y/%m/%d}"
    path = book(tmp_path / "客户登记.xlsx", ["登记时间", "门店", "导购", "客户名称", "联系电话", "第二联系电话", "预算", "地址", "朝向"],
                [today, outlet.name, guide, f"周敏{mark}", f"1390000{mark}111", "无", "面议", "云庭花园3栋1单元17-2", "南"],
                [today, "没有的店", guide, "吴静", f"1390000{mark}112", "", "", "", ""], ["合计", "", "", "共计2户"])
    page = visit("store_manager", size=size, language="zh-hans").go("/r/crm/customer/import/")
    page.set_input_files("input[type=file]", str(path))
    page.click("[data-submit]")
    run_waiting(house)
    expect(page.locator(".run .state").first).to_contain_text("待确认", timeout=15000)
    expect(page.locator(".run")).to_contain_text("没有的店")
    expect(page.locator(".run")).to_contain_text("面议")
    look(page, f"import-preview-{size['width']}")
    with house.dealer.inside():
        assert not Customer.objects.filter(name=f"周敏{mark}").exists()
    page.click("button[name=load]")
    run_waiting(house)
    expect(page.locator(".run .state").first).to_contain_text("已完成", timeout=15000)
    look(page, f"import-done-{size['width']}")
    with house.dealer.inside():
        assert "面议" in Customer.objects.get(name=f"周敏{mark}").remark
    with page.expect_download() as got:
        page.click("a[href*=refused]")
    assert got.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_review_of_imported_conflicts(visit, house, size):
    d = house.dealer
    with d.inside():
        if not Filing.objects.filter(import_row=1).exists():
            _conflicts(house)
        rows = list(Filing.objects.filter(import_row=1).exclude(conflict=""))
    page = visit("channel_manager", size=size, language="zh-hans").go("/r/filing/filing-review/?state=held")
    look(page, f"review-list-{size['width']}")
    for n, row in enumerate(rows[:3]):
        page.goto(f"{house.url}/r/filing/filing-review/{row.pk}/")
        expect(page.locator(".evidence").first).to_be_visible()
        look(page, f"review-{n}-{size['width']}")


def _conflicts(house):
    """Twenty filings of a book of which the days are known and not the hours, against the house's customers."""
    from yiwei.filing.models.partner import ChannelPartner
    from yiwei.filing.rules import evidence
    from yiwei.kernel.records import search
    partner = ChannelPartner.objects.create(code="CX", name="华景装饰")
    made = []
    for n, customer in enumerate(house.customers[:20]):
        home = customer.houses.first()
        phone = customer.phone if n % 3 == 0 else customer.phone[:6] + customer.phone[7] + customer.phone[6] + customer.phone[8:] if n % 3 == 1 else ""
        made.append(Filing.objects.create(
            number=f"BB-IM-{n:03d}", state="submitted", name=customer.name[0] + "女士" if n % 2 else customer.name, phone=phone, partner=partner,
            community=home.community, address=f"{home.building}栋2单元16-02", import_row=1, filed_known="day",
            filed_at=timezone.now() - timedelta(days=n % 4)))
    search.add_keys(made)
    evidence.freeze_many(made)
