"""What the figures of filings count: the same conditions for the report and for the rows it drills to (CRM-04, D-14)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FILED = ~Q(state__in=("superseded", "draft"))     # superseded ones count once, for the winner
APPROVED = FILED & Q(state__in=("approved", "visited", "signed", "settled", "expired"))
COUNTED = [
    ("filings", _("Filings"), FILED),
    ("approved", _("Approved"), APPROVED),
    ("conflicts", _("Conflicts"), FILED & ~Q(conflict="")),
    ("visited", _("Visited"), FILED & Q(visited_at__isnull=False)),
    ("signed", _("Signed"), FILED & Q(signed_on__isnull=False)),
]
