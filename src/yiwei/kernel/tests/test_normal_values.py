"""Dates, money, areas, text."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwei.kernel.text import BadValue, area, budget, clean_text, csv_safe, date, excel_safe, moment, money
from yiwei.kernel.text.numerals import number


@pytest.mark.parametrize("value", ["2026-03-01", "2026/03/01", "2026.3.1", "2026年03月01日", "2026年3月1号", "20260301", "２０２６-０３-０１",
                                   "'2026-03-01", "2026-03-01 09:30", dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 9, 30)])
def test_dates(value):
    assert date(value) == dt.date(2026, 3, 1)


def test_moments():
    assert moment("2026-03-01 09:30") == dt.datetime(2026, 3, 1, 9, 30)
    assert moment("2026/3/1 9:05:07") == dt.datetime(2026, 3, 1, 9, 5, 7)


@pytest.mark.parametrize("value", ["2026-13-45", "2026-02-29", "3/4/25", "", None, "abc", "0001-01-01", "2026-03-01 25:00",
                                   "2026-03-01 and more", "2026-3"])
def test_dates_refused(value):
    with pytest.raises(BadValue):
        date(value)


@pytest.mark.parametrize("value, yuan", [("15w", 150000), ("12万", 120000), ("¥1,200.5", Decimal("1200.50")), ("5万", 50000), (120000.0, 120000),
                                         ("1.5万元", 15000), ("８千", 8000), ("十万", 100000), ("一百二十万", 1200000), ("0", 0), (0.1 + 0.2, Decimal("0.3"))])
def test_money(value, yuan):
    assert money(value) == yuan


@pytest.mark.parametrize("value, low, high", [("8-10万", 80000, 100000), ("8万~10万", 80000, 100000), ("8至10万", 80000, 100000), ("5万", 50000, 50000),
                                              ("30000-50000", 30000, 50000)])
def test_budgets(value, low, high):
    assert budget(value) == (low, high)


@pytest.mark.parametrize("value", ["-1", -1, "abc", "", None, "1.234", "1,2", "一千五", "8-10万", "9" * 14, float("nan"), "=1+1"])
def test_money_refused(value):
    with pytest.raises(BadValue):
        money(value)


def test_budget_refused():
    with pytest.raises(BadValue, match="from the larger to the smaller"):
        budget("10-8万")


@pytest.mark.parametrize("value, metres", [("110㎡", 110), ("140平", 140), ("89.0 m2", 89), (128.5, Decimal("128.5")), ("120平方米", 120), ("89m²", 89)])
def test_areas(value, metres):
    assert area(value) == metres


@pytest.mark.parametrize("value", ["-5", -5.0, "0", "平", "", None, "1e9", "100001", "大"])
def test_areas_refused(value):
    with pytest.raises(BadValue):
        area(value)


@pytest.mark.parametrize("text, value", [("二十", 20), ("十二", 12), ("一五〇一", 1501), ("一千五百零一", 1501), ("两百", 200), ("12", 12), ("一千五", None),
                                         ("十百", None), ("abc", None)])
def test_numerals(text, value):
    assert number(text) == value


def test_text_keeps_markup_as_text():
    assert clean_text("  <script>alert(1)</script>\x00\u202e ") == "<script>alert(1)</script>"
    assert excel_safe("=HYPERLINK(\"x\")\x07") == "=HYPERLINK(\"x\")"
    assert len(excel_safe("字" * 40_000)) == 32_767
    assert csv_safe("=1+1") == "'=1+1"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(-10**6, 10**16), st.none()))
def test_any_value_is_read_or_refused(value):
    for read in (date, money, budget, area):
        try:
            read(value)
        except BadValue:
            pass


@given(st.decimals(0, 10**9, places=2))
def test_amounts_survive(value):
    assert money(str(value)) == money(f"¥{value:,}") == value
