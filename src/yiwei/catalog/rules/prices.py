"""Which list price a product has on a day in an outlet, and where it comes from. Set-based: one statement for all."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from yiwei.kernel.records.tenancy import context

LISTED, HISTORY, PLAIN = "list", "history", "product"

FIND = """
select distinct on (f.product_id) f.* from (
  select l.product_id, l.list_price, l.dealer_price, p.id as list_id, p.name, p.revision, p.valid_from, p.valid_to,
         coalesce(o.name, r.name, '') as place,
         case when p.outlet_id is not null then 4 when p.region_id is not null then 3 else 2 end
           + case when p.brand <> '' then 0.5 else 0 end as rank
    from catalog_pricelistline l
    join catalog_pricelist p on p.tenant_id = l.tenant_id and p.id = l.price_list_id
    left join org_outlet o on o.tenant_id = p.tenant_id and o.id = p.outlet_id
    left join org_region r on r.tenant_id = p.tenant_id and r.id = p.region_id
   where l.tenant_id = %(tenant)s and l.product_id = any(%(products)s) and p.state = 'published'
     and p.valid_from <= %(day)s and (p.valid_to is null or p.valid_to >= %(day)s)
     and (p.outlet_id is null or p.outlet_id = %(outlet)s)
     and (p.region_id is null or p.region_id = (
           select region_id from org_outlet where tenant_id = %(tenant)s and id = %(outlet)s))
  union all
  select c.product_id, c.list_price, c.dealer_price, null, '', 0, c.valid_from, null, '', 1
    from catalog_pricechange c
   where c.tenant_id = %(tenant)s and c.product_id = any(%(products)s) and c.active and c.valid_from <= %(day)s
) f order by f.product_id, f.rank desc, f.valid_from desc
"""


@dataclass(frozen=True)
class Price:
    """A list price and why it is this one."""

    list_price: Decimal
    dealer_price: Decimal
    kind: str = PLAIN
    list_id: int | None = None
    name: str = ""
    revision: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    place: str = ""

    @property
    def why(self):
        """Where it comes from, in words."""
        if self.kind == LISTED:
            place = self.place or _("whole company")
            days = _("from %(a)s") % {"a": self.valid_from} if self.valid_to is None else f"{self.valid_from} – {self.valid_to}"
            return _("Price list “%(name)s” v%(n)s (%(place)s, %(days)s)") % {
                "name": self.name, "n": self.revision, "place": place, "days": days}
        if self.kind == HISTORY:
            return _("The product's own price from %(a)s; no price list names it") % {"a": self.valid_from}
        return _("The product's own price; no price list names it")


def prices(products, day, outlet_id=None):
    """{product id: Price} on a day in an outlet: the outlet's list before the region's, that before the company's."""
    out = {p.pk: Price(p.list_price, p.dealer_price) for p in products}
    if not out:
        return out
    dealer = {p.pk: p.dealer_price for p in products}
    with connection.cursor() as cursor:
        cursor.execute(FIND, {"tenant": context.tenant_id(), "products": list(out), "day": day, "outlet": outlet_id})
        for product, listed, cost, list_id, name, revision, first, last, place, _rank in cursor.fetchall():
            out[product] = Price(listed, dealer[product] if cost is None else cost, LISTED if list_id else HISTORY, list_id,
                                 name, revision, first, last, place)
    return out
