"""Dates and moments as they stand in workbooks."""

import datetime as dt
import re

from .errors import BadValue, shown
from .text import fold

EARLIEST, LATEST = 1900, 2100
_DATE = re.compile(r"^(\d{4})\s*(?:[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2}))")
_TIME = re.compile(r"^[T ]*(\d{1,2})(?::|时|点)(\d{1,2})(?:(?::|分)(\d{1,2})?秒?(?:\.\d+)?)?$")


def date(value):
    """A calendar date; refuses what does not exist (2026-13-45) and what would have to be guessed (3/4/25)."""
    return moment(value).date()


def moment(value):
    """A naive date and time; midnight where only a date is given."""
    if isinstance(value, dt.datetime):
        return _sane(value.replace(tzinfo=None), value)
    if isinstance(value, dt.date):
        return _sane(dt.datetime(value.year, value.month, value.day), value)
    text = fold(value).strip("'") if isinstance(value, str) else ""
    if value is None or (isinstance(value, str) and not text):
        raise BadValue("A date is missing.")
    match = _DATE.match(text)
    if not match:
        raise BadValue("“%(value)s” is not a date; write it as 2026-03-01.", value=shown(value))
    year, *rest = (int(g) for g in match.groups() if g)
    clock = _clock(text[match.end():], value)
    try:
        return _sane(dt.datetime(year, *rest, *clock), value)
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("There is no such date: “%(value)s”.", value=shown(value)) from None


def _clock(text, value):
    if not text.strip():
        return ()
    match = _TIME.match(text)
    if not match:
        raise BadValue("“%(value)s” is not a date; write it as 2026-03-01.", value=shown(value))
    return tuple(int(g or 0) for g in match.groups())


def _sane(found, value):
    if not EARLIEST <= found.year <= LATEST:
        raise BadValue("The year of “%(value)s” cannot be right.", value=shown(value))
    return found
