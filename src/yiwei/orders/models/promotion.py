"""The promotions a contract uses, and what each gives."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.promotion import Promotion
from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import ScopeRule

from .contract import Contract


class PromotionUse(Record):
    """A promotion in a contract: what it gives; `agreed` is the most it was to give. The budget is kept by the database."""

    scope = ScopeRule(via="contract")
    database_functions = """
create or replace function orders_promotion_budget() returns trigger language plpgsql as $$
declare
  most numeric;
begin
  if tg_op = 'UPDATE' and new.amount <= old.amount then
    return null;
  end if;
  select budget into most from catalog_promotion
   where tenant_id = new.tenant_id and id = new.promotion_id and budget is not null for no key update;
  if found and (select sum(amount) from orders_promotionuse
                 where tenant_id = new.tenant_id and promotion_id = new.promotion_id) > most then
    raise exception 'the budget of the promotion is spent' using errcode = '23514', constraint = 'orders_promotion_budget';
  end if;
  return null;
end $$;
"""
    triggers = {"orders_promotion_budget": "after insert or update of amount {on} for each row when (new.amount > 0)"
                                           " execute function orders_promotion_budget()"}

    contract = Ref(Contract, related_name="uses", verbose_name=_("contract"))
    promotion = Ref(Promotion, verbose_name=_("promotion"))
    agreed = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("reduction"), max_digits=14, decimal_places=2, default=0)
    counted_on = models.DateField(_("day that counts"), default=timezone.localdate)

    class Meta:
        verbose_name = _("promotion used")
        constraints = [models.UniqueConstraint(fields=["tenant", "contract", "promotion"], name="orders_promotionuse_once"),
                       models.CheckConstraint(condition=models.Q(amount__gte=0), name="orders_promotionuse_amount")]
        indexes = [models.Index(fields=["tenant", "promotion", "contract"], name="orders_promotionuse_of")]

    def __str__(self):
        return str(self.promotion)
