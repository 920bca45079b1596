"""The money ledger: entries whose postings sum to zero, and balances kept by the database."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Ref, TenantModel
from yiwei.kernel.records.scope import PUBLIC

ACCOUNTS = [
    ("contract", _("Contract amounts")), ("contract_contra", _("Contracts, contra")),
    ("received", _("Customers' receipts")), ("delivered", _("Delivered to customers")), ("revenue", _("Revenue")),
    ("cash", _("Cash and bank")), ("mall", _("Mall clearing")), ("deco", _("Decoration companies' clearing")),
    ("inventory", _("Inventory")), ("cost", _("Cost of goods")), ("payable", _("Suppliers' accounts")),
    ("variance", _("Stock gains and losses")), ("rebate_expense", _("Rebates")),
    ("rebate_payable", _("Rebates payable")), ("other_income", _("Other income")), ("fees", _("Fees")),
    ("claims", _("Claims")),
    ("gifts", _("Gifts")), ("consumption", _("Own consumption")), ("opening", _("Opening balances")), ("internal", _("Internal transfers")),
]

ENTRIES = [
    ("contract", _("Contract")), ("receipt", _("Receipt")), ("purchase", _("Purchase")), ("batch_receipt", _("Batch receipt")),
    ("claim", _("Factory claim")), ("count", _("Stock count")), ("delivery", _("Delivery")), ("cost", _("Cost of goods")),
    ("delivery_return", _("Delivery taken back")), ("cost_return", _("Cost taken back")), ("rebate", _("Rebate")),
    ("rebate_paid", _("Rebate paid")), ("opening", _("Opening balance")),
    ("batch_issue", _("Batch issue")), ("purchase_return", _("Purchase return")), ("purchase_credit", _("Supplier's credit")),
    ("payment", _("Payment")), ("claim_settled", _("Claim settlement")), ("conversion", _("Conversion"))]


class MonthClose(TenantModel):
    """A closed booking month; no entry can be posted into it any more."""

    scope = PUBLIC

    month = models.DateField(_("month"))
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("closed month")
        constraints = [models.UniqueConstraint(fields=["tenant", "month"], name="ledger_monthclose_month")]


class MoneyEntry(TenantModel):
    """One booking: what it is for, the document behind it, and the entry it reverses."""

    audited = False
    append_only = True
    scope = PUBLIC
    database_functions = """
create or replace function ledger_open_month() returns trigger language plpgsql as $$
begin
  if exists (select 1 from ledger_monthclose m where m.tenant_id = new.tenant_id and m.month = new.booking_month) then
    raise exception 'month % is closed', new.booking_month using errcode = '23514', constraint = 'ledger_month_open';
  end if;
  return new;
end $$;
"""
    triggers = {"ledger_open_month": "before insert {on} for each row execute function ledger_open_month()"}

    at = models.DateTimeField(_("at"), default=timezone.now)
    booking_month = models.DateField(_("booking month"))
    kind = models.CharField(_("kind"), max_length=24, choices=ENTRIES)
    source_model = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    source_text = models.CharField(_("document"), max_length=60, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    reversal_of = Ref("self", null=True, verbose_name=_("reversal of"))

    class Meta:
        verbose_name = _("money entry")
        indexes = [models.Index(fields=["tenant", "source_model", "source_id"], name="ledger_moneyentry_source"),
                   models.Index(fields=["tenant", "at"], name="ledger_moneyentry_at")]
        constraints = [models.UniqueConstraint(fields=["tenant", "reversal_of"], name="ledger_moneyentry_reversed",
                                               condition=models.Q(reversal_of__isnull=False))]

    def __str__(self):
        return f"{self.get_kind_display()} {self.source_text}".strip()


class MoneyPosting(TenantModel):
    """One leg: debit positive, credit negative. All legs of an entry are written in one statement."""

    audited = False
    append_only = True
    scope = PUBLIC
    database_functions = """
create or replace function ledger_money() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if exists (select 1 from new_rows group by tenant_id, entry_id having sum(amount) <> 0) then
    raise exception 'postings of an entry must sum to zero' using errcode = '23514',
      constraint = 'ledger_money_zero_sum';
  end if;
  insert into ledger_moneybalance as b (tenant_id, account, sub_id, party, amount)
  select tenant_id, account, sub_id, party, sum(amount) from new_rows
   group by tenant_id, account, sub_id, party order by 1, 2, 3, 4
  on conflict (tenant_id, account, sub_id, party) do update set amount = b.amount + excluded.amount;
  return null;
end $$;
"""
    triggers = {"ledger_money": "after insert {on} referencing new table as new_rows for each statement"
                                " execute function ledger_money()"}

    entry = Ref(MoneyEntry, related_name="postings")
    account = models.CharField(_("account"), max_length=20, choices=ACCOUNTS)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    sub_id = models.BigIntegerField(_("sub-contract"), default=0)
    party = models.CharField(_("party"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("posting")
        indexes = [models.Index(fields=["tenant", "entry"], name="ledger_posting_entry"),
                   models.Index(fields=["tenant", "sub_id", "account"], name="ledger_posting_sub")]


class MoneyBalance(TenantModel):
    """The sum of the postings of an account, sub-contract and party; written only by the database."""

    audited = False
    written_by_trigger = True
    scope = PUBLIC

    account = models.CharField(_("account"), max_length=20, choices=ACCOUNTS)
    sub_id = models.BigIntegerField(_("sub-contract"), default=0)
    party = models.CharField(_("party"), max_length=60, blank=True, default="")
    amount = models.DecimalField(_("balance"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("balance")
        constraints = [models.UniqueConstraint(fields=["tenant", "account", "sub_id", "party"],
                                               name="ledger_moneybalance_key")]
        indexes = [models.Index(fields=["tenant", "sub_id", "account"], name="ledger_moneybalance_sub")]

    def __str__(self):
        return f"{self.get_account_display()} {self.party}".strip()
