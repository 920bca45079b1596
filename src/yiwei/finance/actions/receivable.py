"""Receivables and their write-off (FIN-12, FIN-14)."""

from django import forms
from django.db.models import F
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.work.actions.action import action

from ..models.receipt import Receipt, ReceiptSplit, Receivable, WriteOff


def open_splits(sub_id):
    """Effective receipt splits of a sub-contract that are not yet written off, locked.

    Everybody locks in the order receivable, receipts, their splits, each by id: a red receipt waits here or is waited for.
    """
    receipts = Receipt.objects.select_for_update(of=("self",)).filter(
        pk__in=ReceiptSplit.objects.filter(sub_id=sub_id, amount__gt=F("written_off")).values("receipt_id"),
        state="finance_approved", reversal_of=None).order_by("pk")
    rows = ReceiptSplit.objects.select_for_update(of=("self",)).filter(
        sub_id=sub_id, receipt_id__in=[r.pk for r in receipts], amount__gt=0).order_by("pk")
    return [s for s in rows if s.amount > s.written_off]


@action(Receivable, _("Write off"), approves=True, sources=("open", "partly"), roles="accountant finance_manager", bulk=True,
        style="success", icon="check", done=_("Written off."))
def write_off(actor, receivable):
    """Pair the receivable with the effective receipts of its sub-contract, oldest first."""
    rest, pairs = receivable.balance, []
    for split in open_splits(receivable.sub_id):
        part = min(rest, split.amount - split.written_off)
        if part <= 0:
            break
        split.written_off += part
        rest -= part
        pairs.append((split, part))
    if not pairs:
        raise Refused(__("There is no effective receipt to write off against."))
    ReceiptSplit.objects.bulk_update([s for s, _part in pairs], ["written_off"])
    WriteOff.objects.bulk_create([WriteOff(receivable=receivable, split=s, amount=a, created_by_id=actor.id)
                                  for s, a in pairs])
    receivable.written_off += sum((a for _s, a in pairs), ZERO)
    receivable.state = "closed" if not receivable.balance else "partly"


@action(Receivable, _("Record promise"), sources=("open", "partly"), roles="guide store_manager accountant",
        icon="calendar", fields={"promised_on": forms.DateField(label=_("Promised on")),
                                 "note": forms.CharField(label=_("Note"), required=False)})
def promise(actor, receivable, *, promised_on, note):
    """The day the customer promised to pay."""
    receivable.promised_on = promised_on
