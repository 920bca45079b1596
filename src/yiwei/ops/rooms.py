"""The rooms of the house: every package with an `apps.py`, in the order in which they stand on each other."""

from graphlib import TopologicalSorter
from importlib import import_module

from yiwei.ops import paths


def in_order():
    """Names of all rooms, the kernel first, each after those that its DEPENDS names; CycleError where they stand in a ring."""
    names = sorted(found.parent.name for found in paths.PACKAGE.glob("*/apps.py"))
    stands_on = {name: stands_on_of(name) for name in names}
    sorter = TopologicalSorter({name: needs & set(names) for name, needs in stands_on.items()})
    return list(sorter.static_order())


def stands_on_of(name):
    """Rooms that `name` may import: the kernel, and what its DEPENDS names."""
    if name == "kernel":
        return set()
    return {"kernel", *getattr(import_module(f"yiwei.{name}"), "DEPENDS", ())}
