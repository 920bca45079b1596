"""Everything the rooms have declared, by name."""

actions = {}       # "orders.contract.submit" -> Action
registers = {}     # ("orders", "contract") -> Register subclass
books = {}         # "员工" -> Book subclass
reports = {}       # "receipts" -> Report subclass
reactions = {}     # action name -> [function]
causes = {}        # "crm.silent" -> Cause: what may be forgotten
workbench = []     # functions that add blocks to an actor's first page
roles = {}         # right -> roles that have it unless the tenant decides otherwise
labels = {}        # right that is neither a list's nor an action's -> what it is called


class Twice(Exception):
    """The same name was declared a second time."""


def add(shelf, key, value):
    """Put `value` on `shelf`; refuse a second owner of the same key."""
    if key in shelf and shelf[key] is not value:
        raise Twice(f"{key} is declared twice, by {_told(shelf[key])} and {_told(value)}: give one of them another name or slug")
    shelf[key] = value
    return value


def _told(value):
    """Where something was declared."""
    made = getattr(value, "fn", value)
    return f"{made.__module__}.{made.__qualname__}" if hasattr(made, "__qualname__") else repr(value)


def must_be_base(cls, lacks):
    """A class that cannot register itself is a mere base, and says so by its name."""
    if not cls.__name__.startswith("_"):
        raise TypeError(f"{cls.__name__} has no `{lacks}`; if it is a mere base of others, let its name begin with “_”")


def grant(right, names, label=None):
    """Give a right to the named roles (words in one string) by default; one that stands for itself has a label."""
    if not isinstance(names, str):
        raise TypeError(f"{right}: roles are words in one text, such as \"guide store_manager\", not {names!r}")
    if label is not None:
        labels[right] = label
    roles.setdefault(right, set()).update(names.split())


def actions_of(model):
    """Actions of one model in the order they were declared."""
    return [a for a in actions.values() if a.model is model]


def register_of(model):
    """The main register of a model, or None."""
    for register in registers.values():
        if register.model is model and register.main:
            return register
    return None
