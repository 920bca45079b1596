"""Post to the money ledger and read its figures."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from yiwei.kernel.base.money import ZERO
from yiwei.ledger.models.money import MoneyBalance, MoneyEntry, MoneyPosting


@dataclass(frozen=True)
class Leg:
    """One leg of an entry: debit positive, credit negative."""

    account: str
    amount: Decimal
    sub_id: int = 0
    party: str = ""


def party(obj):
    """How a party is named in postings: "catalog.supplier:7"."""
    return f"{obj._meta.label_lower}:{obj.pk}" if obj is not None else ""


def post(actor, kind, source, legs, *, at=None, reversal_of=None, booking_month=None):
    """Write one entry. The database refuses legs that do not sum to zero and closed months."""
    legs = [leg for leg in legs if leg.amount]
    if not legs:
        return None
    at = at or timezone.now()
    entry = MoneyEntry.objects.create(
        at=at, booking_month=booking_month or timezone.localtime(at).date().replace(day=1), kind=kind,
        source_model=source._meta.label_lower, source_id=source.pk, source_text=str(source)[:60], actor_id=actor.id,
        reversal_of=reversal_of)
    MoneyPosting.objects.bulk_create([
        MoneyPosting(entry=entry, account=leg.account, amount=leg.amount, sub_id=leg.sub_id, party=leg.party)
        for leg in legs])
    return entry


def reverse(actor, entry, source=None, at=None):
    """Book the opposite of an entry; an entry can be reversed once."""
    legs = [Leg(p.account, -p.amount, p.sub_id, p.party) for p in entry.postings.all()]
    return post(actor, f"{entry.kind}_reversal"[:24], source or _Source(entry), legs, at=at, reversal_of=entry)


class _Source:
    """The document of an entry that is being reversed."""

    def __init__(self, entry):
        self.pk, self._text = entry.source_id, entry.source_text
        self._meta = type("Meta", (), {"label_lower": entry.source_model})

    def __str__(self):
        return self._text


def entries_of(source):
    return MoneyEntry.objects.filter(source_model=source._meta.label_lower, source_id=source.pk).order_by("id")


@dataclass(frozen=True)
class Figures:
    """The figures of C0 for one sub-contract (or a sum of them; never netted across)."""

    contract_net: Decimal = ZERO
    received: Decimal = ZERO
    delivered: Decimal = ZERO

    @property
    def unpaid(self):
        return max(ZERO, self.contract_net - self.received)

    @property
    def overpaid(self):
        return max(ZERO, self.received - self.contract_net)

    @property
    def prepayment(self):
        return max(ZERO, self.received - self.delivered)

    @property
    def arrears(self):
        return max(ZERO, self.delivered - self.received)


FIELDS = ("contract_net", "received", "delivered", "unpaid", "overpaid", "prepayment", "arrears")


def figures(sub_ids):
    """{sub-contract id: Figures} in one query."""
    out = {i: {"contract": ZERO, "received": ZERO, "delivered": ZERO} for i in sub_ids}
    rows = MoneyBalance.objects.filter(sub_id__in=list(sub_ids), account__in=("contract", "received", "delivered"))
    for sub_id, account, amount in rows.values_list("sub_id", "account").annotate(amount=Sum("amount")):
        out[sub_id][account] = -amount if account == "received" else amount
    return {i: Figures(v["contract"], v["received"], v["delivered"]) for i, v in out.items()}


def total(all_figures):
    """Sum figures over sub-contracts, each computed by itself."""
    return {name: sum((getattr(f, name) for f in all_figures), ZERO) for name in FIELDS}


def balance(account, *, party="", sub_id=None):
    """Balance of an account for a party (debit positive)."""
    rows = MoneyBalance.objects.filter(account=account)
    if party:
        rows = rows.filter(party=party)
    if sub_id is not None:
        rows = rows.filter(sub_id=sub_id)
    return rows.aggregate(s=Sum("amount"))["s"] or ZERO
