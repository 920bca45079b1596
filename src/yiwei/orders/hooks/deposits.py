"""When a customer first paid: told by the room of receipts, asked by promotions (the earliest deposit date counts)."""

TELLERS = []


def first_deposit(fn):
    """Register the function that knows: `fn(customer_id)` -> the day of the first effective money, or None."""
    TELLERS.append(fn)
    return fn


def earliest(customer_id):
    """The day of a customer's first deposit, or None."""
    days = [day for day in (fn(customer_id) for fn in TELLERS) if day]
    return min(days, default=None)
