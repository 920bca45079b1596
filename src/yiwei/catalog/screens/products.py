"""Screens of products and suppliers."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.register.core import Column, Register, Tab

from ..models.product import Category, Grade, PackageName, PriceChange, Product, StyleAlias, Supplier

HEAD = "general_manager tenant_admin"
READERS = ("region_director store_manager guide designer channel_rep channel_manager drawing_auditor price_auditor"
           " finance_manager accountant cashier purchaser storekeeper dispatcher service_head service_agent")


class Products(Register):
    model = Product
    label = _("Products")
    code, module, icon, position = "BAS-02", "base", "armchair", 10
    roles, editors, exporters = READERS, f"{HEAD} price_auditor", f"{HEAD} price_auditor purchaser"
    columns = [Column("name", _("product"), "text", link=True), "code", "brand", "category", "series", "style", "spec",
               "color", "unit", "list_price", "dealer_price", "supplier", "active"]
    filters = ["category", "supplier", "brand", "active"]
    form = ["code", "name", "brand", "category", "series", "style", "grade", "spec", "color", "unit", "list_price",
            "dealer_price", "supplier", "package_name", "custom", "outsourced", "lead_days"]
    tabs = [Tab("prices", _("Prices"), PriceChange, "product", ["valid_from", "list_price", "dealer_price"],
                order="-valid_from")]
    search_hint = _("Code, name, style or alias")
    importable = True


class Grades(Register):
    model = Grade
    label = _("Product grades")
    code, module, icon, position = "BAS-01", "base", "stars", 5
    roles, editors = READERS, HEAD
    columns = ["name", "code", "floor_shift", "commission_factor", "rebate_factor", "active"]
    form = ["code", "name", "floor_shift", "commission_factor", "rebate_factor"]


class Categories(Register):
    model = Category
    label = _("Categories")
    code, module, icon, position = "BAS-02", "base", "category", 12
    roles, editors = READERS, HEAD
    columns = ["name", "code", "group", "active"]
    form = ["code", "name", "group"]


class PackageNames(Register):
    model = PackageName
    label = _("HQ package names")
    code, module, icon, position = "BAS-03", "base", "package", 15
    roles, editors = READERS, f"{HEAD} storekeeper"
    columns = ["name", "counts_for_kitting", "install_critical", "aliases", "active"]
    filters = ["counts_for_kitting", "install_critical", "active"]
    form = ["name", "counts_for_kitting", "install_critical", "aliases"]
    importable = True


class StyleAliases(Register):
    model = StyleAlias
    label = _("Style aliases")
    code, module, icon, position = "BAS-07", "base", "tags", 35
    roles, editors = READERS, f"{HEAD} price_auditor"
    columns = ["alias", "brand", "style", "kind", "valid_from", "valid_to", "active"]
    form = ["brand", "style", "alias", "kind", "valid_from", "valid_to"]
    importable = True


class Suppliers(Register):
    model = Supplier
    label = _("Suppliers")
    code, module, icon, position = "BAS-12", "base", "building-factory", 60
    roles, editors = "purchaser storekeeper finance_manager accountant price_auditor", f"{HEAD} purchaser"
    columns = ["name", "code", "kind", "lead_days", "contact", "phone", "terms_days", "active"]
    filters = ["kind", "active"]
    form = ["code", "name", "kind", "lead_days", "contact", "phone", "account", "tax_number", "terms_days"]
