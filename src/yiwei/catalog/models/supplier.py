"""Whom to ask at a supplier, and the change of a bank account by two persons (BAS-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import BaseData, Record, Ref
from yiwei.kernel.scope import PUBLIC
from yiwei.org.models.employee import Employee

from .product import Supplier


class SupplierContact(BaseData):
    """A person at a supplier, and for what: orders, claims, accounts, delivery."""

    supplier = Ref(Supplier, related_name="contacts", verbose_name=_("supplier"))
    purpose = models.CharField(_("for"), max_length=10, default="claims", choices=[
        ("orders", _("Ordering")), ("claims", _("Claims")), ("accounts", _("Accounts")), ("delivery", _("Delivery"))])
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("supplier's contact")
        indexes = [models.Index(fields=["tenant", "supplier"], name="catalog_suppliercontact_of")]

    def __str__(self):
        return self.name


class BankChange(Record):
    """A new bank account of a supplier: asked for by one, confirmed by another who has called back."""

    scope = PUBLIC
    masked = {"account": "cost", "old_account": "cost"}
    search = {"supplier__name": "name", "supplier__code": "code"}
    flow = Flow(
        states=(State("waiting", _("Waiting for a second person"), "orange"), State("confirmed", _("Confirmed"), "green", DONE),
                State("refused", _("Refused"), "red", FAILED)),
        moves={("waiting", "confirmed"), ("waiting", "refused")},
    )
    database_functions = """
create or replace function catalog_bankchange() returns trigger language plpgsql as $$
declare
  me bigint := nullif(current_setting('app.actor', true), '')::bigint;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'waiting' then
      raise exception 'a bank change starts waiting' using errcode = '23514', constraint = 'catalog_bankchange_two';
    end if;
    return new;
  end if;
  if (new.supplier_id, new.account, new.created_by_id) is distinct from (old.supplier_id, old.account, old.created_by_id)
      or (old.state <> 'waiting' and (new.state, new.decided_by_id) is distinct from (old.state, old.decided_by_id)) then
    raise exception 'append-only: a bank change does not change' using errcode = '23514', constraint = 'catalog_bankchange_two';
  end if;
  if new.state = 'confirmed' and (new.created_by_id is null or new.decided_by_id is null
      or new.decided_by_id = new.created_by_id or new.decided_by_id is distinct from me) then
    raise exception 'a bank change needs two persons' using errcode = '23514', constraint = 'catalog_bankchange_two';
  end if;
  return new;
end $$;

create or replace function catalog_supplier_account() returns trigger language plpgsql as $$
begin
  if not exists (select from catalog_bankchange b where b.tenant_id = new.tenant_id and b.supplier_id = new.id
      and b.state = 'confirmed' and b.account = new.account
      and b.id = (select max(c.id) from catalog_bankchange c
                   where c.tenant_id = new.tenant_id and c.supplier_id = new.id and c.state = 'confirmed')) then
    raise exception 'a bank change needs two persons' using errcode = '23514', constraint = 'catalog_bankchange_two';
  end if;
  return new;
end $$;
"""
    triggers = {"catalog_bankchange": "before insert or update {on} for each row execute function catalog_bankchange()"}

    supplier = Ref(Supplier, related_name="bank_changes", verbose_name=_("supplier"))
    old_account = models.CharField(_("account so far"), max_length=120, blank=True, default="", editable=False)
    account = models.CharField(_("new bank account"), max_length=120)
    reason = models.CharField(_("how it was learned"), max_length=200)
    state = models.CharField(_("state"), max_length=12, default="waiting", editable=False)
    decided_by = Ref(Employee, null=True, editable=False, verbose_name=_("second person"))
    decided_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    called = models.CharField(_("called back to"), max_length=120, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("change of bank account")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "supplier"], name="catalog_bankchange_one_waiting",
                                    condition=models.Q(state="waiting")),
            models.CheckConstraint(condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("created_by")),
                                   name="catalog_bankchange_other"),
        ]

    def __str__(self):
        return f"{self.supplier} {self.created_at:%Y-%m-%d}"
