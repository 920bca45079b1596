"""Targets and what was reached, by person (RPT-09)."""

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import SalesTarget
from yiwei.finance.models.receipt import Receipt
from yiwei.kernel import scope
from yiwei.kernel.money import ZERO, percent
from yiwei.kernel.register.core import Column
from yiwei.kernel.register.listing import Filter
from yiwei.kernel.report.core import Report

from ..target import moments, month_of
from .prepayments import as_of


class Targets(Report):
    slug, label, code, position = "targets", _("Sales targets"), "RPT-09", 90
    roles = "general_manager region_director store_manager guide finance_manager"
    basis = _("Collected: effective receipts by the day finance approved them")
    filters = [Filter("day", _("Month of"), "date")]
    columns = [Column("name", _("Salesperson"), "text"), Column("outlet", _("Outlet"), "text"),
               Column("target", _("Target"), "money", total=True), Column("actual", _("Collected"), "money", total=True),
               Column("rate", _("Rate %"), "number"), Column("gap", _("Still to collect"), "money", total=True)]

    def query(self, actor, params):
        first, after = month_of(as_of(params))
        start, end = moments(first, after)
        rows = scope.rows(Receipt, actor).filter(effective_at__gte=start, effective_at__lt=end)
        got = dict(rows.order_by().values_list("owner_id").annotate(s=Sum("amount")))
        people = SalesTarget.objects.filter(month=first, metric="collected", active=True).select_related("employee__outlet")
        if actor.scope_for(Receipt) != scope.COMPANY:
            people = people.filter(self._within(actor))
        for row in people.order_by("employee__outlet__name", "employee__name"):
            actual = got.get(row.employee_id) or ZERO
            yield {"name": row.employee.name, "outlet": str(row.employee.outlet), "target": row.amount, "actual": actual,
                   "rate": percent(actual, row.amount, 1), "gap": max(ZERO, row.amount - actual)}

    @staticmethod
    def _within(actor):
        reach = actor.scope_for(Receipt)
        own = Q(employee_id=actor.id)
        if reach == scope.OUTLET:
            return own | Q(employee__outlet_id__in=list(actor.outlet_ids))
        if reach == scope.REGION:
            return own | Q(employee__outlet__region_id__in=list(actor.region_ids))
        return own

    def chart(self, rows):
        return {"xAxis": {"type": "category", "data": [r["name"] for r in rows]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "name": str(_("Target")), "data": [float(r["target"]) for r in rows]},
                           {"type": "bar", "name": str(_("Collected")), "data": [float(r["actual"]) for r in rows]}]}

