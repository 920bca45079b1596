"""Settling rebates with a partner (REB-06)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.ledger.actions import money

from ..models.application import RebateApplication, RebateSettlement
from .application import CHANNEL, tax_of


@action(RebateSettlement, _("New settlement"), creates=True, verb="create", roles=f"{CHANNEL} accountant", icon="plus",
        style="primary", quick=True, fields=lambda actor, obj=None: {
            "partner": Pick(ChannelPartner, label=_("Channel partner")),
            "month": forms.DateField(label=_("Month"), required=False, help_text=_("Any day of the month; empty: this month."))})
def collect(actor, *, partner, month):
    """Gather everything approved and not yet settled for a partner."""
    rows = list(RebateApplication.objects.select_for_update(of=("self",)).filter(
        partner=partner, state="approved", settlement=None).order_by("id"))
    if not rows:
        raise Refused(__("There is no approved rebate of this partner to settle."))
    gross, tax = sum((a.amount for a in rows), ZERO), tax_of(rows)
    made = RebateSettlement.start(actor, partner=partner, month=(month or timezone.localdate()).replace(day=1), gross=gross,
                                  tax=tax, net=gross - tax)
    RebateApplication.objects.filter(pk__in=[a.pk for a in rows]).update(settlement=made)
    return made


@action(RebateSettlement, _("Record payee's confirmation"), approves=True, sources=("collecting",), target="confirmed", roles=CHANNEL,
        icon="user-check", style="primary", fields={"note": forms.CharField(label=_("How confirmed"))})
def confirm(actor, settlement, *, note):
    """The partner agrees with the amount."""


@action(RebateSettlement, _("Approve"), approves=True, sources=("confirmed",), target="approved", roles="finance_manager general_manager",
        icon="check", style="success")
def approve(actor, settlement):
    """Finance releases the payment."""
    if settlement.owner_id == actor.id:
        raise Refused(__("Whoever drew it up cannot approve it."))


@action(RebateSettlement, _("Pay"), approves=True, sources=("approved",), target="paid", roles="cashier finance_manager", icon="cash",
        style="success", fields=lambda actor, obj=None: {
            "method": forms.ChoiceField(label=_("Method"), choices=[("paid", _("Paid out")), ("offset", _("Offset"))],
                                        initial="paid", required=False),
            "account_name": forms.CharField(label=_("Account name of the payee"), required=False),
            "voucher": forms.CharField(label=_("Voucher"), max_length=60)})
def pay(actor, settlement, *, method, account_name, voucher):
    """Money goes to the partner's own account, or is set against what the partner collected for us."""
    partner, method = settlement.partner, method or "paid"
    wanted = partner.account_name or partner.name
    if method == "paid" and (account_name or wanted) != wanted:
        raise Refused(__("The account is not in the partner's name (%(name)s); paying somebody else is refused.") % {
            "name": wanted})
    settlement.method, settlement.voucher, settlement.paid_at = method, voucher, timezone.now()
    party = money.party(partner)
    other = money.Leg("deco", -settlement.net, party=party) if method == "offset" else money.Leg("cash", -settlement.net)
    money.post(actor, "rebate_paid", settlement, [
        money.Leg("rebate_payable", settlement.gross, party=party), other, money.Leg("fees", -settlement.tax, party="tax")])
    from .finished import settle
    for application in settlement.applications.all():
        settle(actor, application)


@action(RebateSettlement, _("Close"), sources=("paid",), target="closed", roles="accountant finance_manager", icon="lock")
def close(actor, settlement):
    """Voucher filed; nothing more to do."""


@action(RebateSettlement, _("Cancel"), sources=("collecting", "confirmed"), target="cancelled", roles=f"{CHANNEL} finance_manager",
        icon="ban", style="danger", fields={"reason": forms.CharField(label=_("Reason"))})
def cancel(actor, settlement, *, reason):
    """The applications become free again."""
    RebateApplication.objects.filter(settlement=settlement).update(settlement=None)
