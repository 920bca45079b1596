"""The goods ledger: every move takes from one location and gives to another; balances by the database."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.models import Ref, TenantModel
from yiwei.kernel.records.scope import PUBLIC

KINDS = [("bin", _("Bin")), ("transit", _("In transit")), ("outlet", _("At outlet")), ("vehicle", _("On vehicle")),
         ("supplier", _("Supplier")), ("customer", _("Customer")), ("variance", _("Gain and loss")),
         ("scrap", _("Scrap")), ("opening", _("Opening stock")), ("consumed", _("Consumed")), ("converted", _("Converted"))]
MOVES = [("arrival", _("Arrival")), ("batch_receipt", _("Batch receipt")),
         ("transfer_out", _("Transfer sent off")), ("transfer_in", _("Transfer put away")),
         ("count", _("Stock count")), ("issue", _("Issue")), ("issue_return", _("Issue return")), ("issue_return_back", _("Issue return taken back")),
         ("issue_back", _("Issue taken back")), ("batch_issue", _("Batch issue")), ("batch_issue_back", _("Loan given back")),
         ("batch_issue_lost", _("Loan lost")), ("purchase_return", _("Purchase return")),
         ("converted_from", _("Converted from")), ("converted_to", _("Converted to")), ("opening", _("Opening stock")), ("consumed", _("Consumed"))]
VIRTUAL = {"supplier", "customer", "variance", "scrap", "opening", "consumed", "converted"}


class Location(TenantModel):
    """Where goods can be. Virtual locations (supplier, customer…) may go below zero, own ones never."""

    scope = PUBLIC

    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, default="bin")
    name = models.CharField(_("name"), max_length=80)
    virtual = models.BooleanField(_("virtual"), default=False)

    class Meta:
        verbose_name = _("location")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="ledger_location_name")]

    def __str__(self):
        return str(self.get_kind_display()) if self.virtual else self.name


class GoodsMove(TenantModel):
    """One move of a quantity of a product. `sub_id` is 0 for batch stock, else the order it is bound to."""

    audited = False
    append_only = True
    scope = PUBLIC
    masked = {"value": "cost"}
    database_functions = """
create or replace function ledger_goods() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  insert into ledger_stockbalance (tenant_id, location_id, product_id, sub_id, virtual, qty)
  select distinct l.tenant_id, l.location_id, l.product_id, l.sub_id, o.virtual, 0
    from (select tenant_id, from_location_id as location_id, product_id, sub_id from new_rows
          union select tenant_id, to_location_id, product_id, sub_id from new_rows) l
    join ledger_location o on o.tenant_id = l.tenant_id and o.id = l.location_id
   order by 1, 2, 3, 4
  on conflict (tenant_id, location_id, product_id, sub_id) do nothing;
  with legs as (
    select tenant_id, location_id, product_id, sub_id, sum(qty) as qty
      from (select tenant_id, from_location_id as location_id, product_id, sub_id, -qty as qty from new_rows
            union all select tenant_id, to_location_id, product_id, sub_id, qty from new_rows) both_legs
     group by 1, 2, 3, 4),
  held as (
    select b.id, legs.qty from ledger_stockbalance b
      join legs using (tenant_id, location_id, product_id, sub_id)
     order by b.tenant_id, b.location_id, b.product_id, b.sub_id for update of b)
  update ledger_stockbalance b set qty = b.qty + held.qty from held where b.id = held.id;
  insert into ledger_productcost as c (tenant_id, product_id, sub_id, qty, value)
  select m.tenant_id, m.product_id, m.sub_id,
         sum(case when s.virtual then m.qty else -m.qty end), sum(case when s.virtual then m.value else -m.value end)
    from new_rows m
    join ledger_location s on s.tenant_id = m.tenant_id and s.id = m.from_location_id
    join ledger_location t on t.tenant_id = m.tenant_id and t.id = m.to_location_id
   where s.virtual <> t.virtual
   group by 1, 2, 3 order by 1, 2, 3
  on conflict (tenant_id, product_id, sub_id) do update set qty = c.qty + excluded.qty, value = c.value + excluded.value;
  return null;
end $$;
"""
    triggers = {"ledger_goods": "after insert {on} referencing new table as new_rows for each statement"
                                " execute function ledger_goods()"}

    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=24, choices=MOVES)
    product = Ref(Product, verbose_name=_("product"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, default=0)
    from_location = Ref(Location, verbose_name=_("from"))
    to_location = Ref(Location, verbose_name=_("to"))
    sub_id = models.BigIntegerField(_("sub-contract"), default=0)
    source_model = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    source_text = models.CharField(_("document"), max_length=60, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("goods move")
        constraints = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="ledger_goodsmove_qty"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="ledger_goodsmove_value"),
            models.CheckConstraint(condition=~models.Q(from_location=models.F("to_location")),
                                   name="ledger_goodsmove_elsewhere"),
        ]
        indexes = [models.Index(fields=["tenant", "source_model", "source_id"], name="ledger_goodsmove_source"),
                   models.Index(fields=["tenant", "product", "at"], name="ledger_goodsmove_product"),
                   models.Index(fields=["tenant", "sub_id", "id"], name="ledger_goodsmove_sub")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.source_text}".strip()


class StockBalance(TenantModel):
    """What is where, bound to which order; written only by the database, never below zero in an own location."""

    audited = False
    written_by_trigger = True
    scope = PUBLIC

    location = Ref(Location, verbose_name=_("location"))
    product = Ref(Product, verbose_name=_("product"))
    sub_id = models.BigIntegerField(_("sub-contract"), default=0)
    virtual = models.BooleanField(default=False)
    qty = models.DecimalField(_("quantity"), max_digits=16, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("stock")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "location", "product", "sub_id"], name="ledger_stockbalance_key"),
            models.CheckConstraint(condition=models.Q(virtual=True) | models.Q(qty__gte=0),
                                   name="ledger_stock_not_negative"),
        ]
        indexes = [models.Index(fields=["tenant", "product", "sub_id"], name="ledger_stockbalance_product"),
                   models.Index(fields=["tenant", "sub_id", "product"], name="ledger_stockbalance_sub")]

    def __str__(self):
        return f"{self.product} · {self.location}"


class ProductCost(TenantModel):
    """Quantity and value in own locations: the perpetual moving average (domain C0); order goods by order."""

    audited = False
    written_by_trigger = True
    scope = PUBLIC
    masked = {"value": "cost"}

    product = Ref(Product, verbose_name=_("product"))
    sub_id = models.BigIntegerField(default=0)
    qty = models.DecimalField(_("quantity"), max_digits=16, decimal_places=3, default=0)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("product cost")
        constraints = [models.UniqueConstraint(fields=["tenant", "product", "sub_id"], name="ledger_productcost_key")]
