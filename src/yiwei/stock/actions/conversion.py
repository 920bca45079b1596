"""Order goods to batch stock and back: asked by purchasing, approved by finance (STK-13)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO, money_text
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.ledger.models.goods import StockBalance
from yiwei.orders.models.contract import ContractLine, SubContract

from ..models.conversion import StockConversion
from ..models.warehouse import Bin
from ..rules.goods import bins_of, converted
from .batch import FINANCE, on_book, quantity


@action(StockConversion, _("To batch stock"), creates=True, verb="to_batch", roles="purchaser storekeeper", icon="transform",
        style="primary", done=_("Asked for; finance decides."), fields=lambda actor, obj=None: {
            "sub": Pick(SubContract, label=_("Sub-contract")), "product": Pick(Product, label=_("Product")),
            "bin": Pick(Bin, label=_("Bin")), "qty": quantity(),
            "reason": forms.CharField(label=_("Reason"), max_length=200),
            "write_down": forms.DecimalField(label=_("Write-down"), required=False, min_value=0, max_digits=14, decimal_places=2,
                                             help_text=_("What these made-to-measure goods are worth less to anybody else."))})
def to_batch(actor, *, sub, product, bin, qty, reason, write_down):
    """Goods kept for an order that needs them no more become available to all (转备货)."""
    if sub.state != "cancelled" and qty > _spare(sub, product):
        raise Invalid({"sub": [__("The order is not cancelled and still needs these goods.")]})
    if qty > on_book(bin, product, sub.pk):
        raise Invalid({"qty": [__("There is not so much of it in this bin for this order.")]})
    return StockConversion.start(actor, direction="to_batch", sub=sub, product=product, bin=bin, qty=qty, reason=reason,
                                 write_down=write_down or ZERO, outlet_id=sub.outlet_id)


def _spare(sub, product):
    """How much of a product lies there for an order beyond what it still needs."""
    here = sum(StockBalance.objects.filter(sub_id=sub.pk, product=product, virtual=False).values_list("qty", flat=True), ZERO)
    needed = sum((ln.qty - ln.issued_qty for ln in sub.lines.filter(product=product, from_stock=False)), ZERO)
    return here - needed


@action(StockConversion, _("To an order"), creates=True, verb="to_order", roles="purchaser storekeeper", icon="transform",
        style="primary", done=_("Asked for; finance decides."), fields=lambda actor, obj=None: {
            "sub": Pick(SubContract, label=_("Sub-contract")),
            "line": Pick(ContractLine, label=_("Order line"), within={"sub": "sub"}),
            "bin": Pick(Bin, label=_("Bin")), "qty": quantity(),
            "reason": forms.CharField(label=_("Reason"), max_length=200)})
def to_order(actor, *, sub, line, bin, qty, reason):
    """Batch goods are kept for an order from now on (转订单); nobody else gets them."""
    if sub.state in ("cancelled", "closed"):
        raise Invalid({"sub": [__("This order needs no goods any more.")]})
    if line.sub_id != sub.pk or line.from_stock:
        raise Invalid({"line": [__("Choose a line of this order that is bought for it; others are taken from batch stock anyway.")]})
    if qty > line.qty - line.issued_qty - converted(line):
        raise Invalid({"qty": [__("More than the order line needs.")]})
    if qty > {b.pk: free for b, free in bins_of({(line.product_id, 0)})[line.product_id, 0]}.get(bin.pk, ZERO):
        raise Invalid({"qty": [__("There is not so much of it free in this bin.")]})
    return StockConversion.start(actor, direction="to_order", sub=sub, line=line, product=line.product, bin=bin, qty=qty, reason=reason,
                                 outlet_id=sub.outlet_id)


@action(StockConversion, _("Approve"), sources=("requested",), target="moved", roles=FINANCE, bulk=True, style="success", icon="check",
        done=_("Converted."))
def approve(actor, document):
    """Quantity and value change whom they are kept for; only now are the goods available to the other."""
    by_another(actor, document, __("Nobody approves what he asked for himself."))
    here, between = document.bin.location, ledger.virtual("converted")
    before, after = (document.sub_id, 0) if document.direction == "to_batch" else (0, document.sub_id)
    value = ledger.move(actor, "converted_from", document, [ledger.Move(document.product, document.qty, here, between, before)])
    if document.write_down > value:
        raise Refused(__("They are worth %(a)s only.") % {"a": money_text(value)})
    kept = value - document.write_down
    ledger.move(actor, "converted_to", document, [ledger.Move(document.product, document.qty, between, here, after, kept)])
    document.value = kept
    money.post(actor, "conversion", document, [
        money.Leg("inventory", -value, before), money.Leg("inventory", kept, after), money.Leg("variance", document.write_down)])


@action(StockConversion, _("Refuse"), sources=("requested",), target="refused", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("Reason"))})
def refuse(actor, document, *, reason):
    """The goods stay kept for whom they are."""
