"""Styles by any of their names (款型别名): which style a name means on a day, and products found by an alias (BAS-07)."""

from django.db.models import Q

from yiwei.catalog.models.product import Product, StyleAlias
from yiwei.kernel.records import search


def resolve(brand, name, day):
    """The style that a name means for a brand on a day; a name that is no alias means itself."""
    found = StyleAlias.on(day).filter(brand__iexact=brand, alias__iexact=name).first()
    return found.style if found else name


def table(day):
    """{(brand, alias): style} of a day, for whoever reads many rows."""
    return {(b.lower(), a.lower()): s for b, a, s in StyleAlias.on(day).values_list("brand", "alias", "style")}


def refresh(alias, *others):
    """Products of the styles concerned are found by the alias from now on (and no more by what it was)."""
    wanted = Q(brand=alias.brand, style=alias.style)
    for brand, style in others:
        wanted |= Q(brand=brand, style=style)
    for product in Product.objects.filter(wanted).exclude(style="").order_by("id")[:search.MANY]:
        search.index(product)
