"""Screens of finance."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.mall import MallLine
from ..models.receipt import Receipt, ReceiptSplit, Receivable, WriteOff
from ..models.terms import PaymentMethod, PaymentType, SettlementMethod

FINANCE = "general_manager finance_manager accountant cashier"
SALES = "region_director store_manager guide"
HEAD = "general_manager tenant_admin finance_manager"

COLUMNS = ["number", "customer", "amount", "type", "method", "state", "received_on", "mall_number", "outlet", "owner"]


class Receipts(Register):
    model = Receipt
    label = _("Receipts")
    code, module, icon, position = "FIN-08", "finance", "receipt", 10
    roles, exporters = f"{FINANCE} {SALES}", "finance_manager accountant"
    columns = COLUMNS
    filters = ["state", "outlet", "customer", "method", "type", "received_on"]
    sections = [(_("Receipt"), ["customer", "amount", "type", "method", "received_on", "mall_number", "slip", "payer",
                                "booking_month", "effective_at", "reversal_of", "remark"])]
    tabs = [Tab("splits", _("Split"), ReceiptSplit, "receipt", ["sub", "amount", "written_off"])]
    search_hint = _("Number, mall number, slip or customer")

    @classmethod
    def figures(cls, actor, obj):
        return [{"label": _("Amount"), "text": money_text(obj.amount), "tone": "red" if obj.amount < 0 else "green"}]

    @classmethod
    def notices(cls, actor, obj):
        if obj.state in ("submitted", "store_approved"):
            return [{"tone": "warning", "text": __("Not yet effective: opens no gate until finance has approved it.")}]
        return []


class StoreReview(Register):
    """Receipts the store manager has to check."""

    model, main, slug = Receipt, False, "receipt-store"
    label = _("Receipt store review")
    code, module, icon, position = "FIN-07", "finance", "receipt-2", 5
    roles = "store_manager region_director general_manager"
    limit = {"state": "submitted"}
    columns, filters, sections, tabs = COLUMNS, ["outlet", "method", "received_on"], Receipts.sections, Receipts.tabs
    figures, notices = Receipts.figures, Receipts.notices


class FinanceReview(Register):
    """Receipts finance has to confirm."""

    model, main, slug = Receipt, False, "receipt-finance"
    label = _("Receipt review")
    code, module, icon, position = "FIN-08", "finance", "receipt-2", 8
    roles = FINANCE
    limit = {"state": "store_approved"}
    columns, filters, sections, tabs = COLUMNS, ["outlet", "method", "received_on"], Receipts.sections, Receipts.tabs
    figures, notices = Receipts.figures, Receipts.notices


class Receivables(Register):
    model = Receivable
    label = _("Receivables")
    code, module, icon, position = "FIN-12", "finance", "cash", 120
    roles, exporters = f"{FINANCE} {SALES}", "finance_manager accountant"
    columns = ["number", Column("customer", _("customer"), "link", value="sub__contract__customer"), "sub", "amount",
               "written_off", Column("balance", _("balance"), "money"), "due_on", "promised_on", "state", "outlet"]
    filters = ["state", "outlet", "due_on"]
    tabs = [Tab("pairs", _("Write-offs"), WriteOff, "receivable", ["split", "amount", "created_at"])]


class WriteOffs(Register):
    model = WriteOff
    label = _("Receivable write-offs")
    code, module, icon, position = "FIN-14", "finance", "arrows-join", 140
    roles, exporters = FINANCE, "finance_manager accountant"
    columns = ["created_at", Column("receivable", _("receivable"), "link", link=True), "split", "amount"]
    filters = ["created_at"]


class MallLines(Register):
    model = MallLine
    label = _("Mall statement lines")
    code, module, icon, position = "FIN-10", "finance", "building-store", 100
    roles, exporters = FINANCE, "finance_manager accountant"
    columns = ["number", "paid_on", "outlet", "customer_name", "phone_tail", "amount", "fee", "due", "way", "receipt",
               "cause"]
    filters = ["outlet", "paid_on", "cause"]


class PaymentTypes(Register):
    model = PaymentType
    label = _("Payment types")
    code, module, icon, position = "FIN-01", "finance", "tag", 210
    roles, editors = f"{FINANCE} {SALES}", HEAD
    columns = ["name", "code", "opens_gate", "refundable", "cap_percent", "active"]
    form = ["code", "name", "opens_gate", "refundable", "cap_percent", "prints_as"]


class PaymentMethods(Register):
    model = PaymentMethod
    label = _("Payment methods")
    code, module, icon, position = "FIN-02", "finance", "credit-card", 220
    roles, editors = f"{FINANCE} {SALES}", HEAD
    columns = ["name", "code", "account", "fee_percent", "needs_slip", "needs_mall_number", "active"]
    form = ["code", "name", "account", "fee_percent", "needs_slip", "needs_mall_number"]


class SettlementMethods(Register):
    model = SettlementMethod
    label = _("Settlement methods")
    code, module, icon, position = "FIN-03", "finance", "calendar-repeat", 230
    roles, editors = FINANCE, HEAD
    columns = ["name", "code", "cycle", "due_days", "offset_allowed", "active"]
    form = ["code", "name", "cycle", "due_days", "offset_allowed"]


Pending(Receipt, ("submitted",), "finance.receipt.store_approve", _("Receipts to check"), tone="orange", order=20)
Pending(Receipt, ("store_approved",), "finance.receipt.finance_approve", _("Receipts to approve"), tone="orange", order=20)
Pending(Receipt, ("returned",), "finance.receipt.resubmit", _("Receipts returned"), tone="red", order=15)
