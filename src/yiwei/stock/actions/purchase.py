"""Purchase orders: made by release, placed with the factory, followed until arrival (STK-02, STK-03, STK-08)."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product, Supplier
from yiwei.kernel.base import deferred, directory
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.actions import progress
from yiwei.orders.models.contract import ContractLine

from ..models.purchase import PurchaseLine, PurchaseOrder
from ..rules.goods import converted_to

BUYERS = "purchaser"
QTY = {"min_value": Decimal("0.001"), "max_digits": 14, "decimal_places": 3}
PRICE = {"min_value": 0, "max_digits": 14, "decimal_places": 2}


def unassigned():
    """The supplier of goods for which the product names none; the purchaser changes it."""
    found = Supplier.objects.filter(active=True, kind="hq").order_by("id").first()
    return found or Supplier.objects.get_or_create(code="TBD", defaults={"name": __("Supplier to be named")})[0]


def _wanted(sub):
    """{supplier: [order lines]} of what is to be bought for a sub-contract (拆单)."""
    ordered = PurchaseLine.objects.filter(contract_line=OuterRef("pk")).exclude(purchase__state="cancelled")
    by_supplier = {}
    lines = sub.lines.annotate(ordered=Exists(ordered), converted=converted_to("moved"))
    for line in lines.select_related("product__supplier").order_by("id"):
        line.to_buy = line.qty - (line.converted or ZERO)
        if not line.from_stock and not line.ordered and line.to_buy > 0:
            by_supplier.setdefault(line.product.supplier or unassigned(), []).append(line)
    return by_supplier


def demand(actor, sub):
    """Draft one purchase order per supplier for the lines of a released sub-contract. Returns the orders."""
    buyers = directory.holders(["purchaser"], sub.outlet_id)
    made = []
    for supplier, lines in _wanted(sub).items():
        order = PurchaseOrder.start(actor, kind="order", supplier=supplier, sub=sub, outlet_id=sub.outlet_id,
                                    owner_id=buyers[0] if buyers else actor.id,
                                    amount=sum((round2(ln.cost_price * ln.to_buy) for ln in lines), ZERO))
        for ln in lines:
            deferred.write(deferred.inserts(PurchaseLine), PurchaseLine(purchase=order, product=ln.product, contract_line=ln, qty=ln.to_buy,
                                                                    price=ln.cost_price, created_by_id=actor.id))
        log(actor, order, "drafted", text=sub.number, to_state=order.state)
        made.append(order)
    if made:
        tell(buyers, Message("Goods to buy for %(n)s") % {"n": sub.number}, made[0])
    return made


def _batch_fields(actor, obj=None):
    return {"supplier": Pick(Supplier, label=_("Supplier")),
            "promised_on": forms.DateField(label=_("Needed by"), required=False),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"product": Pick(Product, label=_("Product")),
                            "qty": forms.DecimalField(label=_("Quantity"), **QTY),
                            "price": forms.DecimalField(label=_("Price"), required=False, **PRICE)},
                           label=_("Goods"), minimum=1)}


@action(PurchaseOrder, _("Batch purchase"), creates=True, roles=BUYERS, icon="shopping-cart-plus", style="primary",
        quick=True, fields=_batch_fields, done=_("Drafted."))
def create(actor, *, supplier, promised_on, remark, lines):
    """Buy for batch stock, bound to no order."""
    order = PurchaseOrder.start(actor, kind="batch", supplier=supplier, promised_on=promised_on, remark=remark)
    PurchaseLine.objects.bulk_create([
        PurchaseLine(purchase=order, product=ln["product"], qty=ln["qty"], created_by_id=actor.id,
                     price=ln["product"].dealer_price if ln["price"] is None else ln["price"]) for ln in lines])
    order.amount = order.total()
    order.save()
    return order


def _lines_now(actor, order):
    rows = order.lines.select_related("product").order_by("id")
    return {"supplier": order.supplier, "factory_number": order.factory_number,
            "lines": [{"line": ln, "qty": ln.qty, "price": ln.price} for ln in rows]}


@action(PurchaseOrder, _("Change"), sources=("draft", "reviewed"), roles=BUYERS, icon="pencil", initial=_lines_now,
        show=lambda actor, order: actor.sees("cost"),
        fields=lambda actor, order=None: {
            "supplier": Pick(Supplier, label=_("Supplier")),
            "reason": forms.CharField(label=_("Reason of another price"), required=False),
            "lines": Lines({"line": Pick(PurchaseLine, label=_("Line"), limit={"purchase": order} if order else {}),
                            "qty": forms.DecimalField(label=_("Quantity"), **QTY),
                            "price": forms.DecimalField(label=_("Price"), **PRICE)}, label=_("Goods"), minimum=1)})
def change(actor, order, *, supplier, reason, lines):
    """Change supplier, quantities (never above the demand) and prices (with a reason) before placing."""
    order.supplier = supplier
    for row in lines:
        line = row["line"]
        if line.contract_line_id and row["qty"] > line.contract_line.qty:
            raise Invalid({"lines": [__("More than the order needs: %(p)s") % {"p": line.product}]})
        if line.contract_line_id and row["price"] != line.contract_line.cost_price and not reason:
            raise Invalid({"reason": [__("The price differs from the list; say why.")]})
        line.qty, line.price = row["qty"], row["price"]
        line.save()
    order.amount = order.total()


@action(PurchaseOrder, _("Review"), approves=True, sources=("draft",), target="reviewed", roles=BUYERS, icon="check", bulk=True)
def review(actor, order):
    """Lines and prices have been checked."""


@action(PurchaseOrder, _("Place order"), sources=("draft", "reviewed"), target="placed", roles=BUYERS, bulk=True,
        icon="send", style="primary", done=_("Ordered."),
        fields={"promised_on": forms.DateField(label=_("Promised for"), required=False),
                "factory_number": forms.CharField(label=_("Factory number"), max_length=40, required=False)})
def place(actor, order, *, promised_on, factory_number):
    """Ordered from the factory, with the date it promises; the sub-contract is now being purchased."""
    today = timezone.localdate()
    order.placed_on = today
    order.factory_number = factory_number or order.factory_number
    order.promised_on = promised_on or order.promised_on or today + timedelta(days=order.supplier.lead_days)
    _count_purchased(order, 1)
    if order.sub is not None:
        progress.reach(actor, order.sub, "purchasing", sources=("released",))


def _count_purchased(order, sign):
    """Note on the order lines how much of them has been ordered from factories."""
    lines = [(row.contract_line, row.qty) for row in order.lines.select_related("contract_line") if row.contract_line_id]
    for line, qty in lines:
        line.purchased_qty += sign * qty
    ContractLine.objects.bulk_update([line for line, _qty in lines], ["purchased_qty"])


@action(PurchaseOrder, _("Record factory's confirmation"), sources=("placed",), target="confirmed", roles=BUYERS, icon="circle-check",
        fields={"promised_on": forms.DateField(label=_("Promised for"), required=False),
                "factory_number": forms.CharField(label=_("Factory number"), max_length=40, required=False)})
def confirm(actor, order, *, promised_on, factory_number):
    """The factory has confirmed number and date."""
    order.promised_on = promised_on or order.promised_on
    order.factory_number = factory_number or order.factory_number


@action(PurchaseOrder, _("Chase"), sources=("placed", "confirmed", "partly"), roles=BUYERS, icon="phone-outgoing",
        fields={"note": forms.CharField(label=_("Note"), max_length=200),
                "promised_on": forms.DateField(label=_("Promised for"), required=False),
                "next_chase": forms.DateField(label=_("Next chase"), required=False)})
def chase(actor, order, *, note, promised_on, next_chase):
    """Asked the factory; a later date is told to guide and dispatcher."""
    later = promised_on and order.promised_on and promised_on > order.promised_on
    order.chased, order.next_chase, order.promised_on = note, next_chase, promised_on or order.promised_on
    if later and order.sub is not None:
        tell({order.sub.owner_id, *directory.holders(["dispatcher"], order.outlet_id)},
             Message("Goods of %(n)s come later: %(d)s") % {"n": order.sub.number, "d": promised_on}, order.sub)


@action(PurchaseOrder, _("Close"), sources=("arrived", "partly"), target="closed", roles=BUYERS, icon="lock")
def close(actor, order):
    """Nothing more is expected."""


@action(PurchaseOrder, _("Cancel"), sources=("draft", "reviewed", "placed", "confirmed"), target="cancelled",
        roles=BUYERS, style="danger", icon="ban", fields={"reason": forms.CharField(label=_("Reason"))})
def cancel(actor, order, *, reason):
    """Cancel while nothing has arrived; the demand is open again."""
    if any(ln.received_qty for ln in order.lines.all()):
        raise Refused(__("Some of it has arrived."))
    if order.state in ("placed", "confirmed"):
        _count_purchased(order, -1)
