"""What money is for, how it came, and how accounts are cleared (FIN-01 to -03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData


class PaymentType(BaseData):
    """What the money is for (付款类型)."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    opens_gate = models.BooleanField(_("counts toward gates"), default=True)
    refundable = models.BooleanField(_("refundable"), default=True)
    cap_percent = models.DecimalField(_("legal cap %"), max_digits=5, decimal_places=2, null=True, blank=True)
    prints_as = models.CharField(_("prints as"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("payment type")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="finance_paymenttype_code")]

    def __str__(self):
        return self.name


class SettlementMethod(BaseData):
    """How a counterparty's account is cleared (财务结算方式)."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    cycle = models.CharField(_("cycle"), max_length=10, default="once", choices=[
        ("once", _("At once")), ("monthly", _("Monthly")), ("prepaid", _("Prepaid deduction"))])
    due_days = models.PositiveIntegerField(_("due after days"), default=0)
    offset_allowed = models.BooleanField(_("offset allowed"), default=False)

    class Meta:
        verbose_name = _("settlement method")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="finance_settlement_code")]

    def __str__(self):
        return self.name


class PaymentMethod(BaseData):
    """How the money came (付款方式) and the account it is booked to."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    account = models.CharField(_("ledger account"), max_length=10, default="cash", choices=[
        ("cash", _("Cash and bank")), ("mall", _("Mall clearing")), ("deco", _("Decoration companies' clearing"))])
    fee_percent = models.DecimalField(_("fee %"), max_digits=6, decimal_places=3, default=0)
    needs_slip = models.BooleanField(_("needs slip number"), default=False)
    needs_mall_number = models.BooleanField(_("needs mall receipt number"), default=False)

    class Meta:
        verbose_name = _("payment method")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="finance_paymentmethod_code")]

    def __str__(self):
        return self.name
