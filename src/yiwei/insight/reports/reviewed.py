"""Contracts whose price review was passed, in detail and summed up (RPT-05)."""

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import percent
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.orders.models.contract import ContractLine, SubContract
from yiwei.orders.models.design import ReviewRound
from yiwei.orders.screens.orders import Subs
from yiwei.org.models.outlet import Outlet

READERS = "general_manager region_director store_manager guide price_auditor finance_manager accountant"
FILTERS = [Filter("date", _("Price-reviewed"), "date_range"), Filter("outlet", _("Outlet"), "picker", model=Outlet)]
BASIS = _("By the day price review was passed, cancelled ones not; discount rate = Σ net of goods ÷ Σ list")


def reviewed(report, actor, params):
    """Sub-contracts price-reviewed in the period, with who passed them, and the cost of their goods."""
    first, last = report.period(params)
    rows = scope.rows(SubContract, actor).filter(**lookups_of_days("price_reviewed_on", first, last)).exclude(state="cancelled")
    if id_of(params.get("outlet")):
        rows = rows.filter(outlet_id=id_of(params["outlet"]))
    passed = ReviewRound.objects.filter(sub=OuterRef("pk"), kind="price", verdict="passed").order_by("-id")
    cost = ContractLine.objects.filter(sub=OuterRef("pk")).order_by().values("sub").annotate(s=Sum(F("cost_price") * F("qty"))).values("s")
    return rows.annotate(auditor=Subquery(passed.values("reviewer__name")[:1]), minutes=Subquery(passed.values("minutes")[:1]),
                         cost=Subquery(cost))


class ReviewedContracts(Report):
    """One line a sub-contract."""

    slug, label, code, position = "reviewed-contracts", _("Price-reviewed contracts"), "RPT-05", 50
    roles, basis, filters = READERS, BASIS, FILTERS
    columns = [Column("day", _("Price-reviewed"), "date"), Column("number", _("Sub-contract"), "text"), Column("customer", _("Customer"), "text"),
               Column("outlet", _("Outlet"), "text"), Column("brand", _("Brand"), "text"), Column("list", _("List"), "money", total=True),
               Column("net", _("Net"), "money", total=True), Column("rate", _("Discount rate %"), "number"), Column("auditor", _("Auditor"), "text"),
               Column("hours", _("Hours"), "number"), Column("margin", _("Margin"), "money", mask="cost", total=True)]

    def query(self, actor, params):
        rows = reviewed(self, actor, params).select_related("contract__customer", "outlet").order_by("price_reviewed_on", "id")
        for sub in rows.iterator(chunk_size=2000):
            yield {"id": sub.pk, "day": sub.price_reviewed_on, "number": sub.number, "customer": sub.contract.customer.name,
                   "outlet": str(sub.outlet or ""), "brand": sub.brand, "list": sub.list_amount, "net": sub.net_amount,
                   "rate": percent(sub.net_amount - sub.fees, sub.list_amount), "auditor": sub.auditor or "–",
                   "hours": round(sub.minutes / 60, 1) if sub.minutes is not None else None, "margin": sub.net_amount - (sub.cost or 0)}

    def drill(self, row):
        return Subs.url("detail", row["id"])


class ReviewedSummary(Report):
    """By auditor, outlet or brand."""

    slug, label, code, position = "reviewed-summary", _("Price-reviewed contracts summed up"), "RPT-05", 51
    roles, basis = READERS, BASIS
    filters = [Filter("by", _("By"), choices=[("outlet", _("Outlet")), ("auditor", _("Auditor")), ("brand", _("Brand"))], always=True), *FILTERS]
    columns = [Column("key", _("By"), "text"), Column("n", _("Sub-contracts"), "number", total=True), Column("list", _("List"), "money", total=True),
               Column("net", _("Net"), "money", total=True), Column("rate", _("Discount rate %"), "number"),
               Column("margin", _("Margin"), "money", mask="cost", total=True)]

    def query(self, actor, params):
        path = {"auditor": "auditor", "brand": "brand"}.get(params.get("by"), "outlet__name")
        rows = reviewed(self, actor, params).order_by().values(key=F(path)).annotate(
            n=Count("pk"), list=Sum("list_amount"), net=Sum("net_amount"), fees_=Sum("fees"), costs=Sum("cost")).order_by("key")
        for r in rows:
            yield {"key": str(r["key"] or "–"), "n": r["n"], "list": r["list"], "net": r["net"],
                   "rate": percent(r["net"] - r["fees_"], r["list"]), "margin": r["net"] - (r["costs"] or 0)}

    def chart(self, rows):
        """Discount rates."""
        return {"xAxis": {"type": "category", "data": [r["key"] for r in rows]}, "yAxis": {"type": "value", "max": 100},
                "series": [{"type": "bar", "data": [float(r["rate"] or 0) for r in rows]}]}
