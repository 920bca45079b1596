"""产品价目: the price list with grades, categories, suppliers, packaging names and style aliases."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.actions.product import set_price
from yiwei.catalog.models.package import PackageName
from yiwei.catalog.models.product import Category, Grade, Product, StyleAlias, Supplier
from yiwei.catalog.rules import packages
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse
from yiwei.kernel.text import clean_text, code, money, simplified

GROUPS = {"橱柜": "cabinet", "衣柜": "wardrobe", "木门": "door", "成品沙发": "furniture", "成品床": "furniture",
          "床垫": "furniture"}
MADE_TO_ORDER = {"橱柜", "衣柜", "木门", "背景墙", "台面"}


class Products(Book):
    name = "产品价目"
    order = 20
    register, roles = ("catalog", "product"), "general_manager tenant_admin price_auditor"
    headers = {"code": ["产品编码", "编码"], "brand": ["品牌"], "category": ["品类"], "series": ["系列"], "style": ["款型"],
               "alias": ["款型别名"], "grade": ["品级"], "spec": ["规格"], "color": ["颜色"], "unit": ["单位"],
               "list_price": ["零售价"], "dealer_price": ["结算价"], "supplier": ["供应商"], "package": ["总部包装名称"]}
    needed = ("code", "brand", "category", "list_price")
    hints = {
        "code": gettext_lazy("Known codes get the new price from today."),
        "list_price": gettext_lazy("Yuan; commas and the sign are understood."),
        "dealer_price": gettext_lazy("Yuan; not above the list price."),
        "alias": gettext_lazy("Another name of the style, as shops and customers use it."),
    }

    def prepare(self):
        self.grades = {g.name: g for g in Grade.objects.all()}
        self.categories = {c.name: c for c in Category.objects.all()}
        self.suppliers = {s.name: s for s in Supplier.objects.all()}
        self.packages = {}
        self.products = {p.code: p for p in Product.objects.all()}
        self.aliases = set(StyleAlias.objects.filter(active=True).values_list("brand", "style", "alias"))
        self.meant = {(b.lower(), a.lower()): s for b, s, a in self.aliases}

    def load(self, number, row):
        f = Fields(row)
        key = f.get("code", code, required=True)
        brand, category = f.get("brand", clean_text, required=True), f.get("category", clean_text, required=True)
        style = f.get("style", clean_text, "")
        price, cost = f.get("list_price", money, required=True), f.get("dealer_price", money, 0)
        series, spec, color = (f.get(n, clean_text, "") for n in ("series", "spec", "color"))
        unit, alias = f.get("unit", clean_text, "件"), f.get("alias", clean_text, "")
        f.done()
        if price and cost > price:
            raise Refuse(_("The dealer price %(a)s is above the list price %(b)s.") % {"a": money_text(cost), "b": money_text(price)})
        self._alias(brand, style, alias)
        known = self.products.get(key)
        if known is not None:
            return self._reprice(known, price, cost)
        product = Product(
            code=key, name=f"{category}·{style}" if style else category, brand=brand,
            category=self._one(self.categories, Category, category, group=GROUPS.get(category, "attached")),
            series=series, style=style, spec=spec, color=color, unit=unit, list_price=price, dealer_price=cost,
            grade=self._one(self.grades, Grade, f.get("grade", clean_text, "")),
            supplier=self._one(self.suppliers, Supplier, f.get("supplier", clean_text, "")),
            package_name=self._package(f.get("package", clean_text, "")),
            custom=category in MADE_TO_ORDER, outsourced="外协" in f.get("supplier", clean_text, ""))
        product.save()
        self.products[key] = product
        self.made_row(product)
        return True

    def _package(self, label):
        """The package name of a label, under any of its names; a new one is made."""
        if not label:
            return None
        if label not in self.packages:
            self.packages[label] = packages.resolve([label])[label] or PackageName.objects.create(name=label)
        return self.packages[label]

    def _reprice(self, product, price, cost):
        """A later list with another price becomes the price from today; the same list changes nothing."""
        if (product.list_price, product.dealer_price) == (price, cost):
            return False
        set_price(product, timezone.localdate(), price, cost)
        product.save()
        return True

    def _one(self, known, model, name, **more):
        if not name:
            return None
        if name not in known:
            if any(f.name == "code" for f in model._meta.fields):
                more["code"] = f"{model.__name__[0]}{len(known) + 1:02d}"
            made = model(name=name, **more)
            made.save()
            known[name] = made
            if made.search:
                self.made_row(made)
        return known[name]

    def _alias(self, brand, style, alias):
        if not alias or not style or alias == style or (brand, style, alias) in self.aliases:
            return
        other = self.meant.get((brand.lower(), alias.lower()))
        if other:
            raise Refuse(_("“%(alias)s” already means style “%(style)s”.") % {"alias": alias, "style": other})
        made = StyleAlias(brand=brand, style=style, alias=alias, kind="old" if simplified(alias) == style else "store")
        made.save()
        self.aliases.add((brand, style, alias))
        self.meant[brand.lower(), alias.lower()] = style
        self.made_row(made)
