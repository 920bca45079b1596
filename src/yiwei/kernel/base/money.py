"""Money in yuan with two places, half-up, never float."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MILLI = Decimal("0.001")
ZERO = Decimal("0.00")
MOST_MONEY = Decimal("9999999999.99")   # beyond it an amount is a slip of the pen
MOST_QUANTITY = Decimal("10000000")


def round2(value):
    """Round to the cent, half-up (domain rule for every line)."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def money_text(value):
    """An amount as people read it: 1,234.50; nothing for None."""
    return "" if value is None else f"{Decimal(value):,.2f}"


def percent(part, whole, places=2):
    """part ÷ whole as a percentage, or None where the whole is zero."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def share(total, weights):
    """Split `total` pro rata to `weights`, half-up; the last takes the remainder.

    >>> share(Decimal("3000"), [Decimal("36960"), Decimal("57800")])
    [Decimal('1170.11'), Decimal('1829.89')]
    """
    total, weights = Decimal(total), [Decimal(w) for w in weights]
    whole = sum(weights)
    if not weights:
        return []
    if not whole:
        return [ZERO] * (len(weights) - 1) + [round2(total)]
    parts = [round2(total * w / whole) for w in weights[:-1]]
    return [*parts, round2(total) - sum(parts, ZERO)]


def share_within(total, limits):
    """As `share`, but no part is below zero or above its own limit; what does not fit moves to the line before.

    `total` lies between zero and the sum of the limits.

    >>> share_within(Decimal("0.04"), [Decimal("0.01")] * 11)[-5:]
    [Decimal('0.00'), Decimal('0.01'), Decimal('0.01'), Decimal('0.01'), Decimal('0.01')]
    """
    parts, carried = share(total, limits), ZERO
    for at in range(len(parts) - 1, -1, -1):
        wanted = parts[at] + carried
        parts[at] = min(max(wanted, ZERO), Decimal(limits[at]))
        carried = wanted - parts[at]
    return parts
