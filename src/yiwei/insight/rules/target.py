"""Targets and what was reached (BAS-13, BAS-14, RPT-09, D-44)."""

import calendar
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.target import OutletTarget, SalesTarget
from yiwei.catalog.rules.targets import prorated
from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import DesignTask
from yiwei.finance.models.receipt import Receipt
from yiwei.kernel.base import registry
from yiwei.kernel.base.money import ZERO, percent, round2
from yiwei.kernel.records import scope
from yiwei.orders.models.contract import Contract

TARGET, OF_OUTLETS = "insight.target.see", "insight.target.of_outlets"
registry.grant(TARGET, "guide designer channel_rep store_manager region_director general_manager channel_manager",
               gettext_lazy("See the target of collection"))
registry.grant(OF_OUTLETS, "store_manager region_director general_manager channel_manager accountant finance_manager",
               gettext_lazy("See targets and debts of all within reach, not one's own only"))


def month_of(day=None):
    """(first day, first day of the next month) around a day, by default today."""
    first = (day or timezone.localdate()).replace(day=1)
    return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def moments(first, after):
    """The same as moments in local time."""
    return tuple(timezone.make_aware(datetime.combine(d, time.min)) for d in (first, after))


@dataclass(frozen=True)
class Standing:
    """A month's target against what was collected until now."""

    target: Decimal
    actual: Decimal
    days_left: int

    @property
    def rate(self):
        return percent(self.actual, self.target, 1)

    @property
    def needed(self):
        """What is still needed per day, today included."""
        return round2(max(ZERO, self.target - self.actual) / max(1, self.days_left))


def collected(actor, first, after):
    """Effective receipts within the actor's scope, red ones subtracted, by the day finance approved them."""
    start, end = moments(first, after)
    rows = scope.rows(Receipt, actor).filter(effective_at__gte=start, effective_at__lt=end)
    if not actor.can(OF_OUTLETS):
        rows = rows.filter(owner_id=actor.id)
    return rows.aggregate(s=Sum("amount"))["s"] or ZERO


def wanted(actor, first):
    """The collection target that is the actor's to reach: own, or the outlets' of the actor's scope."""
    if not actor.can(OF_OUTLETS):
        own = SalesTarget.objects.filter(month=first, metric="collected", employee_id=actor.id, active=True).select_related("employee")
        return sum((prorated(t.amount, first, t.employee.entered_on, t.employee.left_on) for t in own), ZERO)
    rows = OutletTarget.objects.filter(month=first, metric="collected", active=True)
    reach = actor.scope_for(Receipt)
    if reach == scope.OUTLET:
        rows = rows.filter(outlet_id__in=list(actor.outlet_ids))
    elif reach == scope.REGION:
        rows = rows.filter(outlet__region_id__in=list(actor.region_ids))
    return sum((prorated(t.amount, first, None, t.outlet.closed_on) for t in rows.select_related("outlet")), ZERO)


def standing(actor):
    """This month's standing of the actor."""
    today = timezone.localdate()
    first, after = month_of(today)
    days = calendar.monthrange(today.year, today.month)[1] - today.day + 1
    return Standing(wanted(actor, first), collected(actor, first, after), days)


def reached(actor, metric, first, after, by=("owner_id",)):
    """{(*who, first day of the month): figure} within the actor's scope; `by` names columns: owner_id, outlet_id.

    collected: effective receipts by the day finance approved them; signed: net of contracts by the day of signing; new customers by
    the day of their first visit; measures by the day they were done.
    """
    start, end = moments(first, after)
    if metric == "collected":
        rows, day, figure = scope.rows(Receipt, actor).filter(effective_at__gte=start, effective_at__lt=end), "effective_at", Sum("amount")
    elif metric == "signed":
        rows = scope.rows(Contract, actor).filter(signed_on__gte=first, signed_on__lt=after).exclude(state="cancelled")
        day, figure = "signed_on", Sum("net_amount")
    elif metric == "new_customers":
        rows = scope.rows(Customer, actor).filter(visited_on__gte=first, visited_on__lt=after)
        day, figure = "visited_on", Count("pk")
    else:
        rows = scope.rows(DesignTask, actor).filter(kind="measure", done_at__gte=start, done_at__lt=end)
        day, figure = "done_at", Count("pk")
    found = rows.order_by().annotate(in_month=TruncMonth(day)).values_list(*by, "in_month").annotate(figure=figure)
    return {(*who, month.date() if isinstance(month, datetime) else month): amount or ZERO for *who, month, amount in found}
