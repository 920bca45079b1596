"""Filings by partner, person, clerk, outlet or month (CRM-04)."""

from datetime import timedelta

from django.db.models import Avg, Case, Count, DurationField, ExpressionWrapper, F, Sum, Value, When
from django.db.models.functions import Cast, TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.filing.rules.counting import COUNTED
from yiwei.kernel.base import registry
from yiwei.kernel.base.money import ZERO, percent
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report

from ..models.filing import Filing

GROUPS = {  # by: (what is shown, what the list is filtered by, the filter's name)
    "partner": ("partner__name", "partner_id", "partner"), "person": ("outside_designer__name", "outside_designer_id", "outside_designer"),
    "owner": ("owner__name", "owner_id", "owner"), "outlet": ("outlet__name", "outlet_id", "outlet"), "state": ("seen", "seen", "state"),
    "month": ("month", "month", "")}
NONE = "–"


def days(since, until):
    """Average days between two moments."""
    return Avg(ExpressionWrapper(until - since, output_field=DurationField()))


FIGURES = {
    **{code: Count("pk", filter=condition) for code, _label, condition in COUNTED},
    "amount": Sum("signed_amount"), "rebate": Sum("rebate_amount"), "to_visit": days(F("filed_at"), F("visited_at")),
    "to_sign": days(TruncDate("filed_at"), Cast("signed_on", TruncDate("filed_at").output_field))}


class FilingStatistics(Report):
    slug, label, code, module, position = "filings", _("Filing statistics"), "CRM-04", "customers", 45
    roles = "channel_rep channel_manager region_director general_manager store_manager"
    basis = _("Superseded filings count once, for the winner; rates of nothing are shown as –")
    filters = [Filter("date", _("Period"), "date_range"),
               Filter("of", _("Period by"), choices=[("filed", _("Day filed")), ("decided", _("Day of the verdict"))], always=True),
               Filter("by", _("By"), choices=[("partner", _("Partner")), ("person", _("Person")), ("owner", _("Clerk")),
                                              ("outlet", _("Outlet")), ("month", _("Month")), ("state", _("State"))], always=True)]
    columns = [Column("key", _("By"), "text"), *(Column(code, label, "number", total=True) for code, label, _q in COUNTED),
               Column("amount", _("Amount signed"), "money", total=True), Column("rebate", _("Rebate"), "money", mask="rebate", total=True),
               Column("visit_rate", _("Visit rate %"), "number"), Column("signing_rate", _("Signing rate %"), "number"),
               Column("conflict_rate", _("Conflict rate %"), "number"), Column("to_visit", _("Days to visit"), "number"),
               Column("to_sign", _("Days to signature"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        field = "decided_at" if params.get("of") == "decided" else "filed_at"
        rows = scope.rows(Filing, actor).filter(COUNTED[0][2], **lookups_of_days(field, first, last, stamped=True))
        by = params.get("by") if params.get("by") in GROUPS else "partner"
        shown, key, name = GROUPS[by]
        if by == "month":
            rows = rows.annotate(month=TruncMonth(field))
        if by == "state":
            rows = rows.annotate(seen=Case(*(When(state=code, then=Value(other)) for code, other in Filing.flow.hidden(actor).items()),
                                           default=F("state")))
        names = {"gid": F(key)} | ({"key": F(shown)} if shown != key else {})   # one expression is grouped by once
        for row in rows.order_by().values(**names).annotate(**FIGURES).order_by("-filings"):
            row.setdefault("key", row["gid"])
            yield self._row(row, by) | self._kept_from(actor) | {"drill": {field: (first, last), "counted": "filings"}
                                        | self._month(row, by, field) | ({name: row["gid"]} if name and row["gid"] else {})}

    @staticmethod
    def _kept_from(actor):
        """That somebody else has a customer is for reviewers alone, in figures too."""
        return {} if actor.can("filing.filing.approve") else {"conflicts": None, "conflict_rate": None}

    @staticmethod
    def _month(row, by, field):
        if by != "month" or not row["gid"]:
            return {}
        first = timezone.localtime(row["gid"]).date().replace(day=1)
        return {field: (first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))}

    @staticmethod
    def _row(row, by):
        key = row["key"]
        if by == "month" and key:
            key = timezone.localtime(key).strftime("%Y-%m")
        if by == "state":
            key = Filing.flow.state(key).label
        rates = {"visit_rate": percent(row["visited"], row["approved"], 1), "signing_rate": percent(row["signed"], row["visited"], 1),
                 "conflict_rate": percent(row["conflicts"], row["filings"], 1)}
        spans = {n: round(row[n].total_seconds() / 86400, 1) if row[n] is not None else NONE for n in ("to_visit", "to_sign")}
        return {**{code: row[code] for code, _l, _q in COUNTED}, "key": str(key or NONE), "amount": row["amount"] or ZERO,
                "rebate": row["rebate"] or ZERO, **{n: NONE if v is None else v for n, v in rates.items()}, **spans}

    def drill(self, row):
        return registry.register_of(Filing).narrowed(**row["drill"])

    def chart(self, rows):
        """The way from filing to signature beside the league of who signed most; of who filed most while nobody has signed."""
        steps = [(str(label), sum(r[code] for r in rows)) for code, label, _q in COUNTED if code != "conflicts"]
        league = sorted(rows, key=lambda r: (r["amount"], r["signed"], r["filings"]))[-10:]
        by, name = ("amount", _("Amount signed")) if any(r["amount"] for r in league) else ("filings", _("Filings"))
        return {"tooltip": {}, "legend": {"show": False}, "grid": {"left": "56%", "right": "6%", "top": 16, "bottom": 24, "containLabel": True},
                "xAxis": {"type": "value"}, "yAxis": {"type": "category", "data": [r["key"] for r in league]},
                "series": [{"type": "funnel", "left": "2%", "width": "42%", "top": 16, "bottom": 16, "minSize": "12%", "sort": "none",
                            "label": {"position": "inside", "formatter": "{b} {c}"}, "data": [{"name": n, "value": v} for n, v in steps]},
                           {"type": "bar", "name": str(name), "data": [float(r[by]) for r in league]}]}
