"""Filings that wait for a verdict, and protection that ends (CRM-02, CRM-03, SYS-04)."""

from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.reminders.causes import cause

from .models.filing import Filing


def text(filing):
    return f"{filing.number} {filing.name}".strip()


cause("filing.protection", _("Protection of a filing ends"), Filing, ahead=True, days=3, repeat=0, text=text,
      rows=lambda: Filing.objects.filter(state__in=("approved", "visited"), protected_until__isnull=False),
      clock=TruncDate("protected_until"))
cause("filing.verdict", _("Filing waits for a verdict"), Filing, days=1, tell=("channel_manager",), text=text,
      rows=lambda: Filing.objects.filter(state__in=("submitted", "held"), filed_at__isnull=False),
      clock=TruncDate("filed_at"), stages=(("submitted", _("Submitted")), ("held", _("In conflict"))))
