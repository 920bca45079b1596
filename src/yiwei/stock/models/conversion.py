"""Goods of an order that become batch goods, and the other way (STK-13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import ContractLine, SubContract

from .warehouse import Bin


class StockConversion(Document):
    """A quantity that changes whom it is kept for (转备货, 转订单); its value goes along, less what is written down by approval."""

    prefix = "KZ"
    scope = ScopeRule(people=("owner", "sub__owner"), outlet="outlet")
    masked = {"value": "cost", "write_down": "cost"}
    search = {"number": "code", "sub__number": "code", "product__name": "name"}
    flow = Flow(
        states=(State("requested", _("Requested"), "orange"), State("moved", _("Converted"), "green", DONE),
                State("refused", _("Refused"), "red", FAILED)),
        moves={("requested", "moved"), ("requested", "refused")},
    )

    direction = models.CharField(_("direction"), max_length=8, choices=[
        ("to_batch", _("Order goods to batch stock")), ("to_order", _("Batch stock to an order"))])
    sub = Ref(SubContract, verbose_name=_("sub-contract"))
    line = Ref(ContractLine, null=True, blank=True, verbose_name=_("order line"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=200)
    write_down = models.DecimalField(_("write-down"), max_digits=14, decimal_places=2, default=0)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("stock conversion")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_conversion_state"),
                   models.Index(fields=["tenant", "sub", "-id"], name="stock_conversion_sub")]
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0, write_down__gte=0), name="stock_conversion_sane"),
            models.CheckConstraint(condition=models.Q(write_down=0) | models.Q(direction="to_batch"), name="stock_conversion_down"),
            models.CheckConstraint(condition=~models.Q(direction="to_order") | models.Q(line__isnull=False), name="stock_conversion_line")]
