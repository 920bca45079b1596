"""Invoices to customers (FIN-09)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.scope import ScopeRule

KINDS = [("ordinary", _("Ordinary e-invoice")), ("special", _("Special VAT invoice"))]


class Invoice(Document):
    """An invoice (发票): asked for, reviewed, issued; corrected only by a red one.

    What a customer's invoices sum to never exceeds his effective receipts: the database counts (finance_invoiceable).
    """

    prefix = "FP"
    scope = ScopeRule(people=("owner", "customer__owner"), outlet="outlet")
    personal = {"email": personal.CONTACT}
    search = {"number": "code", "official_number": "code", "customer__name": "name", "buyer": "name"}
    flow = Flow(
        states=(State("requested", _("Requested"), "orange"), State("reviewed", _("Reviewed"), "cyan"), State("issued", _("Issued"), "green", DONE),
                State("reversed", _("Reversed"), "red", FAILED), State("refused", _("Refused"), "red", FAILED)),
        moves={("requested", "reviewed"), ("requested", "refused"), ("reviewed", "issued"), ("reviewed", "refused"), ("issued", "reversed")},
        main=("requested", "reviewed", "issued"),
    )
    database_functions = """
create or replace function finance_received(tenant bigint, wanted bigint) returns numeric language sql stable security definer
  set search_path = public, pg_temp as $$
  select coalesce(-sum(b.amount), 0) from ledger_moneybalance b
    join orders_subcontract s on s.tenant_id = b.tenant_id and s.id = b.sub_id
    join orders_contract c on c.tenant_id = s.tenant_id and c.id = s.contract_id
   where b.tenant_id = tenant and b.account = 'received' and c.customer_id = wanted;
$$;

create or replace function finance_invoiceable() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  sum_now numeric;
begin
  perform pg_advisory_xact_lock(hashtextextended('finance_invoice:' || new.customer_id, new.tenant_id));
  select coalesce(sum(amount), 0) into sum_now from finance_invoice
   where tenant_id = new.tenant_id and customer_id = new.customer_id and state <> 'refused';
  if sum_now > finance_received(new.tenant_id, new.customer_id) then
    raise exception 'finance_invoiceable: invoices above the effective receipts'
      using errcode = '23514', constraint = 'finance_invoiceable';
  end if;
  return null;
end $$;
"""
    triggers = {"finance_invoiceable": "after insert {on} for each row when (new.amount > 0) execute function finance_invoiceable()"}

    customer = Ref(Customer, related_name="invoices", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, default="ordinary")
    buyer = models.CharField(_("buyer on the invoice"), max_length=100)
    company = models.BooleanField(_("buyer is a company"), default=False)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True, default="")
    email = models.EmailField(_("sent to"), blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    official_number = models.CharField(_("invoice number"), max_length=30, blank=True, default="", editable=False)
    issued_on = models.DateField(_("issued on"), null=True, editable=False)
    red_of = Ref("self", null=True, editable=False, verbose_name=_("red invoice of"))

    class Meta:
        verbose_name = _("invoice")
        constraints = [
            models.CheckConstraint(name="finance_invoice_amount",
                                   condition=Q(amount__gt=0, red_of__isnull=True) | Q(amount__lt=0, red_of__isnull=False)),
            models.CheckConstraint(condition=Q(company=False) | ~Q(tax_number=""), name="finance_invoice_tax"),
            models.CheckConstraint(condition=~Q(state__in=["issued", "reversed"]) | ~Q(official_number=""), name="finance_invoice_issued"),
            models.UniqueConstraint(fields=["tenant", "official_number"], condition=~Q(official_number=""), name="finance_invoice_number"),
            models.UniqueConstraint(fields=["tenant", "red_of"], condition=Q(red_of__isnull=False), name="finance_invoice_red_once")]
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="finance_invoice_state"),
                   models.Index(fields=["tenant", "customer", "-id"], name="finance_invoice_customer")]
