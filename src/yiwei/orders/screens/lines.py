"""The page of one contract line: why it costs what it costs."""

from decimal import Decimal

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import explain
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.orders.rules import pricing

from ..models.contract import ContractLine
from .orders import READERS


def explained(line):
    """(steps, net, good, price) of a line, by the same function that priced its contract."""
    sub = line.sub
    _subs, lines, made = pricing.price(sub.contract)
    good = next((g for g in made.goods if g.key == line.pk), None)
    if good is None:  # of a sub-contract taken out
        good, made = pricing.good_of(line, sub), pricing.quote([pricing.good_of(line, sub)])
    price = pricing.system_prices(sub.contract, [line])[line.product_id]
    size = explain.size_text(line.product, line.width, line.height, line.pieces, line.qty) if line.width and line.product.method in (
        "area", "metre") else ""
    steps = explain.steps(good, made, price, product=line.product, size=size)
    net = next((ln.net for ln in lines if ln.pk == line.pk), line.net)
    kept = net - sum((s.amount for s in steps), Decimal(0))
    if kept:
        steps.append(explain.Step(__("Fixed at price review"), __("What was reviewed keeps its part of the promotions"), kept))
    return steps, net, good, price


class ContractLines(Register):
    model = ContractLine
    label = _("Contract lines")
    code, module, icon, position = "ORD-02", "orders", "list-details", 16
    roles, exporters, menu = READERS, "region_director finance_manager store_manager", False
    columns = [Column("name", _("name"), "text", link=True), Column("sub", _("sub-contract"), "link"), "room", "spec", "color", "width", "height",
               "pieces", "qty", "list_price", "factor", "discounted", "promotion_amount", "net", "gift"]
    filters = ["sub", "product", "gift"]
    with_related = ("sub__contract", "sub__contract__customer", "product__grade", "grade")
    sections = [(_("Goods"), ["name", Column("product", _("product"), "link"), Column("sub", _("sub-contract"), "link"), "room", "spec",
                              "color", "width", "height", "pieces", "qty", Column("grade", _("product grade"), "link"), "from_stock", "remark"]),
                (_("Price"), ["list_price", "factor", "discounted", "promotion_amount", "net", "cost_price", "gift"])]

    @classmethod
    def panels(cls, actor, obj):
        steps, net, good, price = explained(obj)
        floor = actor.limits.get("discount_floor")
        return [{"title": __("Why this price"), "template": "catalog/why.html", "net": money_text(net),
                 "steps": [{"label": s.label, "how": s.how, "amount": money_text(s.amount), "tone": s.tone} for s in steps],
                 "floor": explain.floor_text(good, price, None if floor is None else Decimal(floor), obj.grade, obj.floor_shift)}]

    @classmethod
    def api_extra(cls, actor, obj):
        steps, net, _good, _price = explained(obj)
        return {"why": [s.plain() for s in steps], "costs": str(net)}
