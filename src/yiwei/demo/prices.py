"""Price lists, promotions, grades and sizes of the demonstration, through their actions."""

from datetime import timedelta

from django.utils import timezone

from yiwei.catalog.models.price import PriceList
from yiwei.catalog.models.product import Category, Product
from yiwei.org.models.outlet import Outlet

from .cast import HOME


def price_system(cast):
    """A company list in two versions, one of the showroom at home, and a promotion of every kind."""
    if PriceList.objects.exists():
        return
    auditor, today = cast.one("price_auditor"), timezone.localdate()
    brand = Product.objects.filter(active=True).order_by("id").values_list("brand", flat=True).first()
    month = today.replace(day=1)
    first = cast.do(auditor, "catalog.pricelist.create", code="JMB-01", name=f"{brand}全国价目表", brand=brand,
                    valid_from=(month - timedelta(days=200)).isoformat())
    cast.do(auditor, "catalog.pricelist.fill", first, factor="1")
    cast.do(auditor, "catalog.pricelist.publish", first)
    cast.do(auditor, "catalog.pricelist.renew", first, valid_from=month.isoformat(), factor="1.03")
    cast.do(auditor, "catalog.pricelist.publish", PriceList.objects.get(code="JMB-01", revision=2))
    home = Outlet.objects.get(name=HOME)
    own = cast.do(auditor, "catalog.pricelist.create", code="JMB-TH", name=f"{HOME}专用价", brand=brand, outlet=home,
                  valid_from=month.isoformat(), valid_to=(month + timedelta(days=120)).isoformat())
    some = Product.objects.filter(active=True, brand=brand).order_by("id")[:20]
    cast.do(auditor, "catalog.pricelist.set_prices", own, lines=[
        {"product": p.pk, "list_price": str(p.list_price), "dealer_price": str(p.dealer_price)} for p in some])
    cast.do(auditor, "catalog.pricelist.publish", own)
    _promotions(cast, auditor, home, brand, month)


def _promotions(cast, auditor, home, brand, month):
    days = {"valid_from": month.isoformat(), "valid_to": (month + timedelta(days=75)).isoformat()}
    goods = {}
    for product in Product.objects.filter(active=True, list_price__gt=0).select_related("category").order_by("id"):
        goods.setdefault(product.category.group, []).append(product)
    cabinet, wardrobe = goods["cabinet"][0], goods["wardrobe"][0]
    gift = min((p for group in goods.values() for p in group), key=lambda p: p.list_price)
    category = Category.objects.filter(group="wardrobe").first()
    both = cabinet.list_price + wardrobe.list_price
    for code, name, kind, more in (
            ("HD-01", "每满一万减六百", "reduction", {"threshold": "10000", "amount": "600", "repeat": "on", "budget": "300000", "turn": "2"}),
            ("HD-02", "衣柜九五折", "discount", {"rate": "0.95", "categories": [category.pk], "turn": "1"}),
            ("HD-03", "厨衣套餐", "package", {"amount": str((both * 8 / 10).quantize(both)), "exclusive": "on",
                                          "goods": [{"product": p.pk, "qty": "1"} for p in (cabinet, wardrobe)]}),
            ("HD-04", "满三万赠礼", "gift", {"threshold": "30000", "goods": [{"product": gift.pk, "qty": "1"}], "turn": "3"}),
            ("HD-05", "双品牌联动九八折", "linkage", {"rate": "0.98", "turn": "4"}),
            ("HD-06", "天河店庆一口价", "one_price", {"amount": str((wardrobe.list_price * 7 / 10).quantize(both)), "products": [wardrobe.pk],
                                               "outlets": [home.pk], "turn": "5"}),
            ("HD-07", "满两万加价购", "add_on", {"threshold": "20000", "amount": "99", "goods": [{"product": gift.pk, "qty": "1"}], "turn": "6"})):
        cast.do(auditor, "catalog.promotion.create", **{"code": code, "name": name, "kind": kind, "threshold": "0", "amount": "0",
                                                        "brands_needed": "2", **days, **more})
