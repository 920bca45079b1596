"""Reports: a query and its columns; formats, filters, drilling and totals are the base's affair."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.screens.registers.columns import Column, cell
from yiwei.kernel.screens.registers.listing import Filter, day_of


class Report:
    """One report; registers itself.

    Required: `slug`, `label`, `roles`, `columns` (list of Column), `query(actor, params)` giving dicts. Optional:
    `filters` (list of Filter), `basis`, `chart(rows)`, `drill(row)` giving an address.
    Cost and other masked columns disappear for positions that do not see them.
    """

    slug = ""
    label = ""
    code = ""
    module = "reports"
    basis = ""
    columns = ()
    filters = ()
    permission = ""
    roles = ""
    position = 100
    help = ""
    per_page = 500
    params = {}   # what was asked for, while a report runs and is drilled into

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if not cls.slug:
            registry.must_be_base(cls, "slug")
            return
        registry.add(registry.reports, cls.slug, cls)
        registry.grant(cls.needs(), cls.roles)

    @classmethod
    def needs(cls):
        return cls.permission or f"report.{cls.slug}"

    @classmethod
    def allowed(cls, actor):
        return actor.can(cls.needs())

    @classmethod
    def url(cls):
        return reverse("report", args=[cls.slug])

    def query(self, actor, params):
        """Rows as dicts keyed by column name; must start from scope.rows."""
        raise NotImplementedError

    def columns_for(self, params):
        """The columns, where they depend on what was asked for."""
        return self.columns

    def drill(self, row):
        """The address of the rows behind a row, or ''."""
        return ""

    def chart(self, rows):
        """An ECharts option, or None."""
        return None

    def period(self, params):
        """(first, last) day chosen in the filter `date`, by default the month so far."""
        today = timezone.localdate()
        return day_of(params.get("date")) or today.replace(day=1), day_of(params.get("date_to")) or today

    def day(self, params):
        """The day chosen in the filter `day`, by default today."""
        return day_of(params.get("day")) or timezone.localdate()

    def shown_filters(self, actor, params):
        """The contract of the filter bar; days which hold without having been chosen are filled in."""
        out = [f.shown(_NoRegister, params, actor) for f in self.filters]
        for one in out:
            if (one["name"], one["kind"]) == ("date", "date_range"):
                one["value"], one["value_to"] = (d.isoformat() for d in self.period(params))
            elif (one["name"], one["kind"]) == ("day", "date"):
                one["value"] = self.day(params).isoformat()
        return out


@dataclass
class Result:
    """Rows of one run with the columns this actor sees."""

    report: Report
    actor: object
    columns: list
    rows: list

    def totals(self):
        out = {}
        for column in self.columns:
            if column.total:
                out[column.name] = sum((Decimal(column.get(r) or 0) for r in self.rows), Decimal(0))
        return out

    def plain(self):
        from yiwei.kernel.screens.api.shape import shown
        return [{c.name: shown(c, r, self.actor) for c in self.columns} for r in self.rows]

    def plain_totals(self):
        return {k: str(v) for k, v in self.totals().items()}


def run(cls, actor, params):
    """Run a report for an actor."""
    report = cls()
    report.params = params
    columns = [c for c in report.columns_for(params) if not c.mask or c.kind == "phone" or actor.sees(c.mask)]
    rows = list(report.query(actor, params))
    lacking = [c.name for c in columns if rows and not callable(c.value) and not c.seen and not any((c.value or c.name) in row for row in rows)]
    if lacking:
        raise LookupError(f"{cls.__name__}: no row of `query` has {lacking}; they have {sorted(rows[0])}")
    return Result(report, actor, columns, rows)


def page(cls, actor, params):
    """The contract of the report template."""
    result = run(cls, actor, params)
    shown = []
    for row in result.rows[: cls.per_page]:
        cells = [cell(c, row, actor) for c in result.columns]
        url = result.report.drill(row)
        if cells and url:
            cells[0]["url"] = url
        shown.append({"cells": cells, "url": url, "title": cells[0]["text"] if cells else ""})
    sums = result.totals()
    totals = [cell(c, sums, actor) if c.name in sums else {"text": "", "kind": "text", "align": c.align}
              for c in result.columns]
    if totals and sums and not totals[0]["text"]:
        totals[0] = {"text": _("Total"), "kind": "text", "align": ""}
    query = params.urlencode() if hasattr(params, "urlencode") else ""
    return {
        "title": cls.label, "code": cls.code, "basis": cls.basis, "help": cls.help,
        "as_of": timezone.localtime().strftime("%Y-%m-%d %H:%M"), "filters": result.report.shown_filters(actor, params),
        "columns": [{"name": c.name, "label": c.label, "align": c.align} for c in result.columns],
        "rows": shown, "more": len(result.rows) > cls.per_page, "totals": totals if sums and shown else [],
        "chart": result.report.chart(result.rows) if result.rows else None,
        "export_url": reverse("report-export", args=[cls.slug]) + (f"?{query}" if query else ""),
        "paper_url": reverse("report-paper", args=[cls.slug]) + (f"?{query}" if query else ""),
        "empty": {"title": _("Nothing here"), "text": _("No entry matches the filters.")},
    }


class _NoRegister:
    class model:  # noqa: N801
        flow = None


__all__ = ["Column", "Filter", "Report", "page", "run"]
