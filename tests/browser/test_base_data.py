"""Base data in a browser: rows dragged into order, a year of targets pasted from a spreadsheet."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.catalog.models.target import TargetPlan

pytestmark = pytest.mark.browser

DRAG = """([from, to]) => {
  const rows = document.querySelectorAll("tbody[data-drag] tr"), data = new DataTransfer(), box = rows[to].getBoundingClientRect();
  const fire = (row, name, y) => row.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true, clientY: y }));
  fire(rows[from], "dragstart", 0); fire(rows[to], "dragover", box.bottom - 2); fire(rows[to], "drop", box.bottom - 2);
  fire(rows[from], "dragend", 0);
}"""


def names(house):
    with house.dealer.inside():
        return list(UnfinishedItem.objects.order_by("place").values_list("name", flat=True))


def test_a_row_is_dragged_behind_another(visit, house):
    before = names(house)
    page = visit("general_manager").go("/r/catalog/unfinisheditem/")
    with page.expect_response(lambda r: "/do/place/" in r.url) as answer:
        page.evaluate(DRAG, [0, 2])
    assert answer.value.status in (200, 204)
    assert names(house) == [*before[1:3], before[0], *before[3:]]
    expect(page.locator("tbody tr").nth(2)).to_contain_text(before[0])


def test_a_year_of_targets_is_pasted(visit, house):
    year = timezone.localdate().year + 1
    plan = house.dealer.do("store_manager", "catalog.targetplan.create", year=year, metric="collected", outlet=house.dealer.outlets["S11"])
    page = visit("store_manager").go(f"/r/catalog/targetplan/{plan.pk}/do/fill/")
    cell = page.locator('[data-row="0"][data-col="1"]')
    sheet = "\n".join("\t".join(f"{1000 * (row + 1) + month:,}" for month in range(1, 13)) for row in range(3))
    cell.evaluate("(el, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
                  " el.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }", sheet)
    expect(page.locator('[data-row="2"][data-col="12"]')).to_have_value("3012")
    page.click(".entry-foot [data-submit]")
    expect(page.locator(".detail-head h1")).to_be_visible()
    with house.dealer.inside():
        rows = TargetPlan.objects.get(pk=plan.pk).cells.values()
        assert sorted(row[11] for row in rows)[-3:] == ["1012", "2012", "3012"] or {"1012.00", "2012.00", "3012.00"} <= {row[11] for row in rows}
