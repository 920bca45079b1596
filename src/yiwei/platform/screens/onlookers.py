"""Support in force shows among those who can see a row."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.screens.registers import beside

from ..models.support import SupportGrant


@beside.onlookers(None)
def support(actor, obj):
    """The operator of the platform, while the dealer grants it."""
    for grant in SupportGrant.objects.filter(state="active", until__gt=timezone.now()).order_by("until"):
        yield _("Support of the platform"), _("Granted until %(until)s, only to read: %(why)s") % {
            "until": timezone.localtime(grant.until).strftime("%Y-%m-%d %H:%M"), "why": grant.reason}
