"""Orders that stand still for a while, and those that are done with: suspended, resumed, closed."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import money_text
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.rules import figures

from ..models.contract import SubContract

KEEPERS = "store_manager region_director dispatcher"


@action(SubContract, _("Put on hold"), sources=("released", "purchasing", "arrived"), target="suspended", roles=KEEPERS, icon="player-pause",
        fields={"reason": forms.CharField(label=_("Reason"), max_length=200),
                "until": forms.DateField(label=_("Probably until"), required=False)}, done=_("Put on hold."))
def suspend(actor, sub, *, reason, until):
    """The site is not ready or the customer waits (搁置): nothing is issued or dispatched meanwhile; goods that come go on ageing in stock."""
    sub.suspended_from, sub.suspended_until = sub.state, until
    tell({sub.owner_id, sub.contract.designer_id} - {actor.id}, Message("%(n)s is suspended: %(why)s") % {"n": sub.number, "why": reason}, sub)


@action(SubContract, _("Take up again"), verb="resume", sources=("suspended",), roles=KEEPERS, icon="player-play", style="primary",
        done=_("Taken up again."))
def resume(actor, sub):
    """Goes on where it stood."""
    sub.state, sub.suspended_from, sub.suspended_until = sub.suspended_from or "released", "", None


def _paid(actor, sub, data):
    unpaid = figures.of([sub])[sub.pk].unpaid
    if unpaid:
        raise Refused(__("%(amount)s of %(n)s is not settled yet.") % {"amount": money_text(unpaid), "n": sub.number})


@action(SubContract, _("Close"), sources=("completed",), target="closed", roles="accountant finance_manager store_manager", icon="lock",
        bulk=True, check=_paid, done=_("Closed."))
def close(actor, sub):
    """Delivered, installed and paid: nothing more is expected of it."""
