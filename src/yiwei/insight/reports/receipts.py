"""Receipts in detail and summed up (RPT-01)."""

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.finance.models.receipt import ReceiptSplit
from yiwei.finance.models.terms import PaymentMethod, PaymentType
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.outlet import Outlet

READERS = "general_manager region_director store_manager guide finance_manager accountant cashier"
EFFECTIVE = ("finance_approved", "reversed")
GROUPS = {"outlet": "receipt__outlet__name", "owner": "receipt__owner__name", "method": "receipt__method__name",
          "type": "receipt__type__name", "day": "receipt__received_on"}

FILTERS = [Filter("date", _("Received"), "date_range"), Filter("outlet", _("Outlet"), "picker", model=Outlet),
           Filter("method", _("Payment method"), "picker", model=PaymentMethod),
           Filter("type", _("Payment type"), "picker", model=PaymentType),
           Filter("pending", _("With pending ones"), "bool")]


def splits(report, actor, params):
    """Splits of receipts in the period, by default effective ones only; red receipts count negative."""
    first, last = report.period(params)
    rows = scope.rows(ReceiptSplit, actor).filter(receipt__received_on__gte=first, receipt__received_on__lte=last)
    states = EFFECTIVE + (("submitted", "store_approved") if params.get("pending") == "1" else ())
    rows = rows.filter(receipt__state__in=states)
    for name in ("outlet", "method", "type"):
        if id_of(params.get(name)):
            rows = rows.filter(**{f"receipt__{name}_id": id_of(params[name])})
    return rows


class ReceiptDetail(Report):
    slug, label, code, position = "receipts", _("Receipts in detail"), "RPT-01", 10
    roles, basis = READERS, _("By day received; effective receipts, red ones negative")
    filters = FILTERS
    columns = [Column("day", _("Received"), "date"), Column("number", _("Receipt"), "text"),
               Column("mall_number", _("Mall receipt"), "text"), Column("customer", _("Customer"), "text"),
               Column("sub", _("Sub-contract"), "text"), Column("type", _("Payment type"), "text"),
               Column("method", _("Payment method"), "text"), Column("amount", _("Amount"), "money", total=True),
               Column("owner", _("Salesperson"), "text"), Column("outlet", _("Outlet"), "text"),
               Column("state", _("State"), "text")]

    def query(self, actor, params):
        rows = splits(self, actor, params).select_related(
            "receipt__customer", "receipt__type", "receipt__method", "receipt__owner", "receipt__outlet", "sub")
        for s in rows.order_by("receipt__received_on", "id")[:20000]:
            r = s.receipt
            yield {"id": r.pk, "day": r.received_on, "number": r.number, "mall_number": r.mall_number,
                   "customer": r.customer.name, "sub": s.sub.number, "type": str(r.type), "method": str(r.method),
                   "amount": s.amount, "owner": str(r.owner or ""), "outlet": str(r.outlet or ""),
                   "state": r.get_state_display()}

    def drill(self, row):
        from yiwei.finance.screens.finance import Receipts
        return Receipts.url("detail", row["id"])


class ReceiptSummary(Report):
    slug, label, code, position = "receipts-summary", _("Receipts summed up"), "RPT-01", 11
    roles, basis = READERS, ReceiptDetail.basis
    filters = [Filter("by", _("By"), choices=[("outlet", _("Outlet")), ("owner", _("Salesperson")),
                                              ("method", _("Payment method")), ("type", _("Payment type")),
                                              ("day", _("Day"))], always=True), *FILTERS]
    columns = [Column("key", _("By"), "text"), Column("count", _("Receipts"), "number", total=True),
               Column("amount", _("Amount"), "money", total=True)]

    def query(self, actor, params):
        path = GROUPS.get(params.get("by"), GROUPS["outlet"])
        rows = splits(self, actor, params).order_by().values(key=F(path)).annotate(
            count=Count("receipt", distinct=True), amount=Sum("amount"))
        for row in rows.order_by("key"):
            yield {"key": str(row["key"]) if row["key"] is not None else "–", "count": row["count"], "amount": row["amount"]}

    def chart(self, rows):
        return {"xAxis": {"type": "category", "data": [r["key"] for r in rows]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [float(r["amount"]) for r in rows]}]}

