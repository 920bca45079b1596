"""What came in and what went out, by product (STK-16, STK-17): read from the goods ledger, so it ties to stock and cost."""

from decimal import Decimal

from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import ZERO, percent, round2
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.ledger.models.goods import GoodsMove

from ..models.issue import IssueLine, IssueReturnLine
from ..models.warehouse import Bin, Warehouse

STOCK = "general_manager finance_manager accountant purchaser storekeeper"
GROUPS = {"product": "product__name", "brand": "product__brand", "category": "product__category__name",
          "supplier": "product__supplier__name"}
BY = [("product", _("Product")), ("brand", _("Brand")), ("category", _("Category")), ("supplier", _("Supplier")),
      ("warehouse", _("Warehouse")), ("kind", _("Kind")), ("month", _("Month"))]
RECEIPTS = {"arrival": _("With order"), "batch_receipt": _("Batch"), "issue_return": _("Issue return"),
            "transfer_in": _("Transfer"), "count": _("Stock count"), "batch_issue_back": _("Loan given back"),
            "converted_to": _("Conversion")}
ISSUES = {"issue": _("With order"), "batch_issue": _("Batch"), "purchase_return": _("Purchase return"),
          "transfer_out": _("Transfer"), "count": _("Stock count"), "converted_from": _("Conversion")}


class _Flow(Report):
    """Moves of a period grouped as asked; `_here` says which end of a move is the own place."""

    _kinds, _here = {}, ""
    roles = STOCK
    basis = _("By day of the move; quantity × cost at posting")
    filters = [Filter("by", _("By"), choices=BY, always=True), Filter("date", _("Day"), "date_range"),
               Filter("kind", _("Kind"), choices=()), Filter("product", _("Product"), "picker", model=Product),
               Filter("warehouse", _("Warehouse"), "picker", model=Warehouse)]

    def _moves(self, actor, params):
        """The moves into, or out of, own places."""
        first, last = self.period(params)
        rows = scope.rows(GoodsMove, actor).filter(kind__in=self._kinds, **lookups_of_days("at", first, last, stamped=True))
        rows = rows.filter(**{f"{self._here}__virtual": False})
        if params.get("kind") in self._kinds:
            rows = rows.filter(kind=params["kind"])
        if id_of(params.get("product")):
            rows = rows.filter(product_id=id_of(params["product"]))
        if id_of(params.get("warehouse")):
            places = Bin.objects.filter(warehouse_id=id_of(params["warehouse"])).values("location_id")
            rows = rows.filter(**{f"{self._here}_id__in": places})
        return rows

    def _grouped(self, actor, params):
        """[(name, quantity, value, rows, key)] by what was asked for."""
        rows, by = self._moves(actor, params).order_by(), params.get("by")
        if by == "month":
            rows = rows.annotate(month=F("at__month"), year=F("at__year"))
            for r in rows.values("year", "month").annotate(qty=Sum("qty"), amount=Sum("value"), n=Count("pk")).order_by("year", "month"):
                yield f"{r['year']}-{r['month']:02d}", r
            return
        if by == "kind":
            for r in rows.values(key=F("kind")).annotate(qty=Sum("qty"), amount=Sum("value"), n=Count("pk")).order_by("key"):
                yield str(self._kinds[r["key"]]), r
            return
        if by == "warehouse":
            places = {b.location_id: b.warehouse.name for b in Bin.objects.select_related("warehouse")}
            found = {}
            for r in rows.values(key=F(f"{self._here}_id")).annotate(qty=Sum("qty"), amount=Sum("value"), n=Count("pk")):
                into = found.setdefault(places.get(r["key"], "–"), {"qty": ZERO, "amount": ZERO, "n": 0})
                for name in into:
                    into[name] += r[name]
            yield from sorted(found.items())
            return
        path = GROUPS.get(by, GROUPS["product"])
        for r in rows.values(key=F(path)).annotate(qty=Sum("qty"), amount=Sum("value"), n=Count("pk")).order_by("-amount", "key"):
            yield str(r["key"] or "–"), r


class ReceiptsByProduct(_Flow):
    """Everything that came into own places, at what it cost."""

    slug, label, code, module, position = "receipts-by-product", _("Receipts by product"), "STK-16", "stock", 160
    _kinds, _here = RECEIPTS, "to_location"
    filters = [*_Flow.filters[:2], Filter("kind", _("Kind"), choices=list(RECEIPTS.items())), *_Flow.filters[3:]]
    columns = [Column("key", _("By"), "text"), Column("n", _("Moves"), "number", total=True),
               Column("qty", _("Quantity"), "number", total=True), Column("amount", _("Amount"), "money", mask="cost", total=True),
               Column("average", _("Average"), "money", mask="cost")]

    def query(self, actor, params):
        for key, r in self._grouped(actor, params):
            yield {"key": key, "n": r["n"], "qty": r["qty"], "amount": r["amount"],
                   "average": round2(r["amount"] / r["qty"]) if r["qty"] else None}

    def chart(self, rows):
        """Amounts as columns."""
        top = rows[:30]
        return {"xAxis": {"type": "category", "data": [r["key"] for r in top]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [float(r["qty"]) for r in top]}]}


class IssuesByProduct(_Flow):
    """Everything that left own places, with what was sold of it: net, cost, profit and margin, largest first (ABC)."""

    slug, label, code, module, position = "issues-by-product", _("Issues by product"), "STK-17", "stock", 170
    _kinds, _here = ISSUES, "from_location"
    basis = _("By day of the move, net amounts by day of hand-over; margin = profit ÷ net")
    filters = [*_Flow.filters[:2], Filter("kind", _("Kind"), choices=list(ISSUES.items())), *_Flow.filters[3:]]
    columns = [Column("key", _("By"), "text"), Column("qty", _("Quantity"), "number", total=True),
               Column("net", _("Net sales"), "money", total=True), Column("cost", _("Cost"), "money", mask="cost", total=True),
               Column("profit", _("Gross profit"), "money", mask="cost", total=True), Column("margin", _("Margin %"), "number", mask="cost"),
               Column("abc", _("ABC"), "text")]

    def query(self, actor, params):
        sold = self._sold(actor, params)
        rows = [{"key": key, "qty": r["qty"], "cost": r["amount"], "net": sold.get(key, ZERO)}
                for key, r in self._grouped(actor, params)]
        rows.sort(key=lambda r: (-r["net"], -r["cost"], r["key"]))
        whole, so_far = sum((r["net"] for r in rows), ZERO), ZERO
        for row in rows:
            profit = row["net"] - row["cost"] if row["net"] else None
            so_far += row["net"]
            yield row | {"profit": profit, "margin": percent(profit, row["net"], 2) if row["net"] else None,
                         "abc": _grade(so_far, whole) if row["net"] else ""}

    def _sold(self, actor, params):
        """{group: net amount} of what was handed out with orders, less what came back, in the period."""
        path = GROUPS.get(params.get("by") or "product")
        if path is None or params.get("kind") not in (None, "", "issue"):
            return {}
        first, last = self.period(params)
        out = {}
        for model, day, way, sign in ((IssueLine, "issue__handed_at", "product", 1), (IssueReturnLine, "document__created_at",
                                                                                   "issue_line__product", -1)):
            rows = scope.rows(model, actor).filter(**lookups_of_days(day, first, last, stamped=True))
            rows = rows.filter(issue__state__in=("out", "approved")) if sign > 0 else rows.exclude(document__state="rejected")
            if id_of(params.get("product")):
                rows = rows.filter(**{f"{way}_id": id_of(params["product"])})
            key = path.replace("product", way, 1)
            for r in rows.order_by().values(key=F(key)).annotate(net=Sum("net")):
                name = str(r["key"] or "–")
                out[name] = out.get(name, ZERO) + sign * r["net"]
        return out


def _grade(so_far, whole):
    """A: the first 70 % of the net amount, B: up to 90 %, C: the rest."""
    share = so_far / whole if whole else Decimal(1)
    return "A" if share <= Decimal("0.7") else "B" if share <= Decimal("0.9") else "C"
