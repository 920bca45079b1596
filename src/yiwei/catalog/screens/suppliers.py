"""Screens of suppliers and of the changes of their bank accounts."""

from django.utils.translation import gettext_lazy as _

from yiwei.catalog.hooks.performance import figures_of
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.kernel.work.dual_control import warning

from ..actions.supplier import ASKERS, DECIDERS
from ..models.product import Product, Supplier
from ..models.supplier import BankChange, SupplierContact

HEAD = "general_manager tenant_admin"


class Suppliers(Register):
    model = Supplier
    label = _("Suppliers")
    code, module, icon, position = "BAS-12", "base", "building-factory", 60
    roles, editors = "purchaser storekeeper finance_manager accountant price_auditor", f"{HEAD} purchaser"
    exporters = f"{HEAD} purchaser finance_manager"
    columns = ["name", "code", "kind", "lead_days", "terms", "terms_days", "contact", "phone", "score", "active"]
    filters = ["kind", "terms", "active"]
    form = ["code", "name", "kind", "lead_days", "terms", "terms_days", "contact", "phone", "tax_number", "score"]
    sections = [(_("Supplier"), ["code", "name", "kind", "contact", "phone", "score"]),
                (_("Terms"), ["lead_days", "terms", "terms_days", "account", "tax_number"])]
    importable = True
    tabs = [Tab("contacts", _("Contacts"), SupplierContact, "supplier", ["name", "purpose", "phone", "remark", "active"]),
            Tab("banks", _("Bank account"), BankChange, "supplier",
                ["created_at", "account", "reason", "created_by", "state", "decided_by", "decided_at", "called"], order="-id"),
            Tab("products", _("Products"), Product, "supplier", ["name", "code", "brand", "list_price", "dealer_price", "lead_days", "active"])]

    @classmethod
    def figures(cls, actor, obj):
        return figures_of(actor, obj)

    @classmethod
    def notices(cls, actor, obj):
        return warning(obj, BankChanges.url())


class BankChanges(Register):
    model = BankChange
    label = _("Bank changes of suppliers")
    code, module, icon, position = "BAS-12", "base", "building-bank", 61
    roles, exporters = f"{ASKERS} {DECIDERS}", "finance_manager"
    columns = [Column("supplier", _("supplier"), "link", link=True), "account", "reason", "state", "created_by", "created_at", "decided_by",
               "decided_at"]
    filters = ["state", "supplier", "created_at"]
    sections = [(_("Change of bank account"), ["supplier", "old_account", "account", "reason", "created_by", "created_at", "decided_by",
                                               "decided_at", "called"])]


Pending(BankChange, ("waiting",), "catalog.bankchange.confirm", _("Bank accounts to confirm"), tone="red")
