"""Receipts: entered, checked by the store, approved by finance, reversed (FIN-07, FIN-08)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, money_text
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import SubContract

from ..models.receipt import MOST, Receipt, ReceiptSplit
from ..models.terms import PaymentMethod, PaymentType
from ..rules.invoicing import invoiced, received

OLDEST = 3 * 366  # days; what is entered late at the opening of a dealer is not older
SELLERS = "guide store_manager cashier accountant"


def receipt_fields(actor=None, obj=None):
    return {
        "customer": Pick(Customer, label=_("Customer")),
        "amount": forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_value=MOST, max_digits=14, decimal_places=2),
        "type": Pick(PaymentType, label=_("Payment type")),
        "method": Pick(PaymentMethod, label=_("Payment method")),
        "received_on": forms.DateField(label=_("Received on"), required=False, initial=timezone.localdate),
        "mall_number": forms.CharField(label=_("Mall receipt number"), required=False, max_length=40),
        "slip": forms.CharField(label=_("Slip number"), required=False, max_length=60),
        "payer": forms.CharField(label=_("Payer"), required=False, max_length=60),
        "splits": Lines({"sub": Pick(SubContract, label=_("Sub-contract"), within={"contract__customer": "customer"}),
                         "amount": forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=14,
                                                      decimal_places=2)}, label=_("Split"), required=False),
        "remark": forms.CharField(label=_("Remark"), required=False),
    }


def _contract_money():
    """Most receipts are contract money; the form begins with that."""
    return PaymentType.objects.filter(code="contract", active=True).values_list("pk", flat=True).first()


@action(Receipt, _("New receipt"), creates=True, roles=SELLERS, fields=receipt_fields, icon="receipt", style="primary",
        quick=True, done=_("Receipt handed in."), initial=lambda actor, obj: {"type": _contract_money()})
def create(actor, *, customer, amount, type, method, received_on, mall_number, slip, payer, splits, remark):
    """Enter money received and hand it in; it opens no gate before finance has approved it."""
    _proof(method, mall_number, slip)
    if received_on and received_on > timezone.localdate():
        raise Invalid({"received_on": [__("This day is in the future.")]})
    if received_on and (timezone.localdate() - received_on).days > OLDEST:
        raise Invalid({"received_on": [__("This day is too long ago.")]})
    splits = splits or _split_by_itself(customer, amount)
    if sum((s["amount"] for s in splits), ZERO) != amount:
        raise Invalid({"splits": [__("The parts sum to %(a)s, the receipt is %(b)s.") % {
            "a": money_text(sum(s["amount"] for s in splits)), "b": money_text(amount)}]})
    for index, part in enumerate(splits):
        if part["sub"].contract.customer_id != customer.pk:
            raise Invalid({f"splits.{index}.sub": [__("This sub-contract belongs to another customer.")]})
    receipt = Receipt.start(
        actor, customer=customer, amount=amount, type=type, method=method, payer=payer, slip=slip, remark=remark,
        received_on=received_on or timezone.localdate(), mall_number=mall_number, outlet_id=customer.outlet_id,
        owner_id=customer.owner_id or actor.id, state="submitted")
    ReceiptSplit.objects.bulk_create([
        ReceiptSplit(receipt=receipt, sub=s["sub"], amount=s["amount"], created_by_id=actor.id) for s in splits])
    return receipt


def _proof(method, mall_number, slip, but=None):
    if method.needs_mall_number and not mall_number:
        raise Invalid({"mall_number": [__("This way of paying needs the mall's receipt number.")]})
    if method.needs_slip and not slip:
        raise Invalid({"slip": [__("This way of paying needs the slip number.")]})
    if slip and Receipt.objects.filter(method=method, slip=slip, reversal_of=None).exclude(
            state__in=("voided", "reversed")).exclude(pk=but).exists():
        raise Invalid({"slip": [__("This slip was already entered.")]})


def _split_by_itself(customer, amount):
    """With one open sub-contract there is nothing to choose."""
    subs = list(SubContract.objects.select_related("contract").filter(contract__customer=customer).exclude(
        state__in=("cancelled", "closed"))[:2])
    if len(subs) != 1:
        raise Invalid({"splits": [__("Say which sub-contracts the money is for.")]})
    return [{"sub": subs[0], "amount": amount}]


@action(Receipt, _("Review"), approves=True, sources=("submitted",), target="store_approved", roles="store_manager", bulk=True,
        style="success", icon="check", done=_("Checked."))
def store_approve(actor, receipt):
    """The store manager has seen slip and split."""
    by_another(actor, receipt, __("Nobody checks his own receipt."))


@action(Receipt, _("Approve"), approves=True, sources=("store_approved",), target="finance_approved", bulk=True, style="success",
        roles="accountant finance_manager cashier", icon="check", done=_("The money is now effective."))
def finance_approve(actor, receipt):
    """Finance confirms the money: only now is it effective, and it stands in the ledger."""
    by_another(actor, receipt, __("Nobody approves his own receipt."))
    receipt.effective_at = timezone.now()
    receipt.booking_month = timezone.localdate().replace(day=1)
    _post(actor, receipt)


def _post(actor, receipt):
    account = receipt.method.account
    party = f"org.outlet:{receipt.outlet_id}" if account == "mall" else f"finance.paymentmethod:{receipt.method_id}"
    legs = [money.Leg(account, receipt.amount, 0, party)]
    legs += [money.Leg("received", -s.amount, s.sub_id) for s in receipt.splits.order_by("id")]
    money.post(actor, "receipt", receipt, legs)


@action(Receipt, _("Return"), verb="return", sources=("submitted", "store_approved"), target="returned", style="danger",
        roles="store_manager accountant finance_manager cashier", icon="arrow-back-up",
        fields={"reason": forms.CharField(label=_("Reason"))}, done=_("Returned."))
def send_back(actor, receipt, *, reason):
    """Back to who entered it, with the reason."""
    tell({receipt.created_by_id}, Message("Receipt returned: %(n)s. %(why)s") % {"n": receipt.number, "why": reason}, receipt)


@action(Receipt, _("Hand in again"), sources=("returned",), target="submitted", roles=SELLERS, icon="send",
        fields={"slip": forms.CharField(label=_("Slip number"), required=False, max_length=60),
                "mall_number": forms.CharField(label=_("Mall receipt number"), required=False, max_length=40),
                "note": forms.CharField(label=_("Note"), required=False)},
        initial=lambda actor, r: {"slip": r.slip, "mall_number": r.mall_number})
def resubmit(actor, receipt, *, slip, mall_number, note):
    """Mend the proof and hand in again; a wrong amount is voided and entered anew."""
    _proof(receipt.method, mall_number, slip, but=receipt.pk)
    receipt.slip, receipt.mall_number = slip, mall_number


@action(Receipt, _("Void"), sources=("returned",), target="voided", roles=SELLERS, style="danger", icon="trash",
        fields={"reason": forms.CharField(label=_("Reason"))})
def void(actor, receipt, *, reason):
    """The number stays, the receipt counts nowhere."""


@action(Receipt, _("Reverse"), approves=True, sources=("finance_approved",), target="reversed", roles="accountant finance_manager",
        style="danger", icon="arrow-back", fields={"reason": forms.CharField(label=_("Reason"))},
        check=lambda actor, receipt, data: may_reverse(receipt))
def reverse(actor, receipt, *, reason):
    """Correct an effective receipt by its opposite; both stay."""
    red = Receipt.start(
        actor, customer=receipt.customer, amount=-receipt.amount, type=receipt.type, method=receipt.method,
        slip=receipt.slip, mall_number=receipt.mall_number, outlet_id=receipt.outlet_id, owner_id=receipt.owner_id,
        state="finance_approved", reversal_of=receipt, remark=reason, effective_at=timezone.now(),
        booking_month=timezone.localdate().replace(day=1))
    ReceiptSplit.objects.bulk_create([
        ReceiptSplit(receipt=red, sub_id=s.sub_id, amount=-s.amount, created_by_id=actor.id)
        for s in receipt.splits.all()])
    _post(actor, red)


def may_reverse(receipt):
    """Refused where a part is written off; the parts stay locked, so that none is meanwhile."""
    if receipt.reversal_of_id:
        raise Refused(__("A red receipt is not reversed again; enter a new receipt."))
    if invoiced(receipt.customer) > received(receipt.customer) - receipt.amount:
        raise Refused(__("This money is invoiced; make the red invoice first."))
    if any(s.written_off for s in receipt.splits.select_for_update(of=("self",)).order_by("pk")):
        raise Refused(__("It has been written off against a receivable; undo that first."))
