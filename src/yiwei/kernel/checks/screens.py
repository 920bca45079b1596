"""Registers, reports and what waits: labels, menu, columns, filters, tabs, forms."""

from django.core.exceptions import FieldDoesNotExist

from yiwei.kernel.base import registry
from yiwei.kernel.screens.registers.columns import KINDS, RIGHT, Column
from yiwei.kernel.screens.registers.listing import RESERVED, Filter, filters_of
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Register
from yiwei.kernel.screens.reports.report import Report
from yiwei.kernel.screens.shell.context import MODULES

from .words import error, lost, unknown

COLUMN_KINDS = {"text", "link", "state", "phone", "tags", "note", "", *RIGHT, *(kind for _field, kind in KINDS)}
FILTER_KINDS = {"select", "picker", "bool", "date", "date_range", "text"}


def problems():
    for cls in registry.registers.values():
        yield from _of_both(cls, Register)
        yield from register(cls)
    for cls in registry.reports.values():
        yield from _of_both(cls, Report)
        yield from report(cls)
    yield from _pending()
    for model in {cls.model for cls in registry.registers.values()}:
        main = [cls.__name__ for cls in registry.registers.values() if cls.model is model and cls.main]
        if len(main) > 1:
            yield error(15, ", ".join(main), f"each is the main register of {model.__name__}", "Set `main = False` and a `slug` in all but one.")


def _pending():
    """Kinds of waiting documents: their states, and a right that somebody has."""
    for kind in Pending.kinds:
        known = [s.code for s in kind.model.flow.states] if kind.model.flow else []
        if strange := unknown(kind.states, known):
            yield error(18, f"Pending {kind.model.__name__}", f"no such state {strange}", f"{kind.model.__name__}.flow knows {known}.")
        if strange := unknown([kind.permission], registry.roles):
            yield error(18, f"Pending {kind.model.__name__}", f"nobody has the right {strange}", "Name the right of an action or register.")


def _of_both(cls, base):
    if not cls.label:
        yield error(8, cls, "has no `label`", 'Set `label = _("…")`.')
    codes = [code for code, _label, _icon in MODULES]
    if cls.module not in codes:
        yield error(7, cls, f"no module “{cls.module}” in the menu", f"`module` is one of {codes}.")
    if not registry.roles.get(cls.needs()):
        yield error(9, cls, "has no `roles`: only who may do everything opens it", 'Name who opens it, as `roles = "guide store_manager"`.')
    own = {n for part in cls.__mro__ if part is not base and issubclass(part, base) for n in vars(part) if not n.startswith("_")}
    strange = unknown(sorted(own), dir(base))
    if strange:
        yield error(16, cls, f"a {base.__name__} knows nothing of {strange}", "Names of one's own begin with “_”.")


def register(cls):
    """The problems of one register."""
    try:
        filters = filters_of(cls)
    except FieldDoesNotExist as problem:
        yield error(5, cls, f"`filters`: {problem}", "A name in `filters` must be a field of the model; else write Filter(name, label, kind, …).")
    else:
        yield from _filters(cls, filters)
    yield from _columns(cls, "columns", cls.model, cls.all_columns())
    yield from _columns(cls, "sections", cls.model, cls.section_columns()) if cls.sections else ()
    if strange := unknown(cls.board_columns, [c.name for c in cls.all_columns()]):
        yield error(5, cls, f"`board_columns`: no such column {strange}")
    for tab in (t for t in cls.tabs if t.model is not None):
        yield from _columns(cls, f"tab {tab.key}", tab.model, tab.columns)
        yield from () if tab.query else _paths(cls, f"tab {tab.key}", tab.model, (tab.path, tab.order))
    yield from _paths(cls, "due", cls.model, [cls.due] if cls.due else [])
    for name in ("limit", "lanes", "with_related"):
        yield from _paths(cls, name, cls.model, getattr(cls, name))
    yield from _paths(cls, "order", cls.model, [cls.order])
    yield from _form(cls)


def _paths(cls, what, model, paths):
    for where in filter(None, (lost(model, path.lstrip("-")) for path in paths)):
        yield error(5, cls, f"`{what}`: {where}")


def _columns(cls, what, model, columns):
    for column in columns:
        if column.kind not in COLUMN_KINDS:
            yield error(5, cls, f"`{what}`: “{column.name}” is of unknown kind {unknown([column.kind], COLUMN_KINDS)}",
                        f"A kind is one of {sorted(COLUMN_KINDS)}.")
        if model is not None and not column.seen and not callable(column.value):
            where = lost(model, column.value or column.name, computed=True)
            if where:
                yield error(5, cls, f"`{what}`: {where}",
                            "A name must be a field or an attribute of the model; else write Column(name, label, value=lambda row: …).")


def _filters(cls, filters):
    for one in filters:
        if not isinstance(one, Filter):
            yield error(5, cls, f"`filters`: “{one}” is no Filter", "A report has no model to infer it from: write Filter(name, label, kind, …).")
        elif one.kind not in FILTER_KINDS:
            yield error(5, cls, f"`filters`: “{one.name}” is of unknown kind {unknown([one.kind], FILTER_KINDS)}",
                        f"A kind is one of {sorted(FILTER_KINDS)}.")
        elif one.kind == "picker" and one.model is None:
            yield error(5, cls, f"`filters`: the picker “{one.name}” has no `model`", 'Write Filter(name, label, "picker", model=…).')
        elif one.name in RESERVED:
            yield error(5, cls, f"`filters`: the address of every list uses “{one.name}” for something else", "Give the filter another name.")


def _form(cls):
    """What stands in the plain form can be typed in, and what is importable can be made."""
    fields = {f.name: f for f in cls.model._meta.fields}
    if strange := unknown(cls.form, fields):
        yield error(5, cls, f"`form`: {cls.model.__name__} has no {strange}")
    if fixed := [n for n in cls.form if n in fields and not fields[n].editable]:
        yield error(5, cls, f"`form`: {fixed} cannot be typed in (editable=False)", "Set it by an action.")
    if cls.importable and not any(a.creates and a.verb == "create" for a in cls.actions()) and not any(
            book.register == (cls.room, cls.slug) for book in registry.books.values()):
        yield error(17, cls, "is `importable` without a “create”", "Give it a `form`, a “create” action or a Book (kernel/screens/exchange/book.py).")


def report(cls):
    """The problems of one report."""
    yield from _filters(cls, cls.filters)
    if stray := [c for c in cls.columns if not isinstance(c, Column)]:
        yield error(5, cls, f"`columns`: {stray} are no Columns", "A report has no model to infer them from: write Column(name, label, kind).")
        return
    yield from _columns(cls, "columns", None, cls.columns)
    if cls.query is Report.query:
        yield error(8, cls, "has no `query`", "Write `query(self, actor, params)` giving dicts keyed by the names of the columns.")
