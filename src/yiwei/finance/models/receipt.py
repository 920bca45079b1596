"""Receipts from customers, their split over sub-contracts, receivables and write-offs."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import SubContract
from yiwei.org.models.outlet import Outlet

from .terms import PaymentMethod, PaymentType

MOST = Decimal("99999999.99")

NOT_WRITTEN_OFF = """
create or replace function finance_receipt_not_written_off() returns trigger language plpgsql as $$
begin
  if exists (select from finance_receiptsplit s
              where s.tenant_id = new.tenant_id and s.receipt_id = new.id and s.written_off <> 0) then
    raise exception 'a receipt that is written off cannot be reversed'
      using errcode = '23514', constraint = 'finance_receipt_not_written_off';
  end if;
  return new;
end $$;
"""

# The receipt's lock makes two who split it at once wait for each other.
WITHIN_RECEIPT = """
create or replace function finance_split_within_receipt() returns trigger language plpgsql as $$
declare whole numeric;
begin
  select r.amount into whole from finance_receipt r
   where r.tenant_id = new.tenant_id and r.id = new.receipt_id for no key update;
  if (select abs(sum(s.amount)) from finance_receiptsplit s
       where s.tenant_id = new.tenant_id and s.receipt_id = new.receipt_id) > abs(whole) then
    raise exception 'the parts of a receipt are more than the receipt'
      using errcode = '23514', constraint = 'finance_split_within_receipt';
  end if;
  return null;
end $$;
"""

# The share lock waits for who is just reversing the receipt; he waits for this one, and then sees it.
COVERED = """
create or replace function finance_write_off_covered() returns trigger language plpgsql as $$
declare part record;
begin
  select r.state, r.reversal_of_id, s.amount into part
    from finance_receiptsplit s join finance_receipt r on r.tenant_id = s.tenant_id and r.id = s.receipt_id
   where s.tenant_id = new.tenant_id and s.id = new.split_id for share of r;
  if part.state <> 'finance_approved' or part.reversal_of_id is not null then
    raise exception 'only an effective receipt can be written off'
      using errcode = '23514', constraint = 'finance_write_off_effective';
  end if;
  if (select sum(w.amount) from finance_writeoff w
       where w.tenant_id = new.tenant_id and w.split_id = new.split_id) not between 0 and part.amount then
    raise exception 'more is written off than was received'
      using errcode = '23514', constraint = 'finance_write_off_covered';
  end if;
  return null;
end $$;
"""


class Receipt(Document):
    """Money received (内部收据). Effective only after finance's approval; corrected only by a red receipt."""

    database_functions = NOT_WRITTEN_OFF
    triggers = {"finance_receipt_not_written_off": "before update of state {on} for each row when (new.state = 'reversed')"
                                                   " execute function finance_receipt_not_written_off()"}
    prefix = "SJ"
    scope = ScopeRule(people=("owner", "customer__owner"), outlet="outlet")
    search = {"number": "code", "mall_number": "code", "slip": "code", "customer__name": "name",
              "customer__phone": "phone"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("submitted", _("Submitted"), "blue"),
                State("store_approved", _("Checked by store"), "cyan"),
                State("finance_approved", _("Effective"), "green", DONE), State("returned", _("Returned"), "orange"),
                State("voided", _("Voided"), "red", FAILED), State("reversed", _("Reversed"), "red", FAILED)),
        moves={("draft", "submitted"), ("submitted", "store_approved"), ("store_approved", "finance_approved"),
               ("submitted", "returned"), ("store_approved", "returned"), ("returned", "submitted"),
               ("draft", "voided"), ("returned", "voided"), ("finance_approved", "reversed"),
               ("submitted", "finance_approved")},
        main=("submitted", "store_approved", "finance_approved"),
    )

    customer = Ref(Customer, related_name="receipts", verbose_name=_("customer"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    type = Ref(PaymentType, verbose_name=_("payment type"))
    method = Ref(PaymentMethod, verbose_name=_("payment method"))
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    mall_number = models.CharField(_("mall receipt number"), max_length=40, blank=True, default="")
    slip = models.CharField(_("slip number"), max_length=60, blank=True, default="")
    payer = models.CharField(_("payer"), max_length=60, blank=True, default="")
    booking_month = models.DateField(_("booking month"), null=True, editable=False)
    effective_at = models.DateTimeField(_("effective"), null=True, editable=False)
    reversal_of = Ref("self", null=True, editable=False, verbose_name=_("reversal of"))

    class Meta:
        verbose_name = _("receipt")
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="finance_receipt_amount"),
            models.CheckConstraint(condition=models.Q(amount__gte=-MOST, amount__lte=MOST, received_on__gte=date(2000, 1, 1)),
                                   name="finance_receipt_within_reason"),
            models.UniqueConstraint(fields=["tenant", "number"], name="finance_receipt_number"),
            models.UniqueConstraint(fields=["tenant", "method", "slip"], name="finance_receipt_slip",
                                    condition=~models.Q(slip="") & ~models.Q(state__in=["voided", "reversed"])
                                    & models.Q(reversal_of__isnull=True)),
            models.UniqueConstraint(fields=["tenant", "reversal_of"], name="finance_receipt_reversed_once",
                                    condition=models.Q(reversal_of__isnull=False)),
        ]
        indexes = [models.Index(fields=["tenant", "state", "id"], name="finance_receipt_state"),
                   models.Index(fields=["tenant", "customer", "-id"], name="finance_receipt_customer"),
                   models.Index(fields=["tenant", "outlet", "received_on"], name="finance_receipt_day"),
                   models.Index(fields=["tenant", "mall_number"], name="finance_receipt_mall")]

    @classmethod
    def series_of(cls, outlet_id):
        """The outlet's own receipt series, where it has one (SYS-03)."""
        return Outlet.objects.filter(pk=outlet_id).exclude(receipt_series="").values_list("receipt_series", flat=True).first() or outlet_id


class ReceiptSplit(Record):
    """The part of a receipt that belongs to a sub-contract (子收据). Σ splits = receipt."""

    database_functions = WITHIN_RECEIPT
    triggers = {"finance_split_within_receipt": "after insert or update of amount {on} for each row"
                                                " execute function finance_split_within_receipt()"}
    scope = ScopeRule(via="receipt")

    receipt = Ref(Receipt, related_name="splits", verbose_name=_("receipt"))
    sub = Ref(SubContract, verbose_name=_("sub-contract"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    written_off = models.DecimalField(_("written off"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("receipt split")
        indexes = [models.Index(fields=["tenant", "sub", "id"], name="finance_split_sub"),
                   models.Index(fields=["tenant", "receipt"], name="finance_split_receipt")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="finance_split_amount"),
            models.CheckConstraint(
                condition=models.Q(written_off__gte=0, written_off__lte=models.F("amount")) | models.Q(written_off=0),
                name="finance_split_written")]

    def __str__(self):
        return f"{self.receipt} {self.amount}"


class Receivable(Document):
    """What a customer owes for a sub-contract (应收款): appears at price review, falls by write-off, never by hand."""

    prefix = "YS"
    scope = ScopeRule(people=("owner", "sub__contract__customer__owner"), outlet="outlet")
    search = {"number": "code", "sub__number": "code", "sub__contract__customer__name": "name"}
    flow = Flow(
        states=(State("open", _("Open"), "orange"), State("partly", _("Partly written off"), "yellow"),
                State("closed", _("Closed"), "green", DONE), State("bad", _("Bad debt"), "red", FAILED)),
        moves={("open", "partly"), ("open", "closed"), ("partly", "closed"), ("open", "bad"), ("partly", "bad"),
               ("closed", "partly"), ("closed", "open"), ("partly", "open")},
    )

    sub = Ref(SubContract, related_name="receivables", verbose_name=_("sub-contract"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    written_off = models.DecimalField(_("written off"), max_digits=14, decimal_places=2, default=0, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)

    class Meta:
        verbose_name = _("receivable")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sub"], name="finance_receivable_sub"),
            models.CheckConstraint(condition=models.Q(written_off__gte=0, written_off__lte=models.F("amount")),
                                   name="finance_receivable_written"),
        ]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="finance_receivable_due")]

    @property
    def balance(self):
        return self.amount - self.written_off


class WriteOff(Record):
    """One pair of the write-off (核销): which receipt split settled which receivable, by how much."""

    database_functions = COVERED
    triggers = {"finance_write_off_covered": "after insert {on} for each row execute function finance_write_off_covered()"}
    append_only = True
    scope = ScopeRule(via="receivable")

    receivable = Ref(Receivable, related_name="write_offs", verbose_name=_("receivable"))
    split = Ref(ReceiptSplit, related_name="write_offs", verbose_name=_("receipt split"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("write-off")
        indexes = [models.Index(fields=["tenant", "receivable"], name="finance_writeoff_receivable"),
                   models.Index(fields=["tenant", "created_at"], name="finance_writeoff_at")]

    def __str__(self):
        return f"{self.receivable} {self.amount}"
