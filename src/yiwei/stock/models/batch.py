"""Batch goods: receipts without an order, transfers between bins, counts (STK-09, STK-14, STK-15, FIN-06)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product, Supplier
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule

from .arrival import RECEIPT_FLOW
from .warehouse import Bin, Warehouse


class BatchReceipt(Document):
    """Batch goods received without an order: opening stock, or bought on the spot (批量采购入库)."""

    prefix = "RK"
    flow = RECEIPT_FLOW
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"amount": "cost"}
    search = {"number": "code"}

    kind = models.CharField(_("kind"), max_length=10, default="purchase",
                            choices=[("opening", _("Opening stock")), ("purchase", _("Purchase"))])
    supplier = Ref(Supplier, null=True, blank=True, verbose_name=_("supplier"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("batch receipt")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_batchreceipt_state")]


class BatchReceiptLine(Record):
    """A product received into a bin at a price."""

    scope = ScopeRule(via="receipt")
    masked = {"price": "cost", "value": "cost"}

    receipt = Ref(BatchReceipt, related_name="lines", verbose_name=_("batch receipt"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, default=0)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, default=0)
    returned_qty = models.DecimalField(_("sent back"), max_digits=14, decimal_places=3, default=0, editable=False)

    class Meta:
        verbose_name = _("receipt line")
        constraints = [models.CheckConstraint(condition=models.Q(returned_qty__gte=0, returned_qty__lte=models.F("qty")),
                                              name="stock_batchreceiptline_returned")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"


class Transfer(Document):
    """Goods moved between bins (库存调拨): out of one, in transit, into the other; cost stays the same."""

    prefix = "DB"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    search = {"number": "code"}
    flow = Flow(
        states=(State("requested", _("Requested"), "secondary"), State("transit", _("In transit"), "orange"),
                State("in", _("In stock"), "green", DONE), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("requested", "transit"), ("transit", "in"), ("requested", "cancelled")},
    )

    from_bin = Ref(Bin, related_name="+", verbose_name=_("from bin"))
    to_bin = Ref(Bin, related_name="+", verbose_name=_("to bin"))
    needed_on = models.DateField(_("needed by"), null=True, blank=True)

    class Meta:
        verbose_name = _("transfer")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_transfer_state")]


class TransferLine(Record):
    """A product and quantity on its way; `sub_key` binds it to an order, 0 for batch goods."""

    scope = ScopeRule(via="transfer")

    transfer = Ref(Transfer, related_name="lines", verbose_name=_("transfer"))
    product = Ref(Product, verbose_name=_("product"))
    sub_key = models.BigIntegerField(_("sub-contract"), default=0)
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("transfer line")


class Count(Document):
    """A count of a warehouse (库存盘点). Nothing is booked before finance approves the differences."""

    prefix = "PD"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"difference_value": "cost"}
    search = {"number": "code"}
    flow = Flow(
        states=(State("counting", _("Counting"), "cyan"), State("submitted", _("To be reviewed"), "orange"),
                State("recount", _("Being recounted"), "red"), State("posted", _("Posted"), "green", DONE),
                State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("counting", "submitted"), ("submitted", "posted"), ("submitted", "recount"), ("recount", "submitted"),
               ("counting", "cancelled"), ("recount", "cancelled")},
        main=("counting", "submitted", "posted"),
    )

    warehouse = Ref(Warehouse, verbose_name=_("warehouse"))
    counted_on = models.DateField(_("counted"), default=timezone.localdate)
    difference_value = models.DecimalField(_("difference"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("stock count")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_count_state")]


class CountLine(Record):
    """Book and counted quantity of a product in a bin at the second it was counted."""

    scope = ScopeRule(via="count")
    masked = {"value": "cost"}

    count = Ref(Count, related_name="lines", verbose_name=_("stock count"))
    bin = Ref(Bin, verbose_name=_("bin"))
    product = Ref(Product, verbose_name=_("product"))
    sub_key = models.BigIntegerField(_("sub-contract"), default=0)
    book = models.DecimalField(_("book"), max_digits=14, decimal_places=3)
    counted = models.DecimalField(_("counted"), max_digits=14, decimal_places=3)
    value = models.DecimalField(_("difference"), max_digits=14, decimal_places=2, default=0)
    reason = models.CharField(_("reason"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("count line")
        constraints = [models.CheckConstraint(condition=models.Q(counted__gte=0), name="stock_countline_counted")]

    @property
    def difference(self):
        return self.counted - self.book
