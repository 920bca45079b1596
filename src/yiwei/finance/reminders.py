"""Money customers owe past its day, or past the day they promised (FIN-12, SYS-04)."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.reminders.causes import cause

from .models.receipt import Receivable


def owed(row):
    """Whose money and how much."""
    return f"{row.sub.contract.customer.name} · {row.sub.number} · {row.balance:,.2f}"


cause("finance.balance", _("Balance due"), Receivable, days=1, repeat=3, escalate_after=7, escalate=("store_manager",), text=owed,
      rows=lambda: Receivable.objects.filter(state__in=("open", "partly")), clock=Coalesce("promised_on", "due_on"),
      related=("sub__contract__customer",), level="sub__contract__customer__level", levels=("A", "B", "C", "D"))
