"""Money, budgets and areas as people write them."""

import re
from decimal import Decimal, InvalidOperation

from yiwei.kernel.base.money import CENT, MOST_MONEY, MOST_QUANTITY

from .errors import BadValue, shown
from .numerals import CHARACTERS, number
from .text import fold

LEAST_BUDGET = Decimal("500")
MOST_AREA = Decimal("100000")
_UNITS = {"": 1, "元": 1, "块": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_FIGURE = re.compile(rf"^(-?\d+(?:,\d{{3}})*(?:\.\d+)?|-?\.\d+|[{CHARACTERS}]+?)(千|k|万|w|亿)?(?:元|块|圆)?(?:整|人民币|rmb)?$", re.I)
_AREA = re.compile(r"^(-?\d+(?:\.\d+)?)\s*(?:平方米|平方|平米|平|方|㎡|m2|m\^2|sqm)?$", re.I)
_QUANTITY = re.compile(r"^(-?\d+(?:\.\d+)?)[\u4e00-\u9fffa-z²㎡]{0,4}$", re.I)
_RANGE = re.compile(r"\s*(?:-|~|至|到|—)\s*(?=[\d¥一二三四五六七八九十两])")


def money(value):
    """An amount in yuan, two places: 15w, 12万, ¥1,200.5."""
    low, high = _parts(value)
    if high is not None:
        raise BadValue("“%(value)s” is a range, not an amount.", value=shown(value))
    return low


def signed_money(value):
    """An amount that may be taken back: -500, (500.00), （500）, 退500."""
    text = _text(value, "An amount is missing.").replace(" ", "")
    back = re.match(r"^(?:-|−|退款?|\()(.+?)\)?$", text)
    if back and (not text.startswith("(") or text.endswith(")")):
        return -money(back.group(1))
    return money(value)


def discount(value):
    """A discount as the part that is paid: 8.8折, 88% and 0.88 are 0.88; 88折 is 0.88 too."""
    match = re.match(r"^(-?\d+(?:\.\d+)?)(折|%)?$", _text(value, "A discount is missing.").replace(" ", ""))
    if not match:
        raise BadValue("“%(value)s” is not a discount.", value=shown(value))
    figure, unit = Decimal(match.group(1)), match.group(2)
    found = figure / 100 if unit == "%" or (unit and figure > 10) else figure / 10 if unit else figure
    if abs(found) > 2:
        raise BadValue("“%(value)s” is not a discount.", value=shown(value))
    return found.quantize(Decimal("0.0001"))


def budget(value):
    """An amount, or a range of two: 8-10万 -> (80000, 100000); a single figure gives it twice; 10万+ has no upper end.

    Figures so small that 万 was surely meant and not written (15-20) are refused rather than taken for yuan.
    """
    text = _text(value, "An amount is missing.")
    above = re.match(r"^(.+?)(?:\+|以上|起)$", text)
    low, high = (money(above.group(1)), None) if above else _parts(value)
    if low < LEAST_BUDGET or (high is not None and high < LEAST_BUDGET):
        raise BadValue("“%(value)s”: yuan or 万? Write it as 15-20万.", value=shown(value))
    if above:
        return low, None
    if high is not None and high < low:
        raise BadValue("“%(value)s” runs from the larger to the smaller amount.", value=shown(value))
    return low, low if high is None else high


def area(value):
    """Square metres, two places: 110㎡, 140平, 89.0 m2."""
    text = re.sub(r"约|大概|左右|建面|套内|使用面积|建筑面积|[:：]", "", _text(value, "An area is missing.").replace("m²", "m2").replace(" ", ""))
    match = _AREA.match(text)
    if not match:
        raise BadValue("“%(value)s” is not an area.", value=shown(value))
    found = Decimal(match.group(1))
    if found <= 0:
        raise BadValue("An area must be above zero: “%(value)s”.", value=shown(value))
    if found > MOST_AREA:
        raise BadValue("The area “%(value)s” cannot be right.", value=shown(value))
    return found.quantize(CENT)


def quantity(value):
    """A quantity, three places: 25.5, 3樘."""
    text = re.sub(r"[\s,]", "", _text(value, "A quantity is missing."))
    match = _QUANTITY.match(text)
    if not match:
        raise BadValue("“%(value)s” is not a quantity.", value=shown(value))
    found = Decimal(match.group(1))
    if abs(found) > MOST_QUANTITY:
        raise BadValue("The quantity “%(value)s” cannot be right.", value=shown(value))
    return found.quantize(Decimal("0.001"))


def _parts(value):
    text = re.sub(r"[¥￥$]|约|大概|预算|左右|上下|以内|之内|以下|之间|内$|人民币|rmb|[(（].*?[)）]|[:：]|\s", "", _text(value, "An amount is missing."), flags=re.I)
    if text.startswith("-"):
        raise BadValue("An amount cannot be negative: “%(value)s”.", value=shown(value))
    parts = [p for p in _RANGE.split(text) if p]
    if not 1 <= len(parts) <= 2:
        raise BadValue("“%(value)s” is not an amount.", value=shown(value))
    figures = [_figure(part, value) for part in parts]
    if len(figures) == 1:
        return _yuan(*figures[0], value), None
    (low, low_unit), (high, high_unit) = figures
    return _yuan(low, low_unit or high_unit, value), _yuan(high, high_unit, value)


def _figure(part, value):
    match = _FIGURE.match(part)
    if not match:
        raise BadValue("“%(value)s” is not an amount.", value=shown(value))
    digits, unit = match.group(1), (match.group(2) or "").lower()
    try:
        figure = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        found = number(digits)
        if found is None:
            raise BadValue("“%(value)s” is not an amount.", value=shown(value)) from None
        figure = Decimal(found)
    return figure, unit


def _yuan(figure, unit, value):
    amount = figure * _UNITS[unit]
    if amount < 0:
        raise BadValue("An amount cannot be negative: “%(value)s”.", value=shown(value))
    if amount > MOST_MONEY:
        raise BadValue("The amount “%(value)s” is too large.", value=shown(value))
    if amount != amount.quantize(CENT):
        raise BadValue("“%(value)s” has more than two decimal places.", value=shown(value))
    return amount.quantize(CENT)


def _text(value, missing):
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise BadValue("“%(value)s” is not a number.", value=shown(value))
        return format(Decimal(repr(round(value, 6))).normalize(), "f")
    text = "" if value is None or isinstance(value, bool) else fold(value).strip("'")
    if not text:
        raise BadValue(missing)
    return text
