"""The price list on paper: categories, within them brand and series, within them products by style (BAS-02)."""

from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.product import CATEGORY_MODULES, Category
from yiwei.kernel.base.money import money_text

MODULES = {code: n for n, (code, _label) in enumerate(CATEGORY_MODULES)}
SIDES = (("width", gettext_lazy("W %(range)s")), ("height", gettext_lazy("H %(range)s")), ("depth", gettext_lazy("D %(range)s")))


def pricelist(actor, price_list):
    """The contract of paper/pricelist.typ: only what customers may read, never a dealer price."""
    lines = price_list.lines.select_related("product").order_by("id")
    paths = _paths()
    rows = sorted(((_place(paths, ln.product), ln) for ln in lines), key=lambda pair: pair[0])
    groups = []
    for category, found in groupby(rows, key=lambda pair: pair[1].product.category_id):
        found = list(found)
        series = [{"title": " · ".join(t for t in title if t), "rows": [_row(ln) for _key, ln in inside]}
                  for title, inside in groupby(found, key=lambda pair: _title(price_list, pair[1].product))]
        groups.append({"title": paths[category][1], "count": _("%(n)s products") % {"n": len(found)}, "series": series})
    return {"title": price_list.name, "edition": _("Version %(n)s") % {"n": price_list.revision}, "rows": len(rows), "groups": groups,
            "columns": [_("Code"), _("Style"), _("Product"), _("Specification"), _("Unit of measure"), _("List price, yuan")],
            "facts": [[str(label), str(text)] for label, text in _facts(price_list) if text], "stamp": _stamp(price_list),
            "notes": [n for n in _notes(price_list) if n]}


def _paths():
    """{category id: (order of its kind, path in words, its own place)}."""
    known, out = {c.pk: c for c in Category.objects.order_by("id")}, {}
    for pk, category in known.items():
        words, above = [], category
        while above is not None and len(words) < 10:
            words.append(above.name)
            above = known.get(above.parent_id)
        out[pk] = (MODULES.get(category.group, len(MODULES)), " / ".join(reversed(words)), category.place)
    return out


def _place(paths, product):
    kind, path, place = paths[product.category_id]
    return kind, place, path, product.category_id, product.brand, product.series, product.style, product.code


def _title(price_list, product):
    return ("" if price_list.brand else product.brand), product.series


def _row(line):
    product = line.product
    sizes = [str(text) % {"range": f"{low or ''}–{high or ''}"} for side, text in SIDES
             for low, high in [(getattr(product, f"{side}_min"), getattr(product, f"{side}_max"))] if low or high]
    return {"code": product.code, "style": product.style, "name": product.name, "unit": product.unit, "price": money_text(line.list_price),
            "spec": " · ".join(t for t in (product.spec, product.material, product.color) if t), "sizes": "  ".join(sizes)}


def _stamp(price_list):
    today = timezone.localdate()
    if price_list.state != "published":
        return str(price_list.flow.state(price_list.state).label)
    if price_list.valid_to and price_list.valid_to < today:
        return _("No longer valid")
    return _("Not yet valid") if price_list.valid_from > today else ""


def _facts(price_list):
    until = price_list.valid_to or _("until further notice")
    return [(_("Price list"), price_list.code), (_("Brand"), price_list.brand or _("all")), (_("Where"), price_list.place),
            (_("Valid"), f"{price_list.valid_from} – {until}")]


def _notes(price_list):
    sized = _("Widths (W), heights (H) and depths (D) in millimetres are those made in standard; others are non-standard.")
    return [price_list.remark, sized, _("What you pay is what the contract says; promotions are reckoned there.")]
