"""When a supplier's bill is due, by his terms (FIN-03, BAS-12)."""

from calendar import monthrange
from datetime import date, timedelta


def due_day(terms, days, billed):
    """The day a bill of the day `billed` is to be paid.

    Prepaid and cash: at once. Monthly and quarterly: so many days after the month or quarter in which it was billed.
    """
    if terms in ("prepaid", "cash"):
        return billed
    month = billed.month if terms == "monthly" else (billed.month + 2) // 3 * 3
    return date(billed.year, month, monthrange(billed.year, month)[1]) + timedelta(days=days)
