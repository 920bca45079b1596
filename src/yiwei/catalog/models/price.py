"""Price lists by region, outlet and date, and a product's own price history (BAS-02)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import FAILED, Flow, State
from yiwei.kernel.models import BaseData, Record, Ref
from yiwei.kernel.records.scope import PUBLIC
from yiwei.org.models.outlet import Outlet, Region

from .product import Product


class PriceChange(BaseData):
    """History of list and dealer prices, valid from a day; holds where no price list names the product."""

    masked = {"dealer_price": "cost"}

    product = Ref(Product, related_name="prices")
    valid_from = models.DateField(_("valid from"))
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=2)
    dealer_price = models.DecimalField(_("dealer price"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("price")
        constraints = [models.UniqueConstraint(fields=["tenant", "product", "valid_from"], name="catalog_price_day")]

    def __str__(self):
        return f"{self.product} {self.valid_from}"


class PriceList(Record):
    """A version of a price list (价目表) for a brand, in a region or an outlet, in a period.

    Where several name a product, the outlet's stands before the region's, the region's before the company's, and one
    brand's before that of all. A published version never changes; only its last day may.
    """

    scope = PUBLIC
    search = {"code": "code", "name": "name"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("published", _("Published"), "green"),
                State("withdrawn", _("Withdrawn"), "red", FAILED)),
        moves={("draft", "published"), ("draft", "withdrawn"), ("published", "withdrawn")},
    )
    database_functions = """
create or replace function catalog_pricelist() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (new.code, new.revision, new.brand, new.region_id, new.outlet_id, new.valid_from)
      is distinct from (old.code, old.revision, old.brand, old.region_id, old.outlet_id, old.valid_from) then
    raise exception 'a published price list is frozen' using errcode = '23514', constraint = 'catalog_pricelist_frozen';
  end if;
  return new;
end $$;

create or replace function catalog_pricelistline() returns trigger language plpgsql as $$
begin
  perform 1 from catalog_pricelist p where p.state <> 'draft' and (
    (tg_op <> 'DELETE' and p.tenant_id = new.tenant_id and p.id = new.price_list_id)
    or (tg_op <> 'INSERT' and p.tenant_id = old.tenant_id and p.id = old.price_list_id));
  if found then
    raise exception 'a published price list is frozen' using errcode = '23514', constraint = 'catalog_pricelist_frozen';
  end if;
  return coalesce(new, old);
end $$;
"""
    triggers = {"catalog_pricelist": "before update {on} for each row execute function catalog_pricelist()"}

    code = models.CharField(_("price list code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    revision = models.PositiveIntegerField(_("version"), default=1, editable=False)
    brand = models.CharField(_("only brand"), max_length=40, blank=True, default="")
    region = Ref(Region, null=True, blank=True, verbose_name=_("only region"))
    outlet = Ref(Outlet, null=True, blank=True, verbose_name=_("only outlet"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, default="draft", editable=False)
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("price list")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code", "revision"], name="catalog_pricelist_code"),
            models.CheckConstraint(condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                                   name="catalog_pricelist_days"),
        ]
        indexes = [models.Index(fields=["tenant", "state", "valid_from"], name="catalog_pricelist_state")]

    def __str__(self):
        return f"{self.name} v{self.revision}"

    @property
    def place(self):
        """Where it holds, in words."""
        return str(self.outlet or self.region or _("whole company"))

    place.fget.short_description = _("where")


class PriceListLine(Record):
    """The price of one product in a price list."""

    scope = PUBLIC
    masked = {"dealer_price": "cost"}
    triggers = {"catalog_pricelistline":
                "before insert or update or delete {on} for each row execute function catalog_pricelistline()"}

    price_list = Ref(PriceList, related_name="lines", verbose_name=_("price list"))
    product = Ref(Product, verbose_name=_("product"))
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=2)
    dealer_price = models.DecimalField(_("dealer price"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("price of a list")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "price_list", "product"], name="catalog_pricelistline_product"),
            models.CheckConstraint(condition=models.Q(list_price__gte=0), name="catalog_pricelistline_price"),
        ]

    def __str__(self):
        return f"{self.product} {self.list_price}"
