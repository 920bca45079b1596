"""How well suppliers do: told by the rooms that order from them and claim from them."""

TELLERS = []


def tells(fn):
    """Register a function that measures a supplier: `fn(actor, supplier)` -> metric cards."""
    TELLERS.append(fn)
    return fn


def figures_of(actor, supplier):
    """The metric cards of a supplier."""
    return [card for fn in TELLERS for card in fn(actor, supplier)]
