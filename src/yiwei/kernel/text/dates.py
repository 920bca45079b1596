"""Dates and moments as they stand in workbooks."""

import datetime as dt
import re

from .errors import BadValue, shown
from .text import fold

EARLIEST, LATEST = 1900, 2100
ORIGIN = dt.datetime(1899, 12, 30)           # of Excel's own count of days
SERIAL = range(18_264, 73_051)               # 1950 to 2099
CHINA = dt.timezone(dt.timedelta(hours=8))
SECOND, MINUTE, DAY = "second", "minute", "day"
_DATE = re.compile(r"^(\d{4})\s*(?:[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2}))")
_WEEKDAY = re.compile(r"^\s*\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
_TIME = re.compile(r"^[T ]*(?P<half>上午|下午|早上|中午|晚上|凌晨|[ap]\.?m\.?)?\s*(?P<h>\d{1,2})(?::|时|点)(?P<m>\d{1,2})?(?:(?::|分)(?P<s>\d{1,2})?秒?(?:\.\d+)?)?"
                   r"\s*(?P<after>[ap]\.?m\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$", re.I)
_LATER = ("下午", "晚上", "pm", "p.m.")


def date(value):
    """A calendar date; refuses what does not exist (2026-13-45) and what would have to be guessed (3/4/25)."""
    return moment(value).date()


def moment(value):
    """A naive date and time; midnight where only a date is given."""
    return precise(value)[0]


def precise(value):
    """(naive moment, how precisely it is known: day, minute or second). Excel's own numbers of days count, and 20260305 is a day."""
    if isinstance(value, dt.datetime):
        return _sane(value.replace(tzinfo=None), value), _known(value)
    if isinstance(value, dt.date):
        return _sane(dt.datetime(value.year, value.month, value.day), value), DAY
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _counted(value)
        return (value, _known(value)) if isinstance(value, dt.datetime) else precise(value)
    text = fold(value).strip("'") if isinstance(value, str) else ""
    if value is None or (isinstance(value, str) and not text):
        raise BadValue("A date is missing.")
    match = _DATE.match(text)
    if not match:
        raise BadValue("“%(value)s” is not a date; write it as 2026-03-01.", value=shown(value))
    year, *rest = (int(g) for g in match.groups() if g)
    clock, known, zone = _clock(_WEEKDAY.sub("", text[match.end():]), value)
    try:
        found = dt.datetime(year, *rest, *clock)
    except ValueError:
        raise BadValue("There is no such date: “%(value)s”.", value=shown(value)) from None
    if zone is not None:
        found = found.replace(tzinfo=zone).astimezone(CHINA).replace(tzinfo=None)
    return _sane(found, value), known


def _counted(number):
    """The day of a number: Excel's count, or the digits of a date."""
    if number != number or abs(number) > 99_999_999:
        return str(number)
    if int(number) in SERIAL:
        found = ORIGIN + dt.timedelta(days=number)
        return (found + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return f"{int(number)}" if 19_000_101 <= number <= 21_001_231 else str(number)


def _known(value):
    if value.time() == dt.time():
        return DAY
    return SECOND if value.second else MINUTE


def _clock(text, value):
    """((hour, minute, second), how precisely, zone)."""
    if not text.strip():
        return (), DAY, None
    match = _TIME.match(text)
    if not match:
        raise BadValue("“%(value)s” is not a date; write it as 2026-03-01.", value=shown(value))
    hour, half = int(match["h"]), (match["half"] or match["after"] or "").lower()
    if half in _LATER and hour < 12:
        hour += 12
    zone = match["zone"]
    if zone:
        sign = -1 if zone[0] == "-" else 1
        zone = dt.timezone(sign * dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))) if zone[0] in "+-" else dt.UTC
    return (hour, int(match["m"] or 0), int(match["s"] or 0)), SECOND if match["s"] else MINUTE, zone or None


def _sane(found, value):
    if not EARLIEST <= found.year <= LATEST:
        raise BadValue("The year of “%(value)s” cannot be right.", value=shown(value))
    return found
