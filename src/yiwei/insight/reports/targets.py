"""Targets and what was reached, by person or outlet, of a month or through a year (BAS-13, BAS-14, RPT-09)."""

from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.target import METRICS, OutletTarget, SalesTarget
from yiwei.catalog.targets import month_label, prorated
from yiwei.finance.models.receipt import Receipt
from yiwei.kernel import scope
from yiwei.kernel.money import ZERO, percent
from yiwei.kernel.register.core import Column
from yiwei.kernel.register.listing import Filter
from yiwei.kernel.report.core import Report

from ..target import month_of, reached

MONEY = ("collected", "signed")
BY = Filter("by", _("By"), "select", choices=[("person", _("Salesperson")), ("outlet", _("Outlet"))], always=True)
METRIC = Filter("metric", _("Metric"), "select", choices=METRICS, always=True)
BASIS = _("Collected: effective receipts by the day finance approved them. Signed: net of contracts by the day of signing. New customers by"
          " the first visit, measures by the day done. Who came or left within a month has that month's target by days")


def asked(params):
    """(metric, by outlet?) of a report."""
    metric = params.get("metric")
    return metric if metric in dict(METRICS) else "collected", params.get("by") == "outlet"


def wanted(actor, metric, outlets, first, after):
    """[(who's id, name, outlet's name, month, target)] within the actor's reach."""
    if outlets:
        rows = OutletTarget.objects.filter(_within(actor, "outlet")).select_related("outlet")
    else:
        rows = SalesTarget.objects.filter(_within(actor, "employee__outlet", "employee")).select_related("employee__outlet")
    rows = rows.filter(metric=metric, active=True, month__gte=first, month__lt=after)
    for row in rows.order_by("outlet__name" if outlets else "employee__outlet__name", "id"):
        if outlets:
            yield row.outlet_id, row.outlet.name, row.outlet.name, row.month, row.amount
        else:
            who = row.employee
            yield who.pk, who.name, str(who.outlet), row.month, prorated(row.amount, row.month, who.entered_on, who.left_on)


def _within(actor, outlet, person=""):
    reach = actor.scope_for(Receipt)
    own = Q(**{f"{person}_id": actor.id}) if person else Q(pk__in=[])
    if reach == scope.COMPANY:
        return Q()
    if reach == scope.OUTLET:
        return own | Q(**{f"{outlet}_id__in": list(actor.outlet_ids)})
    return own | Q(**{f"{outlet}__region_id__in": list(actor.region_ids)}) if reach == scope.REGION else own


class Targets(Report):
    slug, label, code, position = "targets", _("Sales targets"), "RPT-09", 90
    roles = "general_manager region_director store_manager guide finance_manager"
    basis = BASIS
    filters = [Filter("day", _("Month of"), "date"), METRIC, BY]
    columns = [Column("name", _("Salesperson"), "text"), Column("outlet", _("Outlet"), "text"),
               Column("target", _("Target"), "money", total=True), Column("actual", _("Reached"), "money", total=True),
               Column("rate", _("Rate %"), "number"), Column("gap", _("Still to reach"), "money", total=True)]

    def columns_for(self, params):
        metric, outlets = asked(params)
        shown = [c for c in self.columns if not (outlets and c.name == "outlet")]
        return shown if metric in MONEY else [replace(c, kind="number") if c.kind == "money" else c for c in shown]

    def query(self, actor, params):
        first, after = month_of(self.day(params))
        metric, outlets = asked(params)
        got = reached(actor, metric, first, after, "outlet_id" if outlets else "owner_id")
        for who, name, outlet, month, target in wanted(actor, metric, outlets, first, after):
            actual = got.get((who, month)) or ZERO
            yield {"name": name, "outlet": outlet, "target": target, "actual": actual, "rate": percent(actual, target, 1),
                   "gap": max(ZERO, target - actual)}

    def chart(self, rows):
        return {"xAxis": {"type": "category", "data": [r["name"] for r in rows]}, "yAxis": {"type": "value"}, "tooltip": {},
                "series": [{"type": "bar", "name": str(_("Target")), "data": [float(r["target"]) for r in rows]},
                           {"type": "bar", "name": str(_("Reached")), "data": [float(r["actual"]) for r in rows]}]}


class TargetYear(Report):
    """The months of a year side by side: reached in per cent of the target."""

    slug, label, code, position = "target-year", _("Targets through the year"), "RPT-09", 91
    roles = Targets.roles
    basis = BASIS
    filters = [Filter("day", _("Year of"), "date"), METRIC, BY]
    columns = [Column("name", _("Salesperson"), "text"), *(Column(f"m{n}", month_label(n), "progress") for n in range(1, 13)),
               Column("target", _("Target"), "money", total=True), Column("actual", _("Reached"), "money", total=True),
               Column("rate", _("Rate %"), "progress")]
    columns_for = Targets.columns_for

    def query(self, actor, params):
        day = self.day(params)
        first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        metric, outlets = asked(params)
        got = reached(actor, metric, first, after, "outlet_id" if outlets else "owner_id")
        people = {}
        for who, name, _outlet, month, target in wanted(actor, metric, outlets, first, after):
            people.setdefault((who, name), {})[month] = target
        for (who, name), months in people.items():
            row = {f"m{m.month}": percent(got.get((who, m)) or ZERO, t, 1) for m, t in months.items() if m <= timezone.localdate()}
            begun = [m for m in months if m <= timezone.localdate()]
            target, actual = sum((months[m] for m in begun), ZERO), sum((got.get((who, m)) or ZERO for m in begun), ZERO)
            yield {f"m{n}": None for n in range(1, 13)} | row | {"name": name, "target": target, "actual": actual,
                                                                "rate": percent(actual, target, 1)}
