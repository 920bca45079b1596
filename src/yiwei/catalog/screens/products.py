"""Screens of products, grades, categories and names."""

from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import packages
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..actions.product import KEEPERS, MORE, PLAIN
from ..models.package import PackageName, ProductPart
from ..models.price import PriceChange, PriceListLine
from ..models.product import Category, Grade, Product, StyleAlias

HEAD = "general_manager tenant_admin"
READERS = ("region_director store_manager guide designer channel_rep channel_manager drawing_auditor price_auditor"
           " finance_manager accountant cashier purchaser storekeeper dispatcher service_head service_agent")


SIZE = [f"{side}_{end}" for side in ("width", "height", "depth") for end in ("min", "max")]


class Products(Register):
    model = Product
    label = _("Products")
    code, module, icon, position = "BAS-02", "base", "armchair", 10
    roles, editors, exporters = READERS, KEEPERS, f"{KEEPERS} purchaser"
    columns = [Column("name", _("product"), "text", link=True), "code", "brand", "category", "series", "style", "grade", "spec",
               "color", "unit", "method", "list_price", "dealer_price", "supplier", "active"]
    form = [*PLAIN, *MORE]
    filters = ["category", "supplier", "brand", "grade", "method", "custom", "outsourced", "active"]
    sections = [(_("Product"), ["code", "factory_code", "name", "brand", "category", "series", "style", "grade", "spec",
                                "material", "color", "custom", "outsourced", "supplier", "package_name", "lead_days", "warranty_months"]),
                (_("Price"), ["list_price", "dealer_price", "guide_price", "unit", "method", "least"]),
                (_("Made in standard"), SIZE)]
    tabs = [Tab("lists", _("In price lists"), PriceListLine, "product",
                [Column("price_list", _("price list"), "link"), Column("place", _("where"), value="price_list__place"),
                 Column("from", _("valid from"), "date", value="price_list__valid_from"),
                 Column("to", _("valid to"), "date", value="price_list__valid_to"), "list_price", "dealer_price"],
                query=lambda rows, p: rows.filter(product=p).select_related(
                    "price_list__region", "price_list__outlet").order_by("-price_list__valid_from", "-id")),
            Tab("prices", _("Own prices"), PriceChange, "product", ["valid_from", "list_price", "dealer_price"],
                order="-valid_from"),
            Tab("parts", _("Packages"), ProductPart, "product", ["package_name", "count"]),
            Tab("aliases", _("Style aliases"), StyleAlias, "style", ["alias", "kind", "valid_from", "valid_to", "active"],
                query=lambda rows, p: rows.filter(brand=p.brand, style=p.style).exclude(style="").order_by("-id"))]
    search_hint = _("Code, name, style or alias")
    importable = True

    @classmethod
    def notices(cls, actor, obj):
        return [{"tone": "info", "text": __("Why it costs what it costs, by outlet, day and size"),
                 "url": reverse("report", args=["price-check"]) + f"?product={obj.pk}"}]


class Grades(Register):
    model = Grade
    label = _("Product grades")
    code, module, icon, position = "BAS-01", "base", "stars", 5
    roles, editors, exporters = READERS, HEAD, KEEPERS
    columns = ["name", "code", "floor_shift", "commission_factor", "rebate_factor", "active"]
    filters = ["active"]
    importable = True
    help = _("The shift moves the discount floor of every position: +0.02 turns 0.92 into 0.94. A new shift holds for new quotes only.")
    tabs = [Tab("products", _("Products"), Product, "grade", ["name", "code", "brand", "category", "list_price", "active"])]
    form = ["code", "name", "floor_shift", "commission_factor", "rebate_factor"]


class Categories(Register):
    model = Category
    label = _("Categories")
    code, module, icon, position = "BAS-02", "base", "category", 12
    roles, editors = READERS, HEAD
    columns = ["name", "code", "group", "parent", "active"]
    filters = ["group", "active"]
    form = ["code", "name", "group", "parent"]
    importable = True
    tabs = [Tab("parts", _("Contained categories"), Category, "parent", ["name", "code", "active"])]

    @classmethod
    def check(cls, actor, obj, data):
        above, seen = data.get("parent"), {obj.pk} if obj else set()
        while above is not None:
            if above.pk in seen:
                raise Invalid({"parent": [__("A category cannot be part of itself.")]})
            seen.add(above.pk)
            above = above.parent


class PackageNames(Register):
    """What stands on packages: arrivals find a name by any of its labels."""

    model = PackageName
    label = _("HQ package names")
    code, module, icon, position = "BAS-03", "base", "package", 15
    roles, editors = READERS, f"{HEAD} storekeeper"
    columns = ["name", "category", "counts_for_kitting", "install_critical", "aliases", "active"]
    filters = ["category", "counts_for_kitting", "install_critical", "active"]
    form = ["name", "category", "counts_for_kitting", "install_critical", "aliases"]
    tabs = [Tab("products", _("In the packing lists of"), ProductPart, "package_name", ["product", "count"])]
    help = _("Arrivals find a package by its name or an alias, whatever spaces, signs and numbers stand beside it.")
    importable = True

    @classmethod
    def check(cls, actor, obj, data):
        meant = packages.taken([data["name"], *packages.split(data["aliases"])], but=obj)
        wrong = {}
        for label, name in meant.items():
            if label == data["name"] == name.name:
                continue   # the unique name says so itself
            wrong.setdefault("name" if label == data["name"] else "aliases", []).append(
                __("“%(label)s” already means “%(name)s”.") % {"label": label, "name": name})
        if wrong:
            raise Invalid(wrong)

    @classmethod
    def keep(cls, actor, obj, verb):
        if verb == "enable":
            cls.check(actor, obj, {"name": obj.name, "aliases": obj.aliases})


class StyleAliases(Register):
    model = StyleAlias
    label = _("Style aliases")
    code, module, icon, position = "BAS-07", "base", "tags", 35
    roles, editors, exporters = READERS, KEEPERS, KEEPERS
    columns = ["alias", "brand", "style", "kind", "valid_from", "valid_to", "active"]
    filters = ["brand", "style", "kind", "active"]
    search_hint = _("Alias or style")
    importable = True
    tabs = [Tab("products", _("Products"), Product, "style", ["name", "code", "spec", "color", "list_price", "active"],
                query=lambda rows, a: rows.filter(brand=a.brand, style=a.style).order_by("code"))]
