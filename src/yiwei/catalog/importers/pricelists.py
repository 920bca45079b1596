"""价目表: prices by list; a new list is drafted, a draft is filled, a published one refuses."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.rules import styles
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse
from yiwei.kernel.text import clean_text, code, money
from yiwei.kernel.text import date as day
from yiwei.org.models.outlet import Outlet, Region

from ..actions.product import KEEPERS
from ..models.price import PriceList, PriceListLine
from ..models.product import Product


class PriceLists(Book):
    name = "价目表"
    order = 25
    register, roles = ("catalog", "pricelist"), KEEPERS
    headers = {"list": ["价目表编码", "价目表"], "name": ["价目表名称"], "only_brand": ["限品牌"], "region": ["大区"], "outlet": ["网点"],
               "valid_from": ["生效日期", "开始日期"], "valid_to": ["失效日期", "结束日期", "截止日期"],
               "code": ["产品编码", "编码"], "brand": ["品牌"], "style": ["款型", "款型或别名"], "spec": ["规格"], "color": ["颜色"],
               "list_price": ["零售价"], "dealer_price": ["结算价"]}
    needed = ("list", "valid_from", "list_price")
    hints = {"list": gettext_lazy("A new code drafts a list; publish it after the import."),
             "code": gettext_lazy("Or brand and style; a style may stand under any of its names."),
             "outlet": gettext_lazy("Region and outlet empty: for the whole company.")}

    def prepare(self):
        self.regions = {r.name: r for r in Region.objects.all()}
        self.outlets = {o.name: o for o in Outlet.objects.all()}
        self.lists = {}
        for one in PriceList.objects.order_by("revision"):
            self.lists[code(one.code)] = one
        self.products = {code(p.code): p for p in Product.objects.filter(active=True)}
        self.by_style = {}
        for p in self.products.values():
            if p.style:
                self.by_style.setdefault((p.brand.lower(), p.style.lower()), []).append(p)
        self.aliases = {}
        self.today = timezone.localdate()
        self.priced = {key: (pk, price, cost) for *key_, pk, price, cost in PriceListLine.objects.filter(
            price_list__state="draft").values_list("price_list_id", "product_id", "id", "list_price", "dealer_price")
            for key in [tuple(key_)]}

    def load(self, number, row):
        f = Fields(row)
        key, first, last = f.get("list", code, required=True), f.get("valid_from", day, required=True), f.get("valid_to", day)
        price, cost = f.get("list_price", money, required=True), f.get("dealer_price", money)
        f.done()
        if price < 0 or (cost is not None and cost > price):
            raise Refuse(_("The dealer price %(a)s is above the list price %(b)s.") % {"a": money_text(cost), "b": money_text(price)})
        found = self._products(f, first)
        price_list = self._list(f, key, first, last)
        if price_list.brand and any(p.brand != price_list.brand for p in found):
            raise Refuse(_("%(brand)s is another brand than the list's.") % {"brand": found[0].brand})
        changed = [self._set(price_list, p, price, cost) for p in found]
        return any(changed)

    def _set(self, price_list, product, price, cost):
        known = self.priced.get((price_list.pk, product.pk))
        if known and known[1:] == (price, cost):
            return False
        if known:
            PriceListLine.objects.filter(pk=known[0]).update(list_price=price, dealer_price=cost)
            pk = known[0]
        else:
            line = PriceListLine(price_list=price_list, product=product, list_price=price, dealer_price=cost)
            line.save(force_insert=True)
            pk = line.pk
        self.priced[price_list.pk, product.pk] = (pk, price, cost)
        return True

    def _products(self, f, first):
        """The product of the code, or those of brand and style (under any name of the day), narrowed by specification and colour."""
        wanted = f.get("code", code)
        if wanted:
            if wanted not in self.products:
                raise Refuse(_("There is no product %(code)s.") % {"code": wanted})
            return [self.products[wanted]]
        brand, style = f.get("brand", clean_text, ""), f.get("style", clean_text, "")
        if not brand or not style:
            raise Refuse(_("Give the product code, or brand and style."))
        if first not in self.aliases:
            self.aliases[first] = styles.table(first)
        meant = self.aliases[first].get((brand.lower(), style.lower()), style)
        spec, color = f.get("spec", clean_text, ""), f.get("color", clean_text, "")
        found = [p for p in self.by_style.get((brand.lower(), meant.lower()), ())
                 if (not spec or p.spec == spec) and (not color or p.color == color)]
        if not found:
            raise Refuse(_("There is no product of style “%(style)s” of %(brand)s.") % {"style": style, "brand": brand})
        return found

    def _list(self, f, key, first, last):
        region, outlet = self._named(f, "region", self.regions), self._named(f, "outlet", self.outlets)
        brand = f.get("only_brand", clean_text, "")
        if region and outlet:
            raise Refuse(_("Either a region or an outlet."))
        if last and last < first:
            raise Refuse(_("The last day lies before the first."))
        known = self.lists.get(key)
        if known is None:
            known = PriceList(code=key, name=f.get("name", clean_text, key), brand=brand, region=region, outlet=outlet, valid_from=first,
                              valid_to=last, created_by_id=self.actor.id)
            known.save(force_insert=True)
            self.made_row(known)
            self.lists[key] = known
        if known.state != "draft":
            raise Refuse(_("Price list %(code)s is published; make a new version first.") % {"code": key})
        if (known.valid_from, known.valid_to, known.region_id, known.outlet_id, known.brand) != (
                first, last, getattr(region, "pk", None), getattr(outlet, "pk", None), brand):
            raise Refuse(_("Price list %(code)s has other days, another place or another brand.") % {"code": key})
        return known

    def _named(self, f, name, known):
        text = f.get(name, clean_text, "")
        if text and text not in known:
            raise Refuse(_("“%(name)s” is not known.") % {"name": text})
        return known.get(text)
