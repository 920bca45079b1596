"""Whom to ask at a supplier, and the change of a bank account by two persons (BAS-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.work.dual_control import AccountChange, guarded, rules

from .product import Supplier


class SupplierContact(BaseData):
    """A person at a supplier, and for what: orders, claims, accounts, delivery."""

    personal = {"phone": personal.PHONE}
    supplier = Ref(Supplier, related_name="contacts", verbose_name=_("supplier"))
    purpose = models.CharField(_("for"), max_length=10, default="claims", choices=[
        ("orders", _("Ordering")), ("claims", _("Claims")), ("accounts", _("Accounts")), ("delivery", _("Delivery"))])
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("supplier's contact")
        indexes = [models.Index(fields=["tenant", "supplier"], name="catalog_suppliercontact_of")]

    def __str__(self):
        return self.name


class BankChange(AccountChange):
    """A new bank account of a supplier."""

    masked = {"account": "cost", "old_account": "cost"}
    search = {"supplier__name": "name", "supplier__code": "code"}
    holder = "supplier"
    triggers = guarded("supplier")

    supplier = Ref(Supplier, related_name="bank_changes", verbose_name=_("supplier"))

    class Meta:
        verbose_name = _("change of bank account")
        constraints = rules("catalog_bankchange", "supplier")
