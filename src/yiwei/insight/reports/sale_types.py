"""What was signed by the kind of sale: by outlet, and month by month (RPT-11, RPT-12)."""

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from yiwei.insight.rules import signed
from yiwei.kernel.base.money import ZERO, percent, round2
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.orders.models.contract import SALE_TYPES
from yiwei.orders.screens.orders import Contracts

from .attachment import BASIS, PERIOD, READERS

TYPES = dict(SALE_TYPES)


class SaleTypesByOutlet(Report):
    """Outlet × type: count, amount, share of the outlet, average."""

    slug, label, code, position = "sale-types-by-outlet", _("Sale types by outlet"), "RPT-11", 110
    roles, basis, filters = READERS, BASIS, PERIOD
    columns = [Column("outlet", _("Outlet"), "text"), Column("type", _("Sale type"), "text"), Column("n", _("Contracts"), "number", total=True),
               Column("amount", _("Amount"), "money", total=True), Column("share", _("Share %"), "number"), Column("average", _("Average"), "money")]

    def query(self, actor, params):
        first, last = self.period(params)
        rows = list(signed.contracts(actor, params, first, last).order_by().values("outlet_id", "outlet__name", "sale_type").annotate(
            n=Count("pk"), amount=Sum("net_amount")).order_by("outlet__name", "sale_type"))
        whole = {}
        for row in rows:
            whole[row["outlet_id"]] = whole.get(row["outlet_id"], ZERO) + row["amount"]
        for row in rows:
            yield {"outlet_id": row["outlet_id"], "code": row["sale_type"], "outlet": row["outlet__name"] or "–",
                   "type": str(TYPES[row["sale_type"]]), "n": row["n"], "amount": row["amount"],
                   "share": percent(row["amount"], whole[row["outlet_id"]]), "average": round2(row["amount"] / row["n"])}

    def drill(self, row):
        return Contracts.narrowed(outlet=row["outlet_id"], sale_type=row["code"], signed_on=self.period(self.params))

    def chart(self, rows):
        """A stack for each outlet."""
        outlets = list(dict.fromkeys(r["outlet"] for r in rows))
        kinds = list(dict.fromkeys(r["type"] for r in rows))
        at = {(r["outlet"], r["type"]): float(r["share"] or 0) for r in rows}
        return {"xAxis": {"type": "category", "data": outlets}, "yAxis": {"type": "value", "max": 100},
                "series": [{"type": "bar", "stack": "all", "name": k, "data": [at.get((o, k), 0) for o in outlets]} for k in kinds]}


class SaleTypes(Report):
    """Type × month, with the growth against the month before."""

    slug, label, code, position = "sale-types", _("Sale types"), "RPT-12", 120
    roles, basis, filters = READERS, BASIS, PERIOD
    columns = [Column("type", _("Sale type"), "text"), Column("month", _("Month"), "text"), Column("n", _("Contracts"), "number", total=True),
               Column("amount", _("Amount"), "money", total=True), Column("growth", _("Growth on the month before %"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        rows = signed.contracts(actor, params, first, last).order_by().annotate(month=TruncMonth("signed_on"))
        before = {}
        for row in rows.values("sale_type", "month").annotate(n=Count("pk"), amount=Sum("net_amount")).order_by("sale_type", "month"):
            kind, month = row["sale_type"], row["month"]
            last_month, was = before.get(kind, (None, None))
            follows = last_month and (month.year * 12 + month.month) - (last_month.year * 12 + last_month.month) == 1
            before[kind] = (month, row["amount"])
            yield {"type": str(TYPES[kind]), "month": f"{month:%Y-%m}", "n": row["n"], "amount": row["amount"],
                   "growth": percent(row["amount"] - was, was) if follows else None}

    def chart(self, rows):
        """Areas, one for each type."""
        months, kinds = sorted({r["month"] for r in rows}), list(dict.fromkeys(r["type"] for r in rows))
        at = {(r["type"], r["month"]): float(r["amount"]) for r in rows}
        return {"xAxis": {"type": "category", "data": months}, "yAxis": {"type": "value"},
                "series": [{"type": "line", "areaStyle": {}, "stack": "all", "name": k, "data": [at.get((k, m), 0) for m in months]} for k in kinds]}
