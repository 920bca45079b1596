"""The goods table of contracts: its columns, quantities from sizes, and the limits of what is made in standard."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import SIZED, Product
from yiwei.catalog.rules.quote import measured
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.orders.models.contract import ContractLine, ContractModule

SIZES = ("width", "height")


def line_fields():
    """Columns of the goods table."""
    return {
        "product": Pick(Product, label=_("Product"), related=("grade",)),
        "room": forms.CharField(label=_("Room"), required=False, max_length=40),
        "spec": forms.CharField(label=_("Specification"), required=False, max_length=80),
        "color": forms.CharField(label=_("Colour"), required=False, max_length=40),
        "width": forms.IntegerField(label=_("Width mm"), required=False, min_value=1, max_value=100_000),
        "height": forms.IntegerField(label=_("Height mm"), required=False, min_value=1, max_value=100_000),
        "pieces": forms.IntegerField(label=_("Pieces"), required=False, min_value=1, max_value=10_000),
        "qty": forms.DecimalField(label=_("Quantity"), required=False, min_value=Decimal("0.001"), max_digits=12,
                                  decimal_places=3),
        "list_price": forms.DecimalField(label=_("List price"), required=False, min_value=0, max_digits=14,
                                         decimal_places=2),
        "factor": forms.DecimalField(label=_("Non-standard factor"), required=False, min_value=Decimal("0.1"),
                                     max_value=Decimal("9.9999"), decimal_places=4, initial=Decimal(1)),
        "gift": forms.BooleanField(label=_("Gift"), required=False),
        "from_stock": forms.BooleanField(label=_("From stock"), required=False),
        "name": forms.CharField(label=_("Name on paper"), required=False, max_length=120),
    }


def goods_fields(required=True):
    return {
        "module": Pick(ContractModule, label=_("Contract module"), required=required),
        "brand": forms.CharField(label=_("Brand"), required=False, max_length=40),
        "discount": forms.DecimalField(label=_("Discount rate"), required=False, min_value=Decimal("0.1"), max_value=1,
                                       decimal_places=4, initial=Decimal(1), help_text=_("0.88 = 8.8 折")),
        "fees": forms.DecimalField(label=_("Service fees"), required=False, min_value=0, decimal_places=2),
        "lines": Lines(line_fields(), label=_("Goods"), required=False, minimum=1 if required else 0,
                       help_text=_("Without a list price the price list of the day holds; width, height and pieces give the"
                                   " quantity of what is sold by area or metre.")),
    }


def quantity(index, line):
    """The quantity charged: from the size where the product is sold by size, else as typed. Names the cell that is wrong."""
    product = line["product"]
    _within(index, line)
    if product.method in SIZED:
        found = measured(product.method, width=line["width"], height=line["height"], pieces=line["pieces"], least=product.least)
        if found is not None:
            return found
    qty = line["qty"] if line["qty"] is not None else line["pieces"]
    if qty is None:
        raise Invalid({f"lines.{index}.qty": [__("This field is required.")], "lines": [__("Some lines need correction.")]})
    return Decimal(qty)


def _within(index, line):
    """A size outside what is made in standard needs a non-standard factor."""
    for side in SIZES:
        size, product = line[side], line["product"]
        low, high = getattr(product, f"{side}_min"), getattr(product, f"{side}_max")
        if size is None or (line["factor"] or 1) > 1 or (low or 0) <= size <= (high or size):
            continue
        raise Invalid({f"lines.{index}.{side}": [__("%(p)s is made from %(a)s to %(b)s mm; beyond that give a non-standard factor above 1.") % {
            "p": product.name, "a": low or 0, "b": high or "–"}], "lines": [__("Some lines need correction.")]})


def line_of(actor, sub, index, line, price):
    """A contract line from what was typed; without a typed price the price system's."""
    product, grade = line["product"], line["product"].grade
    return ContractLine(
        sub=sub, product=product, name=line["name"] or product.name, room=line["room"], gift=line["gift"],
        spec=line["spec"] or product.spec, color=line["color"] or product.color, width=line["width"], height=line["height"],
        pieces=line["pieces"], qty=quantity(index, line),
        list_price=line["list_price"] if line["list_price"] is not None else price.list_price,
        factor=line["factor"] or Decimal(1), cost_price=price.dealer_price, from_stock=line["from_stock"], grade=grade,
        floor_shift=grade.floor_shift if grade is not None and grade.active else 0, created_by_id=actor.id)


def typed(line):
    """What stands in the form for a line."""
    return {"product": line.product, "room": line.room, "spec": line.spec, "color": line.color, "width": line.width,
            "height": line.height, "pieces": line.pieces, "qty": line.qty, "list_price": line.list_price, "factor": line.factor,
            "gift": line.gift, "from_stock": line.from_stock, "name": line.name}
