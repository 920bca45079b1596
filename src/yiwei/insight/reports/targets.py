"""Targets and what was reached, by person or outlet, of a month or through a year (BAS-13, BAS-14, RPT-09)."""

from calendar import monthrange
from collections import Counter
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.target import METRICS, OutletTarget, SalesTarget
from yiwei.catalog.rules.targets import Regions, month_label, prorated
from yiwei.finance.models.receipt import Receipt
from yiwei.insight.rules.target import month_of, reached
from yiwei.kernel.base.money import ZERO, percent
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.outlet import Region

MONEY = ("collected", "signed")
BY = Filter("by", _("By"), "select", choices=[("person", _("Salesperson")), ("outlet", _("Outlet")), ("region", _("Sales region"))], always=True)
METRIC = Filter("metric", _("Metric"), "select", choices=METRICS, always=True)
BASIS = _("Collected: effective receipts by the day finance approved them. Signed: net of contracts by the day of signing. New customers by"
          " the first visit, measures by the day done. Who came or left within a month has that month's target by days; so has an outlet"
          " that was closed within it. A region has the outlets that belonged to it at the end of the month")


def asked(params):
    """(metric, by person, outlet or region) of a report."""
    metric, by = params.get("metric"), params.get("by")
    return metric if metric in dict(METRICS) else "collected", by if by in ("outlet", "region") else "person"


def standings(actor, metric, by, first, after):
    """[(key, name, outlet's name, month, target, reached)] within the actor's reach."""
    return {"person": _persons, "outlet": _outlets, "region": _regions}[by](actor, metric, first, after)


def _targets(model, metric, first, after):
    return model.objects.filter(metric=metric, active=True, month__gte=first, month__lt=after)


def _persons(actor, metric, first, after):
    """One line for a person in an outlet; who has a target in two of them reaches in each what was done there."""
    rows = list(_targets(SalesTarget, metric, first, after).filter(_within(actor, "outlet", "employee")).select_related(
        "employee", "outlet").order_by("outlet__name", "id"))
    several = {key for key, n in Counter((t.employee_id, t.month) for t in rows).items() if n > 1}
    whole = reached(actor, metric, first, after)
    split = reached(actor, metric, first, after, ("owner_id", "outlet_id")) if several else {}
    for row in rows:
        who, key = row.employee, (row.employee_id, row.month)
        got = split.get((who.pk, row.outlet_id, row.month)) if key in several else whole.get(key)
        yield (who.pk, row.outlet_id), who.name, row.outlet.name, row.month, prorated(row.amount, row.month, who.entered_on, who.left_on), got or ZERO


def _outlets(actor, metric, first, after):
    got = reached(actor, metric, first, after, ("outlet_id",))
    rows = _targets(OutletTarget, metric, first, after).filter(_within(actor, "outlet")).select_related("outlet")
    for row in rows.order_by("outlet__name", "id"):
        target = prorated(row.amount, row.month, None, row.outlet.closed_on)
        yield row.outlet_id, row.outlet.name, row.outlet.name, row.month, target, got.get((row.outlet_id, row.month)) or ZERO


def _regions(actor, metric, first, after):
    """The outlets summed by the region that was theirs at the end of the month."""
    regions, names, at, sums = Regions(), {r.pk: r.name for r in Region.objects.all()}, {}, {}
    outlets = list(_outlets(actor, metric, first, after))
    for outlet, _name, _outlet, month, target, got in outlets:
        where = at.setdefault(month, regions.at(month.replace(day=monthrange(month.year, month.month)[1]))).get(outlet)
        had = sums.get((where, month), (ZERO, ZERO))
        sums[where, month] = (had[0] + target, had[1] + got)
    for (region, month), (target, got) in sorted(sums.items(), key=lambda pair: (names.get(pair[0][0], ""), pair[0][1])):
        name = names.get(region) or str(_("No region"))
        yield region, name, name, month, target, got


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
        metric, by = asked(params)
        shown = [c for c in self.columns if by == "person" or c.name != "outlet"]
        shown = [replace(c, label=dict(BY.choices(None))[by]) if c.name == "name" else c for c in shown]
        return shown if metric in MONEY else [replace(c, kind="number") if c.kind == "money" else c for c in shown]

    def query(self, actor, params):
        metric, by = asked(params)
        for _key, name, outlet, _month, target, actual in standings(actor, metric, by, *month_of(self.day(params))):
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
        day, today, people = self.day(params), timezone.localdate(), {}
        metric, by = asked(params)
        for key, name, _outlet, month, target, actual in standings(actor, metric, by, date(day.year, 1, 1), date(day.year + 1, 1, 1)):
            people.setdefault((key, name), {})[month] = (target, actual)
        for (_key, name), months in people.items():
            begun = {m: pair for m, pair in months.items() if m <= today}
            target, actual = (sum((pair[n] for pair in begun.values()), ZERO) for n in (0, 1))
            yield {f"m{n}": None for n in range(1, 13)} | {f"m{m.month}": percent(a, t, 1) for m, (t, a) in begun.items()} | {
                "name": name, "target": target, "actual": actual, "rate": percent(actual, target, 1)}
