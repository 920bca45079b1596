"""How a filing ends by itself: signed, settled, expired (CRM-02). Done by what happens elsewhere, never by hand."""

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import ZERO, money_text, share
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.options import Option

from ..models.filing import Filing

MINIMUM = Option("filing_minimum_order", _("Smallest order in yuan on which a filing earns a rebate (0: any)"), 0, high=10_000_000)


@action(Filing, _("Record signing"), verb="sign", sources=("approved", "visited"), target="signed", internal=True, icon="signature")
def sign(actor, filing, *, amount=None):
    """The customer has signed; the protection has done its work. Those who share the customer sign with their part of the amount."""
    _sign_all(actor, filing, amount or ZERO)


def _sign_all(actor, filing, amount):
    group = filing.together()
    parts = dict(zip((f.pk for f in group), share(amount, [f.share for f in group]), strict=True))
    for one in (filing, *(f for f in group if f.pk != filing.pk and f.state in ("approved", "visited"))):
        one.signed_on, one.signed_amount = timezone.localdate(), parts.get(one.pk, amount)
        one.visited_at = one.visited_at or timezone.now()   # who signs has come
        if too_small(amount):
            one.no_rebate = too_small(amount)
        if one is not filing:
            before, one.state = one.state, "signed"
            one.touch()
            one.save()
            log(actor, one, "filing.filing.sign", from_state=before, to_state="signed")


def too_small(amount):
    """Why an order of this amount earns no rebate, or ''."""
    least = MINIMUM.value()
    return __("The order of %(amount)s is below the smallest of %(least)s that earns a rebate.") % {
        "amount": money_text(amount), "least": f"{least:,}"} if amount < least else ""


@action(Filing, _("Settle"), approves=True, verb="settle", sources=("signed",), target="settled", internal=True, icon="cash")
def settle(actor, filing, *, amount=None):
    """The rebate is paid."""
    filing.rebate_amount = amount or 0


def give_back(filing):
    """What a filing that ends held of a joint customer goes to those who remain, the oldest first."""
    others = [f for f in filing.together() if f.pk != filing.pk]
    if others and filing.share < 100:
        others[0].share += filing.share
        others[0].touch()
        others[0].save()
        filing.joint = None


@action(Filing, _("Let expire"), verb="expire", sources=("approved", "visited"), target="expired", internal=True, icon="clock-off")
def expire(actor, filing):
    """The protection is over without a contract; the customer is free for others."""
    give_back(filing)
