"""The dealer grants support and takes it back."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.work.actions.action import action

from ..models.support import LONGEST, SupportGrant

HEAD = "general_manager tenant_admin"


@action(SupportGrant, _("Grant support access"), creates=True, roles=HEAD, icon="key", style="primary", fields={
    "reason": forms.CharField(label=_("Reason"), max_length=200),
    "until": forms.DateTimeField(label=_("Valid until"), initial=lambda: timezone.localtime() + timedelta(days=1),
                                 help_text=_("At most seven days from now.")),
}, help=_("The operator of the platform may then read your data, with phone numbers and costs hidden. Every page opened is recorded here."),
    done=_("Support access is granted. You can withdraw it at any moment."))
def grant(actor, *, reason, until):
    """Let the operator of the platform read for some days."""
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise Invalid({"until": [_("Choose a time within the next seven days.")]})
    made = SupportGrant(reason=reason, until=until, created_at=now, created_by_id=actor.id)
    made.save()
    return made


@action(SupportGrant, _("Withdraw"), roles=HEAD, sources=("active",), target="withdrawn", style="danger", icon="lock",
        done=_("Support access has ended."))
def withdraw(actor, granted):
    """End it at once."""
    if not granted.in_force:
        raise Refused(_("This support access has ended by itself."))
