"""Screens of payables, payments and invoices (FIN-09, FIN-12, FIN-13)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.home import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.invoice import Invoice
from ..models.payable import ClaimSettlement, Payable, PaymentLine, PaymentRequest
from ..rules.invoicing import invoiceable
from .finance import FINANCE, SALES

BUYERS = f"{FINANCE} purchaser"


class Payables(Register):
    """What is owed to suppliers, by bill."""

    model, label = Payable, _("Payables")
    code, module, icon, position = "FIN-13", "finance", "receipt-tax", 130
    roles, exporters = BUYERS, "finance_manager accountant"
    columns = ["number", "supplier", "source_number", "amount", "paid", "asked", Column("balance", _("balance"), "money", mask="cost"), "due_on",
               "invoice_number", "state"]
    filters = ["state", "supplier", "due_on"]
    sections = [(_("Payable"), ["supplier", "source_number", "amount", "paid", "asked", "accrued_on", "due_on", "invoice_number", "remark"])]
    tabs = [Tab("payments", _("Payments"), PaymentLine, "payable", ["request", "amount", "created_at"])]


class PaymentRequests(Register):
    """Payments asked for, approved and made."""

    model, label = PaymentRequest, _("Payment requests")
    code, module, icon, position = "FIN-13", "finance", "cash-banknote", 132
    roles, exporters = BUYERS, "finance_manager accountant"
    columns = ["number", "supplier", "amount", "account", "pay_on", "paid_on", "state", "owner"]
    filters = ["state", "supplier", "pay_on"]
    sections = [(_("Payment request"), ["supplier", "account", "amount", "pay_on", "approved_by", "method", "paid_on", "bank_number", "remark"])]
    tabs = [Tab("lines", _("Payables"), PaymentLine, "request", ["payable", "amount"])]


class ClaimSettlements(Register):
    """Money that came for claims on suppliers and on our own people."""

    model, label = ClaimSettlement, _("Claim settlements")
    code, module, icon, position = "FIN-12", "finance", "cash", 125
    roles, exporters = FINANCE, "finance_manager accountant"
    columns = ["number", "supplier", "employee", "amount", "method", "received_on", "state"]
    filters = ["state", "received_on"]
    sections = [(_("Claim settlement"), ["supplier", "employee", "amount", "method", "received_on", "remark"])]


class Invoices(Register):
    """Invoices to customers."""

    model, label = Invoice, _("Invoices")
    code, module, icon, position = "FIN-09", "finance", "file-invoice", 90
    roles, exporters = f"{FINANCE} {SALES}", "finance_manager accountant"
    columns = ["number", "customer", "buyer", "kind", "amount", "official_number", "issued_on", "state", "outlet"]
    filters = ["state", "kind", "outlet", "issued_on"]
    sections = [(_("Invoice"), ["customer", "kind", "buyer", "company", "tax_number", "email", "amount", "official_number", "issued_on", "red_of",
                                "remark"])]

    @classmethod
    def figures(cls, actor, obj):
        return [{"label": _("Amount"), "text": money_text(obj.amount), "tone": "red" if obj.amount < 0 else "green"},
                {"label": _("May still be invoiced"), "text": money_text(invoiceable(obj.customer))}]

    @classmethod
    def notices(cls, actor, obj):
        if obj.state == "issued" and obj.amount > 0 and invoiceable(obj.customer) < 0:
            return [{"tone": "danger", "text": __("More is invoiced than was received: a red invoice is due.")}]
        return []


Pending(PaymentRequest, ("requested",), "finance.paymentrequest.approve", _("Payments to approve"), tone="orange", order=30)
Pending(PaymentRequest, ("approved",), "finance.paymentrequest.pay", _("Payments to make"), tone="orange", order=30)
Pending(ClaimSettlement, ("entered",), "finance.claimsettlement.confirm", _("Claim settlements to confirm"), order=40)
Pending(Invoice, ("requested",), "finance.invoice.review", _("Invoices to review"), order=40)
Pending(Invoice, ("reviewed",), "finance.invoice.issue", _("Invoices to issue"), order=40)
