"""Ids as they come from outside: in addresses, forms and JSON."""

LARGEST = 2**63 - 1


def id_of(value):
    """The id that `value` (a row, a number or its digits) stands for, or None. Never raises."""
    value = getattr(value, "pk", value)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            return None
        value = int(value)
    return value if 0 < value <= LARGEST else None
