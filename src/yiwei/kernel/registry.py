"""Everything the rooms have declared, by name."""

actions = {}       # "orders.contract.submit" -> Action
registers = {}     # ("orders", "contract") -> Register subclass
reports = {}       # "receipts" -> Report subclass
reactions = {}     # action name -> [function]
workbench = []     # functions that add blocks to an actor's first page


class Twice(Exception):
    """The same name was declared a second time."""


def add(shelf, key, value):
    """Put `value` on `shelf`; refuse a second owner of the same key."""
    if key in shelf and shelf[key] is not value:
        raise Twice(f"{key} is declared twice")
    shelf[key] = value
    return value


def actions_of(model):
    """Actions of one model in the order they were declared."""
    return [a for a in actions.values() if a.model is model]


def register_of(model):
    """The main register of a model, or None."""
    for register in registers.values():
        if register.model is model and register.main:
            return register
    return None
