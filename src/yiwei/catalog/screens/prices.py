"""Screens of price lists and promotions."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules.explain import fold
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.paper import Paper
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.org.models.outlet import Outlet, Region

from ..actions.product import KEEPERS
from ..models.price import PriceList, PriceListLine
from ..models.product import Category, Product
from ..models.promotion import Promotion, PromotionItem
from .papers import pricelist
from .products import READERS


class PriceLists(Register):
    model = PriceList
    label = _("Price lists")
    code, module, icon, position = "BAS-02", "base", "list-details", 11
    roles, editors, exporters = READERS, KEEPERS, KEEPERS
    columns = ["name", "code", "revision", "state", "brand", Column("place", _("where"), value="place"), "valid_from", "valid_to"]
    filters = ["state", "brand", "region", "outlet", "valid_from"]
    with_related = ("region", "outlet")
    sections = [(_("Price list"), ["code", "name", "revision", "brand", "region", "outlet", "valid_from", "valid_to", "remark"])]
    tabs = [Tab("lines", _("Prices"), PriceListLine, "price_list",
                [Column("product", _("product"), "link"), Column("code", _("code"), value="product__code"),
                 "list_price", "dealer_price", Column("own", _("own price"), "money", value="product__list_price")],
                query=lambda rows, p: rows.filter(price_list=p).select_related("product").order_by("product__code"))]
    papers = [Paper("list", _("Price list (PDF)"), "catalog/pricelist", pricelist, show=lambda actor, p: p.lines.exists())]
    help = _("The outlet's list stands before the region's, the region's before the company's; what none names keeps its own price.")

    @classmethod
    def figures(cls, actor, obj):
        return [{"label": __("Prices"), "text": f"{obj.lines.count():,}"}]

    @classmethod
    def notices(cls, actor, obj):
        if not PriceListLines.allowed(actor) or not obj.lines.exists():
            return cls._validity(obj)
        url = f"{PriceListLines.url()}?price_list={obj.pk}"
        return [*cls._validity(obj), {"tone": "info", "text": __("All prices of this list, to filter and to take out"), "url": url}]

    @staticmethod
    def _validity(obj):
        today = timezone.localdate()
        if obj.state != "published":
            return []
        if obj.valid_from > today:
            return [{"tone": "info", "text": __("It holds from %(n)s.") % {"n": obj.valid_from}}]
        if obj.valid_to and obj.valid_to < today:
            return [{"tone": "warning", "text": __("It ended on %(n)s; contracts with an earlier price date keep its prices.") % {
                "n": obj.valid_to}}]
        return []


def gives(p):
    """What a promotion gives, in a few words."""
    money = money_text(p.amount)
    return {
        "reduction": lambda: (__("every %(t)s less %(a)s") if p.repeat else __("from %(t)s less %(a)s")) % {"t": money_text(p.threshold), "a": money},
        "discount": lambda: fold(p.rate or 1), "one_price": lambda: __("each at %(a)s") % {"a": money},
        "add_on": lambda: __("from %(t)s add for %(a)s") % {"t": money_text(p.threshold), "a": money},
        "gift": lambda: __("from %(t)s a gift") % {"t": money_text(p.threshold)},
        "package": lambda: __("package for %(a)s") % {"a": money},
        "linkage": lambda: __("%(n)s brands: %(a)s") % {"n": p.brands_needed, "a": fold(p.rate) if p.rate else money},
    }[p.kind]()


class PriceListLines(Register):
    """The prices of lists, one by one: to look through, to take out, and to load again into a draft."""

    model, label = PriceListLine, _("Prices in lists")
    code, module, icon, position = "BAS-02", "base", "list-search", 12
    roles, exporters = READERS, KEEPERS
    columns = [Column("list", _("price list code"), value="price_list__code", link=True),
               Column("name", _("list name"), value="price_list__name"),
               Column("version", _("version"), "number", value="price_list__revision"),
               Column("only_brand", _("list's brand"), value="price_list__brand"),
               Column("region", _("sales region"), value="price_list__region"), Column("outlet", _("outlet"), value="price_list__outlet"),
               Column("valid_from", _("valid from"), "date", value="price_list__valid_from"),
               Column("valid_to", _("valid to"), "date", value="price_list__valid_to"),
               Column("code", _("product code"), value="product__code"), Column("product", _("product"), "link"),
               Column("style", _("style"), value="product__style"), "list_price", "dealer_price"]
    filters = ["price_list", "product", "product__category", "product__brand"]
    sections = [(_("Price"), [Column("price_list", _("price list"), "link"), Column("product", _("product"), "link"), "list_price", "dealer_price"])]
    help = _("The workbook taken out here can be loaded into a draft again.")


class Promotions(Register):
    model = Promotion
    label = _("Promotions")
    code, module, icon, position = "BAS-09", "base", "discount", 45
    roles, editors, exporters = READERS, KEEPERS, KEEPERS
    columns = ["name", "code", "kind", Column("gives", _("gives"), value=gives), "valid_from", "valid_to", "budget", "turn", "exclusive",
               "active"]
    filters = ["kind", "valid_from", "valid_to", "exclusive", "active"]
    search_hint = _("Code or name")
    importable = True
    sections = [(_("Promotion"), ["code", "name", "kind", Column("gives", _("gives"), value=gives), "threshold", "amount", "repeat", "rate",
                                  "most", "brands_needed"]),
                (_("Days and budget"), ["valid_from", "valid_to", "budget", "turn", "exclusive"])]
    tabs = [Tab("goods", _("Goods"), PromotionItem, "promotion",
                [Column("product", _("product"), "link"), "qty", Column("price", _("list price"), "money", value="product__list_price")],
                query=lambda rows, p: rows.filter(promotion=p).select_related("product").order_by("id"))]

    @classmethod
    def notices(cls, actor, obj):
        return [{"tone": "info", "text": __("Beside which others it may stand"),
                 "url": reverse("report", args=["promotion-matrix"]) + f"?day={max(obj.valid_from, min(obj.valid_to, timezone.localdate()))}"}]

    @classmethod
    def flags(cls, actor, obj):
        today = timezone.localdate()
        if obj.valid_to < today:
            return [{"label": __("Over"), "color": "secondary"}]
        return [{"label": __("Running"), "color": "green"}] if obj.valid_from <= today else [{"label": __("To come"), "color": "blue"}]

    @classmethod
    def panels(cls, actor, obj):
        lists = [(__("Outlets"), Outlet, obj.outlets), (__("Regions"), Region, obj.regions), (__("Categories"), Category, obj.categories),
                 (__("Products"), Product, obj.products), (__("Not beside"), Promotion, obj.excludes)]
        rows = [{"label": label, "items": [str(r) for r in model.objects.filter(pk__in=ids).order_by("id")[:60]]}
                for label, model, ids in lists if ids]
        if obj.brands:
            rows.append({"label": __("Brands"), "items": obj.brands})
        return [{"title": __("Scope"), "template": "catalog/scope.html", "rows": rows}]
