"""Customers who may be one household, by the matcher of filings: asked on saving, shown to who keeps customers in order (CRM-05)."""

from yiwei.crm.models.customer import Customer
from yiwei.filing.rules import estates
from yiwei.filing.rules.evidence import keys_under, parties_of, rarity_of
from yiwei.filing.rules.matching import compare
from yiwei.filing.rules.sheet import cause_text
from yiwei.kernel.models import SearchKey
from yiwei.kernel.records.search import kind_of

MOST, SHOWN = 100, 8
RELATED = Customer.search_related


def households(customer, houses=None):
    """[(other customer, strength, why)]. Telephones are refused elsewhere and former ones may have a new bearer: they count for nothing here."""
    names = estates.aliases()
    mine = parties_of(customer, houses=houses, aliases=names)
    every = [version for one in mine for version in estates.under_every_name(one, names)]
    keys = [k for k in keys_under(every, context=False) if not k.startswith("m-phone:")]
    ids = SearchKey.objects.filter(kind=kind_of(Customer), key__in=sorted(keys)).exclude(object_id=customer.pk).order_by("-object_id")
    ids = list(ids.values_list("object_id", flat=True).distinct()[:MOST])
    if not ids:
        return []
    rows = Customer.objects.filter(pk__in=ids).exclude(state__in=("merged", "invalid")).select_related("owner", "outlet")
    others = {c: parties_of(c, aliases=names) for c in rows.prefetch_related(*RELATED)}
    rarity = rarity_of(mine[0], [p for parties in others.values() for p in parties])
    found = [(other, max((compare(a, b, rarity) for a in mine for b in parties), key=lambda c: c.rank)) for other, parties in others.items()]
    told = [(other, c) for other, c in found if c.strength and c.cause != "same_phone"]
    return [(other, c.strength, cause_text(c.cause)) for other, c in sorted(told, key=lambda pair: pair[1].rank, reverse=True)[:SHOWN]]
