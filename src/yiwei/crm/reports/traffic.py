"""Customer traffic by outlet and guide: contact rate and closing rate (CRM-01)."""

from urllib.parse import urlencode

from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report

from ..models.customer import FORWARD
from ..models.traffic import Visit

SIGNED = FORWARD[FORWARD.index("to_pay"):]
BY = {  # what is shown, what the list is filtered by
    "outlet": ("outlet__name", "outlet"), "guide": ("owner__name", "owner"), "source": ("source__name", "source"), "hour": ("at__hour", ""),
    "day": ("at__date", "at")}
COUNTED = "open,approved"   # what was returned counts once it is corrected


def rate(part, whole):
    """Per cent with two places, 0 of nothing."""
    return round(100 * part / whole, 2) if whole else 0


class Traffic(Report):
    slug = "traffic"
    label = _("Customer traffic")
    code, module, position = "CRM-01", "customers", 15
    roles = "general_manager region_director store_manager guide"
    basis = _("Valid groups by day of visit; signed = the visitor's customer has signed")
    columns = [Column("key", _("By")), Column("groups", _("Groups"), "number", total=True),
               Column("valid", _("Valid groups"), "number", total=True), Column("people", _("People"), "number", total=True),
               Column("minutes", _("Minutes on average"), "number"), Column("contacts", _("Contacts left"), "number", total=True),
               Column("contact_rate", _("Contact rate"), "progress"), Column("signed", _("Signed"), "number", total=True),
               Column("closing_rate", _("Closing rate"), "progress")]
    filters = [Filter("by", _("By"), "select", choices=[("outlet", _("Outlet")), ("guide", _("Guide")), (
        "source", _("Source")), ("hour", _("Hour")), ("day", _("Day"))], always=True),
        Filter("date", _("Date"), "date_range", field=Visit._meta.get_field("at"))]

    def query(self, actor, params):
        by = params.get("by") if params.get("by") in BY else "outlet"
        shown, name = BY[by]
        first, last = self.period(params)
        rows = scope.rows(Visit, actor).filter(
            **lookups_of_days("at", first, last, stamped=True), state__in=COUNTED.split(","))
        keys = {"key": F(shown)} | ({"gid": F(f"{name}_id")} if name and name != "at" else {})
        found = list(rows.order_by().values(**keys).annotate(**FIGURES).order_by("key"))
        for row in _every_hour(found) if by == "hour" else found:
            yield self._row(row, by) | {"drill": {"state": COUNTED} | self._span(row, by, first, last) | (
                {name: row["gid"]} if row.get("gid") else {})}

    @staticmethod
    def _span(row, by, first, last):
        start, end = (row["key"], row["key"]) if by == "day" else (first, last)
        return {"at": start.isoformat(), "at_to": end.isoformat()}

    @staticmethod
    def _row(row, by):
        key = row["key"] if row["key"] is not None else "–"
        return {"key": f"{key:02d}:00 – {key + 1:02d}:00" if by == "hour" else key, **{n: row[n] or 0 for n in FIGURES if n != "minutes"},
                "minutes": round(row["minutes"], 1) if row["minutes"] is not None else "–",
                "contact_rate": rate(row["contacts"], row["valid_groups"]),
                "closing_rate": rate(row["signed"], row["valid_groups"]), "valid": row["valid_groups"]}

    def drill(self, row):
        return registry.register_of(Visit).url() + "?" + urlencode(row["drill"])

    def chart(self, rows):
        names = [str(r["key"]) for r in rows][:30]
        return {"tooltip": {}, "xAxis": {"type": "category", "data": names}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "name": str(_("Valid groups")), "data": [r["valid"] for r in rows][:30]},
                           {"type": "bar", "name": str(_("Contacts left")), "data": [r["contacts"] for r in rows][:30]}]}


def _every_hour(found):
    """The hours between the first and the last group, also those in which nobody came."""
    known = {row["key"]: row for row in found}
    return [known.get(h) or {"key": h} | dict.fromkeys(FIGURES, 0) | {"minutes": None} for h in range(min(known), max(known) + 1)] if known else []


FIGURES = {
    "groups": Count("pk"), "valid_groups": Count("pk", filter=Q(valid=True)), "people": Sum("people"),
    "minutes": Avg("minutes", filter=Q(valid=True, minutes__gt=0)),
    "contacts": Count("pk", filter=Q(valid=True) & ~Q(phone="")),
    "signed": Count("customer", distinct=True, filter=Q(valid=True, customer__state__in=SIGNED)),
}

