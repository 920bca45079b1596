"""Issues of an order's goods, and goods that come back (STK-05, STK-07, FIN-04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import ContractLine, SubContract

from .warehouse import Bin

OPEN_STATES = ("waiting", "picked", "out")


class Issue(Document):
    """Goods of one sub-contract that leave the warehouse (订单出库)."""

    prefix = "CK"
    scope = ScopeRule(people=("owner", "sub__owner", "sub__contract__designer"), outlet="outlet")
    masked = {"cost": "cost"}
    search = {"number": "code", "sub__number": "code", "sub__contract__customer__name": "name"}
    flow = Flow(
        states=(State("waiting", _("Waiting"), "secondary"), State("picked", _("Picked"), "cyan"),
                State("out", _("Handed out"), "orange"), State("approved", _("Approved"), "green", DONE),
                State("rejected", _("Rejected"), "red", FAILED), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("waiting", "picked"), ("picked", "waiting"), ("picked", "out"), ("out", "approved"),
               ("out", "rejected"), ("waiting", "cancelled"), ("picked", "cancelled")},
    )

    sub = Ref(SubContract, related_name="issues", verbose_name=_("sub-contract"))
    delivery_id = models.BigIntegerField(_("delivery"), null=True, blank=True, editable=False)
    handed_at = models.DateTimeField(_("handed over"), null=True, editable=False)
    handed_to = models.CharField(_("handed to"), max_length=60, blank=True, default="")
    net = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0, editable=False)
    arrears = models.DecimalField(_("arrears after issue"), max_digits=14, decimal_places=2, default=0, editable=False)
    promise_on = models.DateField(_("customer promised to pay on"), null=True, editable=False)

    class Meta:
        verbose_name = _("issue")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_issue_state"),
                   models.Index(fields=["tenant", "delivery_id"], name="stock_issue_delivery"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="stock_issue_outlet")]

    @property
    def customer(self):
        return self.sub.contract.customer


class IssueLine(Record):
    """A quantity of one order line from one bin. `batch` goods come from stock that is bound to no order."""

    scope = ScopeRule(via="issue")
    masked = {"cost": "cost"}

    issue = Ref(Issue, related_name="lines", verbose_name=_("issue"))
    contract_line = Ref(ContractLine, related_name="issue_lines", verbose_name=_("order line"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    batch = models.BooleanField(_("from batch stock"), default=False)
    net = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0)
    returned_qty = models.DecimalField(_("returned"), max_digits=14, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("issue line")
        constraints = [models.CheckConstraint(
            condition=models.Q(qty__gt=0, returned_qty__gte=0, returned_qty__lte=models.F("qty")),
            name="stock_issueline_sane")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"


class IssueReturn(Document):
    """Goods of an approved issue that come back (出库返库), at their original net and cost."""

    prefix = "FK"
    scope = ScopeRule(people=("owner", "issue__sub__owner"), outlet="outlet")
    masked = {"cost": "cost"}
    search = {"number": "code", "issue__number": "code"}
    flow = Flow(
        states=(State("received", _("Received back"), "orange"), State("approved", _("Approved"), "green", DONE),
                State("rejected", _("Rejected"), "red", FAILED)),
        moves={("received", "approved"), ("received", "rejected")},
    )

    issue = Ref(Issue, related_name="returns", verbose_name=_("issue"))
    reason = models.CharField(_("reason"), max_length=200)
    condition = models.CharField(_("condition"), max_length=8, default="good", choices=[
        ("good", _("Good")), ("second", _("Second quality")), ("damaged", _("Damaged"))])
    net = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("issue return")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_issuereturn_state")]


class IssueReturnLine(Record):
    """A quantity of an issue line that came back."""

    scope = ScopeRule(via="document")
    masked = {"cost": "cost"}

    document = Ref(IssueReturn, related_name="lines", verbose_name=_("issue return"))
    issue_line = Ref(IssueLine, verbose_name=_("issue line"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    net = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("return line")
