"""Payables, requests to pay them, and claims that are paid to us (FIN-13)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO, money_text
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import money
from yiwei.org.models.employee import Employee

from ..models.payable import ClaimSettlement, Payable, PaymentLine, PaymentRequest
from ..models.terms import PaymentMethod
from ..rules.due import due_day

FINANCE = "accountant finance_manager"
AMOUNT = {"max_digits": 14, "decimal_places": 2}


def owe(actor, supplier, document, amount):
    """A bill of a supplier, or his credit where `amount` is negative, stands as payable from today; nothing for zero."""
    if not amount:
        return None
    today = timezone.localdate()
    made = Payable.start(actor, supplier=supplier, source_model=document._meta.label_lower, source_id=document.pk, amount=amount,
                         source_number=document.number, outlet_id=document.outlet_id, owner_id=None,
                         due_on=due_day(supplier.terms, supplier.terms_days, today))
    log(actor, made, "drafted", text=document.number, to_state=made.state)
    return made


@action(Payable, _("Note the invoice"), roles=FINANCE, icon="file-invoice", fields={
    "invoice_number": forms.CharField(label=_("Supplier's invoice"), max_length=40)},
        initial=lambda actor, row: {"invoice_number": row.invoice_number})
def note_invoice(actor, payable, *, invoice_number):
    """The supplier's invoice has come."""
    payable.invoice_number = invoice_number


def _request_fields(actor, obj=None):
    return {"supplier": Pick(Supplier, label=_("Supplier")),
            "pay_on": forms.DateField(label=_("To be paid on"), initial=timezone.localdate),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"payable": Pick(Payable, label=_("Payable"), limit={"state__in": ["open", "partly"]}, within={"supplier": "supplier"}),
                            "amount": forms.DecimalField(label=_("Amount"), required=False, **AMOUNT)}, label=_("Payables"), required=False,
                           help_text=_("Empty: everything that is due by that day, credits deducted."))}


@action(PaymentRequest, _("Ask for payment"), creates=True, verb="create", roles=f"{FINANCE} purchaser", icon="cash-banknote", style="primary",
        fields=_request_fields, done=_("Asked for; another person approves it."))
def ask(actor, *, supplier, pay_on, remark, lines):
    """Ask for one payment to a supplier: never more than is owed and not asked for yet."""
    parts = _parts(supplier, pay_on, lines)
    total = sum((amount for _p, amount in parts), ZERO)
    if total <= 0:
        raise Invalid({"lines": [__("There is nothing to pay: %(a)s.") % {"a": money_text(total)}]})
    made = PaymentRequest.start(actor, supplier=supplier, account=supplier.account, amount=total, pay_on=pay_on, remark=remark)
    PaymentLine.objects.bulk_create([PaymentLine(request=made, payable=p, amount=a, created_by_id=actor.id) for p, a in parts])
    for payable, amount in parts:
        payable.asked += amount
    Payable.objects.bulk_update([p for p, _a in parts], ["asked"])
    return made


def _parts(supplier, pay_on, lines):
    """[(payable, amount)], the payables locked in the order of their ids."""
    if not lines:
        rows = Payable.objects.select_for_update(of=("self",)).filter(supplier=supplier, state__in=("open", "partly"), due_on__lte=pay_on)
        return [(p, p.free) for p in rows.order_by("id") if p.free]
    wanted, out = {}, []
    for index, line in enumerate(lines):
        if line["payable"].supplier_id != supplier.pk:
            raise Invalid({f"lines.{index}.payable": [__("This is owed to another supplier.")]})
        if line["payable"].pk in wanted:
            raise Invalid({f"lines.{index}.payable": [__("This stands here twice.")]})
        wanted[line["payable"].pk] = index
    for payable in Payable.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("id"):
        index = wanted[payable.pk]
        amount = payable.free if lines[index]["amount"] is None else lines[index]["amount"]
        if not amount or amount / abs(amount) != payable.amount / abs(payable.amount) or abs(amount) > abs(payable.free):
            raise Invalid({f"lines.{index}.amount": [__("Of this %(a)s can be asked for.") % {"a": money_text(payable.free)}]})
        out.append((payable, amount))
    return out


@action(PaymentRequest, _("Approve"), sources=("requested",), target="approved", roles="finance_manager general_manager", bulk=True,
        style="success", icon="check", done=_("Approved."))
def approve(actor, request):
    """May be paid."""
    by_another(actor, request, __("Nobody approves what he asked for himself."))
    request.approved_by_id = actor.id


@action(PaymentRequest, _("Pay"), sources=("approved",), target="paid", roles="cashier accountant", style="primary", icon="cash-banknote",
        done=_("Paid and booked."), fields=lambda actor, obj=None: {
            "method": Pick(PaymentMethod, label=_("Payment method"), limit={"account": "cash"}),
            "paid_on": forms.DateField(label=_("Paid on"), initial=timezone.localdate),
            "bank_number": forms.CharField(label=_("Bank's number"), required=False, max_length=60)})
def pay(actor, request, *, method, paid_on, bank_number):
    """The money has left: what is owed falls, and so does the cash."""
    if request.account != request.supplier.account:
        raise Refused(__("The supplier's account has changed since this was asked for. Refuse it and ask anew."))
    if paid_on > timezone.localdate():
        raise Invalid({"paid_on": [__("This day is in the future.")]})
    for payable, amount in _locked(request):
        payable.asked -= amount
        payable.paid += amount
        payable.state = "partly" if payable.balance else "closed"
        payable.save()
    request.method, request.paid_on, request.bank_number = method, paid_on, bank_number
    money.post(actor, "payment", request, [money.Leg("payable", request.amount, party=money.party(request.supplier)),
                                           money.Leg("cash", -request.amount, party=f"finance.paymentmethod:{method.pk}")])


def _locked(request):
    """The payables of a request with its amounts, locked in the order of their ids."""
    amounts = dict(request.lines.values_list("payable_id", "amount"))
    return [(p, amounts[p.pk]) for p in Payable.objects.select_for_update(of=("self",)).filter(pk__in=amounts).order_by("id")]


def _free(request):
    """What a request took up may be asked for again."""
    for payable, amount in _locked(request):
        payable.asked -= amount
        payable.save()


@action(PaymentRequest, _("Refuse"), sources=("requested", "approved"), target="refused", roles="finance_manager general_manager", style="danger",
        icon="x", fields={"reason": forms.CharField(label=_("Reason"))})
def refuse(actor, request, *, reason):
    """Not paid; what it took up may be asked for again."""
    _free(request)
    tell({request.created_by_id}, __("Payment refused: %(n)s. %(why)s") % {"n": request.number, "why": reason}, request)


@action(PaymentRequest, _("Cancel"), sources=("requested",), target="cancelled", roles=f"{FINANCE} purchaser", style="danger", icon="ban")
def cancel(actor, request):
    """It was asked for by mistake."""
    _free(request)


def owed_to_us(party):
    """What stands as claim on a supplier or on one of our people, in yuan."""
    return money.balance("claims", party=money.party(party))


@action(ClaimSettlement, _("New claim settlement"), creates=True, verb="create", roles=f"{FINANCE} cashier", icon="cash", style="primary",
        done=_("Entered; another person confirms it."), fields=lambda actor, obj=None: {
            "supplier": Pick(Supplier, label=_("Supplier"), required=False),
            "employee": Pick(Employee, label=_("Employee"), required=False),
            "amount": forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), **AMOUNT),
            "method": Pick(PaymentMethod, label=_("Payment method"), limit={"account": "cash"}),
            "received_on": forms.DateField(label=_("Received on"), initial=timezone.localdate),
            "remark": forms.CharField(label=_("Remark"), required=False)})
def settle(actor, *, supplier, employee, amount, method, received_on, remark):
    """Money came for a claim on a supplier, or on an employee who bought or broke something."""
    if (supplier is None) == (employee is None):
        raise Invalid({"supplier": [__("Name the supplier or the employee who paid.")]})
    if received_on > timezone.localdate():
        raise Invalid({"received_on": [__("This day is in the future.")]})
    return ClaimSettlement.start(actor, supplier=supplier, employee=employee, amount=amount, method=method, received_on=received_on, remark=remark)


@action(ClaimSettlement, _("Confirm"), sources=("entered",), target="confirmed", roles=FINANCE, bulk=True, style="success", icon="check",
        done=_("Booked."))
def confirm(actor, row):
    """The claim falls by what came, never below zero."""
    by_another(actor, row, __("Nobody confirms what he entered himself."))
    type(row.party).objects.select_for_update(of=("self",)).get(pk=row.party.pk)   # two settlements of one party wait for each other
    owed = owed_to_us(row.party)
    if row.amount > owed:
        raise Refused(__("Only %(a)s is open.") % {"a": money_text(owed)})
    money.post(actor, "claim_settled", row, [money.Leg("cash", row.amount, party=f"finance.paymentmethod:{row.method_id}"),
                                             money.Leg("claims", -row.amount, party=money.party(row.party))])


@action(ClaimSettlement, _("Refuse"), sources=("entered",), target="refused", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("Reason"))})
def reject(actor, row, *, reason):
    """No such money came."""
