"""Purchase orders: with a customer's order, or for batch stock (STK-02, STK-03, STK-08)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product, Supplier
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import ContractLine, SubContract

WAITED_FOR = ("placed", "confirmed", "partly")


class PurchaseOrder(Document):
    """What is ordered from one supplier (采购单), for one sub-contract or for batch stock."""

    prefix = "CG"
    scope = ScopeRule(people=("owner", "sub__owner"), outlet="outlet")
    masked = {"amount": "cost"}
    search = {"number": "code", "factory_number": "code", "sub__number": "code", "supplier__name": "name"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("reviewed", _("Reviewed"), "cyan"),
                State("placed", _("Placed"), "blue"), State("confirmed", _("Confirmed by factory"), "indigo"),
                State("partly", _("Partly arrived"), "orange"), State("arrived", _("Arrived"), "lime"),
                State("closed", _("Closed"), "green", DONE), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("draft", "reviewed"), ("draft", "placed"), ("reviewed", "placed"), ("reviewed", "draft"),
               ("placed", "confirmed"), ("placed", "partly"), ("placed", "arrived"), ("confirmed", "partly"),
               ("confirmed", "arrived"), ("partly", "arrived"), ("arrived", "closed"), ("partly", "closed"),
               *((s, "cancelled") for s in ("draft", "reviewed", "placed", "confirmed"))},
    )

    kind = models.CharField(_("kind"), max_length=8, default="order",
                            choices=[("order", _("With order")), ("batch", _("Batch"))])
    supplier = Ref(Supplier, verbose_name=_("supplier"))
    sub = Ref(SubContract, null=True, blank=True, related_name="purchases", verbose_name=_("sub-contract"))
    factory_number = models.CharField(_("factory number"), max_length=40, blank=True, default="")
    placed_on = models.DateField(_("placed"), null=True, editable=False)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    arrived_on = models.DateField(_("arrived"), null=True, editable=False)
    chased = models.CharField(_("chase note"), max_length=200, blank=True, default="")
    next_chase = models.DateField(_("next chase"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("purchase order")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_purchase_state"),
                   models.Index(fields=["tenant", "supplier", "-id"], name="stock_purchase_supplier"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="stock_purchase_outlet")]

    @property
    def days_late(self):
        """Days past the promised date while goods are still missing."""
        if self.promised_on is None or self.state not in WAITED_FOR:
            return 0
        return max(0, (timezone.localdate() - self.promised_on).days)

    @property
    def sub_key(self):
        """How its goods are bound in the ledger: the order's id, 0 for batch."""
        return self.sub_id or 0

    def total(self):
        return sum((round2(ln.qty * ln.price) for ln in self.lines.all()), ZERO)


class PurchaseLine(Record):
    """A line of a purchase order."""

    scope = ScopeRule(via="purchase")
    masked = {"price": "cost"}

    purchase = Ref(PurchaseOrder, related_name="lines", verbose_name=_("purchase order"))
    product = Ref(Product, verbose_name=_("product"))
    contract_line = Ref(ContractLine, null=True, blank=True, related_name="purchase_lines", verbose_name=_("order line"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, default=0)
    received_qty = models.DecimalField(_("received"), max_digits=14, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("purchase line")
        constraints = [models.CheckConstraint(
            condition=models.Q(qty__gt=0, price__gte=0, received_qty__gte=0, received_qty__lte=models.F("qty")),
            name="stock_purchaseline_sane")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"

    @property
    def open_qty(self):
        return self.qty - self.received_qty
