"""Applications for a rebate by an approved filing, and their settlement (REB-04 to REB-06)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import Contract

from .policy import RebateItem, RebatePolicy


class RebateSettlement(Document):
    """One payment to one partner for one month (返利结算)."""

    prefix = "FJ"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    masked = {"gross": "rebate", "tax": "rebate", "net": "rebate"}
    search = {"number": "code", "partner__name": "name"}
    flow = Flow(
        states=(State("collecting", _("Collecting"), "secondary"), State("confirmed", _("Confirmed by payee"), "cyan"),
                State("approved", _("Approved"), "blue"), State("paid", _("Paid"), "lime", DONE),
                State("closed", _("Closed"), "green", DONE), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("collecting", "confirmed"), ("confirmed", "approved"), ("confirmed", "collecting"), ("approved", "paid"),
               ("paid", "closed"), ("collecting", "cancelled"), ("confirmed", "cancelled")},
        main=("collecting", "confirmed", "approved", "paid", "closed"),
    )

    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    month = models.DateField(_("month"))
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2, default=0, editable=False)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2, default=0, editable=False)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2, default=0, editable=False)
    method = models.CharField(_("method"), max_length=8, blank=True, default="", editable=False,
                              choices=[("paid", _("Paid out")), ("offset", _("Offset"))])
    voucher = models.CharField(_("voucher"), max_length=60, blank=True, default="", editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, editable=False)

    class Meta:
        verbose_name = _("rebate settlement")
        indexes = [models.Index(fields=["tenant", "partner", "-id"], name="rebate_settlement_partner"),
                   models.Index(fields=["tenant", "state", "-id"], name="rebate_settlement_state")]
        constraints = [models.CheckConstraint(condition=models.Q(net=models.F("gross") - models.F("tax")),
                                              name="rebate_settlement_sum")]


class RebateApplication(Document):
    """A rebate for one contract by its filing (返利申请)."""

    prefix = "FL"
    scope = ScopeRule(people=("owner", "filing__owner"), outlet="outlet")
    masked = {"proposed": "rebate", "amount": "rebate"}
    search = {"number": "code", "partner__name": "name", "contract__number": "code", "contract__customer__name": "name"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("approved", _("Approved"), "blue"),
                State("settled", _("Settled"), "green", DONE), State("withdrawn", _("Withdrawn"), "red", FAILED)),
        moves={("draft", "approved"), ("approved", "settled"), ("settled", "approved"), ("draft", "withdrawn")},
        main=("draft", "approved", "settled"),
    )

    filing = Ref(Filing, related_name="rebates", verbose_name=_("filing"))
    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    contract = Ref(Contract, related_name="rebates", verbose_name=_("contract"))
    share = models.DecimalField(_("share %"), max_digits=5, decimal_places=2, default=100)
    year = models.PositiveIntegerField(_("year"), default=0, editable=False)
    proposed = models.DecimalField(_("proposed"), max_digits=14, decimal_places=2, default=0, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    lowered = models.CharField(_("why lowered"), max_length=200, blank=True, default="", editable=False)
    settlement = Ref(RebateSettlement, null=True, related_name="applications", editable=False,
                     verbose_name=_("settlement"))
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)

    class Meta:
        verbose_name = _("rebate application")
        indexes = [models.Index(fields=["tenant", "partner", "year"], name="rebate_application_year"),
                   models.Index(fields=["tenant", "contract"], name="rebate_application_contract"),
                   models.Index(fields=["tenant", "state", "-id"], name="rebate_application_state")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "filing", "contract"], name="rebate_application_once",
                                    condition=~models.Q(state="withdrawn")),
            models.CheckConstraint(condition=models.Q(amount__lte=models.F("proposed"), amount__gte=0),
                                   name="rebate_application_not_raised"),
            models.CheckConstraint(condition=models.Q(share__gt=0, share__lte=100), name="rebate_application_share")]

    @property
    def customer(self):
        return self.contract.customer


APPROVED = """
create or replace function rebate_filing_approved() returns trigger language plpgsql as $$
begin
  if not exists (select from filing_filing f join rebate_rebateapplication a on a.tenant_id = f.tenant_id and a.filing_id = f.id
                  where a.tenant_id = new.tenant_id and a.id = new.application_id
                    and f.state in ('approved', 'visited', 'signed', 'settled')) then
    raise exception 'rebate_filing_approved: no rebate without an approved filing' using errcode = '23514';
  end if;
  return new;
end $$;
"""


class RebateLine(Record):
    """How one item of an application was computed; kept as it was on that day. The database takes none without approved filing (D-13)."""

    database_functions = APPROVED
    triggers = {"rebate_filing_approved": "before insert {on} for each row execute function rebate_filing_approved()"}

    scope = ScopeRule(via="application")
    masked = {"base": "rebate", "before": "rebate", "amount": "rebate", "working": "rebate"}

    application = Ref(RebateApplication, related_name="lines", verbose_name=_("rebate application"))
    item = Ref(RebateItem, verbose_name=_("rebate item"))
    policy = Ref(RebatePolicy, verbose_name=_("rebate policy"))
    base = models.DecimalField(_("base"), max_digits=14, decimal_places=2)
    before = models.DecimalField(_("reached before"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    working = models.CharField(_("working"), max_length=300, blank=True, default="")
    computed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("rebate line")

    def __str__(self):
        return str(self.item)
