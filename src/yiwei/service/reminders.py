"""Revisits and leftovers whose day has come, and warranties that end (SVC-03, SVC-05, SVC-06, SYS-04)."""

from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.reminders.causes import cause, months_later
from yiwei.orders.models.contract import ContractLine

from .models.care import Revisit
from .models.install import InstallOrder, Leftover

HEAD = ("service_head",)
SHORTEST = Subquery(ContractLine.objects.filter(sub=OuterRef("sub"), product__isnull=False).order_by().values("sub").annotate(
    months=Min("product__warranty_months")).values("months"))


def of_sub(install):
    return f"{install.sub.contract.customer.name} · {install.sub.number}"


cause("service.revisit", _("Revisit due"), Revisit, days=0, related=("customer",), escalate_after=3, escalate=HEAD,
      rows=lambda: Revisit.objects.filter(state__in=("due", "no_answer")), clock=F("due_on"),
      text=lambda row: f"{row.customer.name} · {row.number}")
cause("service.leftover", _("Leftover past its day"), Leftover, days=1, related=("install__sub__contract__customer", "item"),
      rows=lambda: Leftover.objects.filter(state="open", due_on__isnull=False), clock=F("due_on"), escalate_after=3, escalate=HEAD,
      text=lambda row: f"{of_sub(row.install)} · {row.item.name}")
cause("service.warranty", _("Warranty of the goods ends"), InstallOrder, ahead=True, days=30, repeat=0, text=of_sub,
      rows=lambda: InstallOrder.objects.filter(parent=None, completed_at__isnull=False, state__in=("completed", "revisited", "settled")),
      clock=months_later(TruncDate("completed_at"), SHORTEST), related=("sub__contract__customer",))
