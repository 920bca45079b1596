"""The one place where a line's price is computed (domain C0)."""

from decimal import Decimal

from yiwei.catalog.models.product import PriceChange
from yiwei.kernel.money import ZERO, round2, share


def list_prices(products, day):
    """{product id: (list price, dealer price)} valid on a day; the product's own where no change is recorded."""
    out = {p.pk: (p.list_price, p.dealer_price) for p in products}
    changes = PriceChange.objects.filter(product_id__in=list(out), valid_from__lte=day).order_by("valid_from")
    for change in changes:
        out[change.product_id] = (change.list_price, change.dealer_price)
    return out


def discounted(list_price, qty, factor, discount):
    """round2(list × qty × factor × discount)."""
    return round2(Decimal(list_price) * qty * factor * discount)


def price(contract, subs=None):
    """Recompute every line of a contract: discounts, then the promotion pro rata, the last taking the remainder.

    Returns the lines that changed; saves nothing.
    """
    subs = list(contract.subs.exclude(state="cancelled").order_by("id")) if subs is None else subs
    lines = {sub.pk: list(sub.lines.order_by("id")) for sub in subs}
    for sub in subs:
        for line in lines[sub.pk]:
            line.discounted = ZERO if line.gift else discounted(line.list_price, line.qty, line.factor, sub.discount)
        sub.list_amount = sum((round2(ln.list_price * ln.qty * ln.factor) for ln in lines[sub.pk] if not ln.gift), ZERO)
        sub.discounted = sum((ln.discounted for ln in lines[sub.pk]), ZERO)
    bearing = [s for s in subs if s.discounted]
    parts = dict(zip([s.pk for s in bearing], share(contract.promotion_amount, [s.discounted for s in bearing]),
                     strict=True))
    for sub in subs:
        sub.promotion_amount = parts.get(sub.pk, ZERO)
        own = [ln for ln in lines[sub.pk] if ln.discounted]
        for line, part in zip(own, share(sub.promotion_amount, [ln.discounted for ln in own]), strict=True):
            line.promotion_amount, line.net = part, line.discounted - part
        for line in lines[sub.pk]:
            if not line.discounted:
                line.promotion_amount, line.net = ZERO, ZERO
        sub.net_amount = sum((ln.net for ln in lines[sub.pk]), ZERO) + sub.fees + sub.changes_amount
    contract.list_amount = sum((s.list_amount for s in subs), ZERO)
    contract.net_amount = sum((s.net_amount for s in subs), ZERO)
    return subs, [line for group in lines.values() for line in group]


def save(contract, subs, lines):
    """Write what `price` computed, in two statements."""
    type(subs[0]).objects.bulk_update(subs, ["list_amount", "discounted", "promotion_amount", "net_amount"]) if subs else None
    if lines:
        type(lines[0]).objects.bulk_update(lines, ["discounted", "promotion_amount", "net"])
    contract.save()


def system_net(sub):
    """What the price system says the sub-contract should cost: list prices of the price date × approved discount."""
    lines = list(sub.lines.select_related("product"))
    prices = list_prices([ln.product for ln in lines], sub.contract.price_date)
    total = sum((ZERO if ln.gift else discounted(prices[ln.product_id][0], ln.qty, ln.factor, sub.discount)
                 for ln in lines), ZERO)
    return total - sub.promotion_amount + sub.fees + sub.changes_amount
