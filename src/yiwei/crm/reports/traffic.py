"""Customer traffic by outlet and guide: contact rate and closing rate (CRM-01)."""

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.kernel import scope
from yiwei.kernel.register.core import Column
from yiwei.kernel.register.listing import Filter, lookups_of_days
from yiwei.kernel.report.core import Report

from ..models.customer import FORWARD
from ..models.traffic import Visit

SIGNED = FORWARD[FORWARD.index("to_pay"):]
BY = {"outlet": "outlet__name", "guide": "owner__name", "source": "source__name", "hour": "at__hour", "day": "at__date"}


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
               Column("contacts", _("Contacts left"), "number", total=True),
               Column("contact_rate", _("Contact rate"), "progress"), Column("signed", _("Signed"), "number", total=True),
               Column("closing_rate", _("Closing rate"), "progress")]
    filters = [Filter("by", _("By"), "select", choices=[("outlet", _("Outlet")), ("guide", _("Guide")), (
        "source", _("Source")), ("hour", _("Hour")), ("day", _("Day"))], always=True),
        Filter("date", _("Date"), "date_range", field=Visit._meta.get_field("at"))]

    def query(self, actor, params):
        key = BY.get(params.get("by") or "outlet", BY["outlet"])
        first, last = self.period(params)
        rows = scope.rows(Visit, actor).filter(**lookups_of_days("at", first, last, stamped=True)).exclude(state="returned")
        for row in rows.order_by().values(key=F(key)).annotate(**FIGURES).order_by("key"):
            yield {"key": row["key"] if row["key"] is not None else "–", **{n: row[n] or 0 for n in FIGURES},
                   "contact_rate": rate(row["contacts"], row["valid_groups"]),
                   "closing_rate": rate(row["signed"], row["valid_groups"]), "valid": row["valid_groups"]}

    def chart(self, rows):
        names = [str(r["key"]) for r in rows][:30]
        return {"tooltip": {}, "xAxis": {"type": "category", "data": names}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "name": str(_("Valid groups")), "data": [r["valid"] for r in rows][:30]},
                           {"type": "bar", "name": str(_("Contacts left")), "data": [r["contacts"] for r in rows][:30]}]}


FIGURES = {
    "groups": Count("pk"), "valid_groups": Count("pk", filter=Q(valid=True)), "people": Sum("people"),
    "contacts": Count("pk", filter=Q(valid=True) & ~Q(phone="")),
    "signed": Count("customer", distinct=True, filter=Q(valid=True, customer__state__in=SIGNED)),
}

