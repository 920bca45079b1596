"""Counting the stock; finance decides on the differences (STK-14, FIN-06)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.ledger.models.goods import ProductCost
from yiwei.orders.models.contract import SubContract

from ..models.batch import Count, CountLine
from ..models.warehouse import Bin, Warehouse
from .batch import FINANCE, KEEPER, on_book


@action(Count, _("New count"), creates=True, roles=KEEPER, icon="clipboard-list", style="primary", quick=True,
        fields=lambda actor, obj=None: {"warehouse": Pick(Warehouse, label=_("Warehouse")),
                                        "remark": forms.CharField(label=_("Remark"), required=False)})
def create(actor, *, warehouse, remark):
    """Begin a count; the book stays hidden while counting."""
    return Count.start(actor, warehouse=warehouse, remark=remark)


@action(Count, _("Hand in count"), sources=("counting", "recount"), target="submitted", roles=KEEPER, icon="send",
        style="primary", done=_("Handed in; finance decides on the differences."), fields=lambda actor, obj=None: {
            "lines": Lines({"bin": Pick(Bin, label=_("Bin"), limit={"warehouse": obj.warehouse_id} if obj else {}),
                            "product": Pick(Product, label=_("Product")),
                            "sub": Pick(SubContract, label=_("Sub-contract"), required=False),
                            "counted": forms.DecimalField(label=_("Counted"), min_value=0, max_digits=14, decimal_places=3),
                            "reason": forms.CharField(label=_("Reason"), required=False, max_length=100)},
                           label=_("Counted"), minimum=1)})
def submit(actor, count, *, lines):
    """Compare what was counted with the book of this second; nothing is booked yet."""
    count.lines.all().delete()
    made, seen = [], set()
    for row in lines:
        sub_key = row["sub"].pk if row["sub"] else 0
        key = (row["bin"].pk, row["product"].pk, sub_key)
        if key in seen:
            raise Invalid({"lines": [__("Counted twice: %(p)s") % {"p": row["product"]}]})
        seen.add(key)
        line = CountLine(count=count, bin=row["bin"], product=row["product"], sub_key=sub_key, reason=row["reason"],
                         book=on_book(row["bin"], row["product"], sub_key), counted=row["counted"],
                         created_by_id=actor.id)
        line.value = _value(line)
        made.append(line)
    CountLine.objects.bulk_create(made)
    count.difference_value = sum((ln.value for ln in made), ZERO)


def _value(line):
    """Difference × average cost of now; a gain without any cost on record is worth nothing."""
    cost = ProductCost.objects.filter(product=line.product, sub_id=line.sub_key).first()
    if cost is None or cost.qty <= 0:
        return ZERO
    return round2(line.difference * cost.value / cost.qty)


@action(Count, _("Approve"), approves=True, sources=("submitted",), target="posted", roles=FINANCE, style="success", icon="check",
        done=_("Gains and losses are booked."))
def approve(actor, count):
    """Book the differences: goods to or from gain and loss, their value against the inventory."""
    variance, legs, total = ledger.virtual("variance"), [], ZERO
    for line in count.lines.select_related("product", "bin__location").order_by("product_id", "id"):
        if not line.difference:
            continue
        here, qty = line.bin.location, abs(line.difference)
        if line.difference < 0:
            value = -ledger.move(actor, "count", count, [ledger.Move(line.product, qty, here, variance, line.sub_key)])
        else:
            value = ledger.move(actor, "count", count,
                                [ledger.Move(line.product, qty, variance, here, line.sub_key, abs(_value(line)))])
        line.value, total = value, total + value
        line.save()
        legs += [money.Leg("inventory", value, line.sub_key), money.Leg("variance", -value, line.sub_key)]
    count.difference_value = total
    money.post(actor, "count", count, legs)


@action(Count, _("Recount"), sources=("submitted",), target="recount", roles=FINANCE, icon="refresh",
        fields={"reason": forms.CharField(label=_("What is wrong"))})
def recount(actor, count, *, reason):
    """Count again before anything is booked."""
    tell({count.owner_id}, Message("Please count again: %(n)s") % {"n": count.number}, count)


@action(Count, _("Cancel"), sources=("counting", "recount"), target="cancelled", roles=KEEPER, style="danger", icon="ban")
def cancel(actor, count):
    """The count is not needed."""
