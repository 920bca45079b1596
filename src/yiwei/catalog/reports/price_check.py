"""What a product costs in an outlet on a day in a size, step by step, and who may give the discount (BAS-02, BAS-09)."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import explain, promotions
from yiwei.catalog.rules.prices import prices
from yiwei.catalog.rules.quote import Good, measured, quote
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.outlet import Outlet

from ..models.product import Product
from ..models.promotion import Promotion


def number(text, default, low=Decimal("0.001"), high=Decimal("1000000")):
    """A number typed into the filter bar; what is no sensible number counts as not typed."""
    try:
        value = Decimal(str(text or "").strip() or default)
    except InvalidOperation:
        return Decimal(default)
    return value if value.is_finite() and low <= value <= high else Decimal(default)


class PriceCheck(Report):
    slug = "price-check"
    label = _("Price check")
    code, module, position = "BAS-02", "orders", 12
    roles = "general_manager region_director store_manager guide designer price_auditor channel_manager channel_rep finance_manager tenant_admin"
    basis = _("Choose a product; the price is that of the price list of the outlet and day")
    columns = [Column("step", _("Step")), Column("how", _("How it is reckoned"), "note"), Column("amount", _("Amount"), "money")]
    filters = [Filter("product", _("Product"), "picker", model=Product), Filter("outlet", _("Outlet (your own if empty)"), "picker", model=Outlet),
               Filter("day", _("Price date"), "date"), Filter("width", _("Width mm"), "text"), Filter("height", _("Height mm"), "text"),
               Filter("qty", _("Quantity or pieces"), "text"), Filter("factor", _("Non-standard factor"), "text"),
               Filter("discount", _("Discount rate"), "text"), Filter("promotion", _("Promotion"), "picker", model=Promotion)]

    def query(self, actor, params):
        product = self._chosen(Product, actor, params.get("product"), "category", "grade")
        if product is None:
            return
        outlet = self._chosen(Outlet, actor, params.get("outlet"))
        outlet_id = outlet.pk if outlet else actor.outlet_id
        price = prices([product], self.day(params), outlet_id)[product.pk]
        good, size = self._good(product, price, params)
        quoted = quote([good], self._offers(actor, params, outlet_id))
        for step in explain.steps(good, quoted, price, product=product, size=size):
            yield {"step": step.label, "how": step.how, "amount": step.amount}
        yield {"step": __("Price"), "how": "", "amount": quoted.net[good.key]}
        floor = actor.limits.get("discount_floor")
        shift = product.grade.floor_shift if product.grade and product.grade.active else Decimal(0)
        yield {"step": __("Who may give it"), "amount": None, "how": explain.floor_text(
            good, price, None if floor is None else Decimal(floor), product.grade, shift)}

    @staticmethod
    def _chosen(model, actor, value, *related):
        rows = scope.rows(model, actor).filter(active=True)
        return (rows.select_related(*related) if related else rows).filter(pk=id_of(value)).first() if id_of(value) else None

    @staticmethod
    def _good(product, price, params):
        width, height = (int(number(params.get(side), 0, 0, 100_000)) or None for side in ("width", "height"))
        pieces = number(params.get("qty"), 1)
        sized = measured(product.method, width=width, height=height, pieces=pieces, least=product.least)
        qty = pieces if sized is None else sized
        size = explain.size_text(product, width, height, pieces, qty) if sized is not None else ""
        return Good(key=product.pk, list_price=price.list_price, qty=qty, factor=number(params.get("factor"), 1, Decimal("0.1"), 10),
                    discount=number(params.get("discount"), 1, Decimal("0.1"), 1), product=product.pk, category=product.category_id,
                    brand=product.brand), size

    def _offers(self, actor, params, outlet_id):
        found = self._chosen(Promotion, actor, params.get("promotion"))
        if found is None or promotions.late(found, self.day(params)):
            return []
        outlet = Outlet.objects.filter(pk=outlet_id).first() if found.outlets or found.regions else None
        return [] if promotions.elsewhere(found, outlet) else promotions.offers([found])
