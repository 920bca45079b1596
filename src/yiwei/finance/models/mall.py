"""Statements of malls that cash up for their tenants (统一收银)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.outlet import Outlet

from .receipt import Receipt


class MallLine(Record):
    """One line of a mall's statement, matched with our receipt by number, else by amount, date and phone tail."""

    scope = ScopeRule(people=(), outlet="outlet")
    search = {"number": "code", "customer_name": "name"}

    number = models.CharField(_("mall receipt number"), max_length=40)
    paid_on = models.DateField(_("paid on"))
    outlet = Ref(Outlet, verbose_name=_("outlet"))
    customer_name = models.CharField(_("customer"), max_length=60, blank=True, default="")
    phone_tail = models.CharField(_("phone tail"), max_length=4, blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=2, default=0)
    due = models.DecimalField(_("due to us"), max_digits=14, decimal_places=2)
    way = models.CharField(_("paid by"), max_length=40, blank=True, default="")
    contract_number = models.CharField(_("contract number"), max_length=40, blank=True, default="")
    receipt = Ref(Receipt, null=True, blank=True, verbose_name=_("receipt"))
    cause = models.CharField(_("why unmatched"), max_length=20, blank=True, default="", choices=[
        ("no_order", _("No order found")), ("amount", _("Amount differs"))])

    class Meta:
        verbose_name = _("mall statement line")
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="finance_mallline_number")]
        indexes = [models.Index(fields=["tenant", "outlet", "paid_on"], name="finance_mallline_day")]

    def __str__(self):
        return self.number
