"""A row on paper, a list, and a report."""

from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yiwei.kernel.base.errors import Forbidden, Refused
from yiwei.kernel.screens.registers.columns import cell
from yiwei.kernel.screens.registers.listing import columns_for, filtered, filters_of, sort_of, totals
from yiwei.kernel.screens.registers.views import object_for, register_for
from yiwei.kernel.screens.reports.report import run as run_report
from yiwei.kernel.screens.reports.views import report_for

from .paper import paper_of, printed

MOST = 5000                # rows of a list on paper
LONG = 40                  # half characters from which a column breaks its lines
HALF, AROUND, UPRIGHT = 1.45, 2.9, 178   # millimetres: a half character, the space around a cell, the breadth of an upright page
TOO_MANY = gettext_lazy("More than %(n)s rows do not fit on paper; narrow the list by a filter, or export it.")


@require_GET
def paper(request, room, slug, pk, name):
    """One of the papers of a row."""
    register = register_for(request, room, slug)
    return paper_of(register, request.actor, object_for(request, register, pk), name)


@require_GET
def listing(request, room, slug):
    """A list as it is filtered, sorted and laid out on screen; needs the right to export it."""
    register, actor = register_for(request, room, slug), request.actor
    if not actor.can(f"{room}.{slug}.export"):
        raise Forbidden()
    rows = filtered(register, actor, request.GET).order_by(sort_of(register, actor, request.GET), "-id")
    found = list(islice(rows[:MOST + 1], MOST + 1))
    if len(found) > MOST:
        raise Refused(TOO_MANY % {"n": MOST})
    return printed(actor, f"{room}.{slug}", "kernel/list", _list(register, actor, request.GET, found), query=request.GET.urlencode())


def _breadth(text):
    """How broad a text is, in half characters."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in str(text))


def _list(register, actor, params, rows):
    """The contract of list.typ for a list."""
    columns = columns_for(register, actor, params)
    shown = [f.shown(register, params, actor) for f in filters_of(register)]
    asked = [[_("Search"), params["q"]]] if params.get("q") else []
    sums = totals(register, actor, params)["sums"]
    return _table(str(register.label), shown, columns, [[cell(c, row, actor) for c in columns] for row in rows],
                  [sums.get(c.name, "") for c in columns], asked)


def _table(title, filters, columns, cells, sums, asked=()):
    texts = [["、".join(c.get("tags", ())) or str(c["text"]) for c in row] for row in cells]
    breadth = [min(LONG, max([_breadth(c.label), *(_breadth(row[n]) for row in texts[:400])])) for n, c in enumerate(columns)]
    flexible = {n for n, b in enumerate(breadth) if b == LONG} or {breadth.index(max(breadth))}
    facts = [[str(f["label"]), f["value_label"] or f["value"]] for f in filters if f["value"] or f["value_to"]]
    return {"title": title, "edition": "", "facts": [*facts, *asked],
            "wide": HALF * sum(breadth) + AROUND * len(columns) > UPRIGHT, "rows": len(texts), "count": _("%(n)s entries") % {"n": len(texts)},
            "columns": [{"label": str(c.label), "end": bool(c.align), "flexible": n in flexible} for n, c in enumerate(columns)],
            "lines": texts, "sums": sums if any(sums) else []}


@require_GET
def report(request, slug):
    """A report as it is asked for; needs the right to export it."""
    found, actor = report_for(request, slug), request.actor
    if not actor.can(f"{found.needs()}.export") and not actor.can("report.export"):
        raise Forbidden()
    result = run_report(found, actor, request.GET)
    if len(result.rows) > MOST:
        raise Refused(TOO_MANY % {"n": MOST})
    sums = result.totals()
    data = _table(str(found.label), result.report.shown_filters(actor, request.GET), result.columns,
                  [[cell(c, row, actor) for c in result.columns] for row in result.rows],
                  [cell(c, sums, actor)["text"] if c.name in sums else "" for c in result.columns])
    return printed(actor, f"report.{slug}", "kernel/list", {**data, "note": str(found.basis)}, query=request.GET.urlencode())
