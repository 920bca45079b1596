"""Invoices: asked for, reviewed, issued, reversed by a red one (FIN-09)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import money_text
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.kernel.work.notify.send import tell

from ..models.invoice import KINDS, Invoice
from ..rules.invoicing import invoiceable

FINANCE = "accountant finance_manager"
NUMBER = forms.RegexField(r"^[0-9A-Za-z-]{6,30}$", label=_("Invoice number"), help_text=_("As the tax office gave it."))


@action(Invoice, _("Ask for an invoice"), creates=True, verb="create", roles=f"guide store_manager cashier {FINANCE}", icon="file-invoice",
        style="primary", done=_("Asked for; finance reviews it."), fields=lambda actor, obj=None: {
            "customer": Pick(Customer, label=_("Customer")),
            "kind": forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="ordinary", required=False),
            "buyer": forms.CharField(label=_("Buyer on the invoice"), max_length=100, required=False, help_text=_("Empty: the customer.")),
            "company": forms.BooleanField(label=_("Buyer is a company"), required=False),
            "tax_number": forms.RegexField(r"^[0-9A-Z]{15,20}$", label=_("Tax number"), required=False),
            "email": forms.EmailField(label=_("Sent to"), required=False),
            "amount": forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False,
                                         help_text=_("Empty: everything that may be invoiced."))})
def ask(actor, *, customer, kind, buyer, company, tax_number, email, amount):
    """Ask for an invoice over money that is effective and not invoiced yet."""
    kind = kind or "ordinary"
    if (company or kind == "special") and not tax_number:
        raise Invalid({"tax_number": [__("A company needs its tax number.")]})
    if kind == "special" and not company:
        raise Invalid({"company": [__("Special VAT invoices are for companies.")]})
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)   # two requests for one customer wait for each other
    free = invoiceable(customer)
    amount = free if amount is None else amount
    if amount <= 0 or amount > free:
        raise Invalid({"amount": [__("%(a)s may be invoiced.") % {"a": money_text(max(free, Decimal(0)))}]})
    return Invoice.start(actor, customer=customer, kind=kind, buyer=buyer or customer.name, company=company, tax_number=tax_number,
                         email=email, amount=amount, outlet_id=customer.outlet_id)


@action(Invoice, _("Review"), sources=("requested",), target="reviewed", roles=FINANCE, bulk=True, style="success", icon="check",
        done=_("Reviewed."))
def review(actor, invoice):
    """Buyer and amount are right."""
    by_another(actor, invoice, __("Nobody reviews what he asked for himself."))


@action(Invoice, _("Issue"), sources=("reviewed",), target="issued", roles=FINANCE, style="primary", icon="file-invoice",
        fields={"official_number": NUMBER}, done=_("Issued."))
def issue(actor, invoice, *, official_number):
    """The invoice has been made at the tax office; its number is noted."""
    _once(official_number)
    invoice.official_number, invoice.issued_on = official_number, timezone.localdate()
    tell({invoice.owner_id}, __("Invoice %(n)s is issued.") % {"n": official_number}, invoice)


def _once(number):
    if Invoice.objects.filter(official_number=number).exists():
        raise Invalid({"official_number": [__("This number was already entered.")]})


@action(Invoice, _("Refuse"), sources=("requested", "reviewed"), target="refused", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("Reason"))})
def refuse(actor, invoice, *, reason):
    """No invoice; its amount may be asked for again."""
    tell({invoice.created_by_id}, __("Invoice refused: %(n)s. %(why)s") % {"n": invoice.number, "why": reason}, invoice)


@action(Invoice, _("Red invoice"), verb="reverse", sources=("issued",), target="reversed", roles=FINANCE, style="danger", icon="arrow-back",
        fields={"official_number": NUMBER, "reason": forms.CharField(label=_("Reason"))}, done=_("Reversed."),
        show=lambda actor, invoice: invoice.red_of_id is None)
def reverse(actor, invoice, *, official_number, reason):
    """Correct an issued invoice by its opposite; both stay, and the money may be invoiced again."""
    _once(official_number)
    Invoice.start(actor, customer=invoice.customer, kind=invoice.kind, buyer=invoice.buyer, company=invoice.company, tax_number=invoice.tax_number,
                  email=invoice.email, amount=-invoice.amount, outlet_id=invoice.outlet_id, owner_id=invoice.owner_id, state="issued",
                  red_of=invoice, official_number=official_number, issued_on=timezone.localdate(), remark=reason)
