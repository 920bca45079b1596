"""Goods that go back to the supplier (STK-10, FIN-05)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product, Supplier
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule

from .arrival import ArrivalLine
from .batch import BatchReceiptLine
from .warehouse import Bin


class PurchaseReturn(Document):
    """Goods sent back to a supplier (采购退货), at the price they were billed at; the payable falls when he credits them."""

    prefix = "CT"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"amount": "cost", "credited": "cost"}
    search = {"number": "code", "supplier__name": "name"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("approved", _("Approved"), "cyan"),
                State("shipped", _("On the way back"), "orange"), State("credited", _("Credited"), "green", DONE),
                State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("draft", "approved"), ("approved", "shipped"), ("shipped", "credited"),
               ("draft", "cancelled"), ("approved", "cancelled")},
        main=("draft", "approved", "shipped", "credited"),
    )

    supplier = Ref(Supplier, verbose_name=_("supplier"))
    reason = models.CharField(_("reason"), max_length=200)
    freight_payer = models.CharField(_("freight paid by"), max_length=10, default="supplier",
                                     choices=[("supplier", _("Supplier")), ("us", _("Us"))])
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    credited = models.DecimalField(_("credited"), max_digits=14, decimal_places=2, null=True, editable=False)

    class Meta:
        verbose_name = _("purchase return")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_purchasereturn_state"),
                   models.Index(fields=["tenant", "supplier", "-id"], name="stock_purchasereturn_of")]
        constraints = [models.CheckConstraint(condition=models.Q(credited__isnull=True) | models.Q(
            credited__gte=0, credited__lte=models.F("amount")), name="stock_purchasereturn_credit")]


class PurchaseReturnLine(Record):
    """A quantity of what once came in, by the line it came in with."""

    scope = ScopeRule(via="document")
    masked = {"price": "cost", "value": "cost"}

    document = Ref(PurchaseReturn, related_name="lines", verbose_name=_("purchase return"))
    batch_line = Ref(BatchReceiptLine, null=True, blank=True, verbose_name=_("batch receipt line"))
    arrival_line = Ref(ArrivalLine, null=True, blank=True, verbose_name=_("arrival line"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    sub_key = models.BigIntegerField(_("sub-contract"), default=0)
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("purchase return line")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0, value__gte=0), name="stock_purchasereturnline_sane"),
            models.CheckConstraint(condition=models.Q(batch_line__isnull=True) ^ models.Q(arrival_line__isnull=True),
                                   name="stock_purchasereturnline_of")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"
