"""What we owe suppliers, and paying it (FIN-13, FIN-15)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .terms import PaymentMethod


class Payable(Document):
    """What we owe a supplier for one bill, or what he credits us (应付款): appears with the review of the goods, falls by payment.

    A credit note stands with a negative amount and is settled in the payment of a bill. `asked` is what requests that are
    neither paid nor refused take up, so that nothing is asked for twice.
    """

    prefix = "YF"
    scope = ScopeRule(people=(), outlet="outlet")
    masked = {"amount": "cost", "paid": "cost", "asked": "cost"}
    search = {"number": "code", "supplier__name": "name", "source_number": "code", "invoice_number": "code"}
    flow = Flow(
        states=(State("open", _("Open"), "orange"), State("partly", _("Partly paid"), "yellow"), State("closed", _("Closed"), "green", DONE)),
        moves={("open", "partly"), ("open", "closed"), ("partly", "closed")},
    )

    supplier = Ref(Supplier, verbose_name=_("supplier"))
    source_model = models.CharField(max_length=60, editable=False)
    source_id = models.BigIntegerField(editable=False)
    source_number = models.CharField(_("document"), max_length=32, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, editable=False)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=0, editable=False)
    asked = models.DecimalField(_("in requests"), max_digits=14, decimal_places=2, default=0, editable=False)
    accrued_on = models.DateField(_("since"), default=timezone.localdate, editable=False)
    due_on = models.DateField(_("due"))
    invoice_number = models.CharField(_("supplier's invoice"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("payable")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source_model", "source_id"], name="finance_payable_source"),
            models.CheckConstraint(name="finance_payable_within", condition=Q(
                amount__gt=0, paid__gte=0, asked__gte=0, amount__gte=F("paid") + F("asked")) | Q(
                amount__lt=0, paid__lte=0, asked__lte=0, amount__lte=F("paid") + F("asked"))),
        ]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="finance_payable_due"),
                   models.Index(fields=["tenant", "supplier", "-id"], name="finance_payable_supplier")]

    @property
    def balance(self):
        return self.amount - self.paid

    @property
    def free(self):
        """What may still be asked for."""
        return self.amount - self.paid - self.asked


class PaymentRequest(Document):
    """Asks for one payment to one supplier (付款申请): approved by another person than who asked, then paid."""

    prefix = "FQ"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"account": "cost"}
    search = {"number": "code", "supplier__name": "name"}
    flow = Flow(
        states=(State("requested", _("Requested"), "orange"), State("approved", _("Approved"), "cyan"), State("paid", _("Paid"), "green", DONE),
                State("refused", _("Refused"), "red", FAILED), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("requested", "approved"), ("requested", "refused"), ("requested", "cancelled"), ("approved", "paid"), ("approved", "refused")},
        main=("requested", "approved", "paid"),
    )

    supplier = Ref(Supplier, verbose_name=_("supplier"))
    account = models.CharField(_("payee's account"), max_length=120, blank=True, default="", editable=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, editable=False)
    pay_on = models.DateField(_("to be paid on"))
    approved_by = Ref(Employee, null=True, editable=False, verbose_name=_("approved by"))
    method = Ref(PaymentMethod, null=True, editable=False, verbose_name=_("payment method"))
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    bank_number = models.CharField(_("bank's number"), max_length=60, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("payment request")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_paymentrequest_amount"),
            models.CheckConstraint(name="finance_paymentrequest_two", condition=~Q(state__in=["approved", "paid"]) | Q(
                approved_by__isnull=False) & ~Q(approved_by=F("created_by"))),
            models.CheckConstraint(name="finance_paymentrequest_paid", condition=~Q(state="paid") | Q(paid_on__isnull=False, method__isnull=False))]
        indexes = [models.Index(fields=["tenant", "state", "pay_on"], name="finance_paymentrequest_day")]


class PaymentLine(Record):
    """The part of a request that pays one payable; the part of a credit note is negative."""

    scope = ScopeRule(via="request")

    request = Ref(PaymentRequest, related_name="lines", verbose_name=_("payment request"))
    payable = Ref(Payable, related_name="payments", verbose_name=_("payable"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("payment line")
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="finance_paymentline_amount"),
                       models.UniqueConstraint(fields=["tenant", "request", "payable"], name="finance_paymentline_once")]

    def __str__(self):
        return f"{self.payable} {self.amount}"


class ClaimSettlement(Document):
    """Money that a supplier or one of our people pays for a claim of ours on him (索赔收款): entered, then confirmed by another."""

    prefix = "SK"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    search = {"number": "code"}
    flow = Flow(
        states=(State("entered", _("Entered"), "orange"), State("confirmed", _("Confirmed"), "green", DONE),
                State("refused", _("Refused"), "red", FAILED)),
        moves={("entered", "confirmed"), ("entered", "refused")},
    )

    supplier = Ref(Supplier, null=True, blank=True, verbose_name=_("supplier"))
    employee = Ref(Employee, null=True, blank=True, verbose_name=_("employee"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    method = Ref(PaymentMethod, verbose_name=_("payment method"))
    received_on = models.DateField(_("received on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("claim settlement")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="finance_claimsettlement_amount"),
                       models.CheckConstraint(condition=Q(supplier__isnull=True) ^ Q(employee__isnull=True), name="finance_claimsettlement_one")]
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="finance_claimsettlement_state")]

    @property
    def party(self):
        """Who pays."""
        return self.supplier or self.employee
