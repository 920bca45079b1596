"""Applying for a rebate, approving and settling it (REB-04 to REB-06)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.actions import course
from yiwei.filing.models.filing import Filing
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO, money_text, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import Contract
from yiwei.rebate.rules import compute

from ..models.application import RebateApplication, RebateLine

GOOD = ("approved", "visited", "signed", "settled")
CHANNEL = "channel_rep channel_manager"


def amount_field(**more):
    return forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, **more)


@action(RebateApplication, _("Apply for rebate"), creates=True, roles=CHANNEL, icon="plus", style="primary", quick=True,
        done=_("Drawn up; now hand it in."), fields=lambda actor, obj=None: {
            "contract": Pick(Contract, label=_("Contract")),
            "filing": Pick(Filing, label=_("Filing"), required=False, help_text=_("Empty: the contract's own filing.")),
            "share": forms.DecimalField(label=_("Share %"), min_value=0.01, max_value=100, max_digits=5, decimal_places=2, required=False,
                                        help_text=_("Empty: what the verdict gives this filing.")),
            "remark": forms.CharField(label=_("Remark"), required=False)})
def create(actor, *, contract, filing, share, remark):
    """The house computes the rebate of a paid and delivered order from its approved filing and the policies."""
    filing = filing or contract.filing
    if filing is None or filing.state not in GOOD:
        raise Refused(__("Without an approved filing there is no rebate."))
    barred = filing.no_rebate or course.too_small(contract.net_amount)
    if barred:
        raise Refused(__("Filing %(number)s earns no rebate: %(why)s") % {"number": filing.number, "why": barred})
    if filing.customer_id and filing.customer_id != contract.customer_id:
        raise Invalid({"filing": [__("This filing is about another customer.")]})
    compute.check_finished(contract)
    share = share or filing.share
    if share > filing.share:
        raise Invalid({"share": [__("The verdict gives this filing %(n)s %% of the customer.") % {"n": filing.share}]})
    others = [a.share for a in RebateApplication.objects.filter(contract=contract).exclude(state="withdrawn").order_by("id")]
    if sum(others, ZERO) + share > 100:
        raise Invalid({"share": [__("Together the shares of this order would exceed 100 %.")]})
    made = RebateApplication.start(actor, filing=filing, partner=filing.partner, contract=contract, share=share, remark=remark,
                                   outlet_id=contract.outlet_id, year=contract.signed_on.year)
    lines = compute.lines_for(contract, filing.partner, share, made.year, others)
    if not lines:
        raise Refused(__("No rebate policy fits this order."))
    for line in lines:
        line.application, line.created_by_id = made, actor.id
    RebateLine.objects.bulk_create(lines)
    made.proposed = made.amount = sum((line.amount for line in lines), ZERO)
    made.save()
    return made


@action(RebateApplication, _("Lower"), sources=("draft",), roles=f"{CHANNEL} finance_manager general_manager", icon="arrow-down",
        fields={"amount": amount_field(label=_("Amount")), "reason": forms.CharField(label=_("Reason"))})
def lower(actor, application, *, amount, reason):
    """Less than the house computed, with the reason; more is never possible."""
    if amount > application.proposed:
        raise Invalid({"amount": [__("At most the computed %(amount)s.") % {"amount": money_text(application.proposed)}]})
    application.amount, application.lowered = amount, reason


def _facts(actor, application, data):
    return {"amount": application.amount, "proposed": application.proposed}


@action(RebateApplication, _("Hand in"), sources=("draft",), target="approved", roles=CHANNEL, icon="send", style="primary",
        facts=_facts, figures={"amount": _("Amount"), "proposed": _("Computed by the house")}, done=_("Approved."))
def submit(actor, application):
    """Hand in for approval; once approved the house owes the rebate to the partner."""
    compute.check_finished(application.contract)
    application.approved_at = timezone.now()
    money.post(actor, "rebate", application, [
        money.Leg("rebate_expense", application.amount),
        money.Leg("rebate_payable", -application.amount, party=money.party(application.partner))])


@action(RebateApplication, _("Withdraw"), sources=("draft",), target="withdrawn", roles=CHANNEL, icon="arrow-back-up")
def withdraw(actor, application):
    """Not applied for after all."""


def tax_of(applications):
    """Tax of applications by the items' rates, on what was granted."""
    total = ZERO
    for application in applications:
        cut = application.amount / application.proposed if application.proposed else 0
        for line in application.lines.select_related("item"):
            total += line.amount * cut * line.item.tax_percent / 100
    return round2(total)
