"""Contracts priced by the one function of the catalogue (`catalog.quote`), and what the price system says of them."""

from decimal import Decimal

from yiwei.catalog.rules import promotions
from yiwei.catalog.rules.prices import prices
from yiwei.catalog.rules.quote import Good, Offer, quote
from yiwei.kernel.base.money import ZERO, share_within
from yiwei.orders.models.contract import ContractLine
from yiwei.orders.models.promotion import PromotionUse

OPEN = ("draft", "rejected", "drawing_review", "price_review")  # afterwards the amount stands in the ledger


def key_of(row):
    """What stands for a line or a sub-contract among the figures; one that is not saved yet stands for itself."""
    return row.pk or id(row)


def goods_of(sub):
    """The lines of a sub-contract with their products; read once for a row in hand."""
    if "goods_now" not in sub.__dict__:
        sub.goods_now = list(sub.lines.select_related("product").order_by("id"))
    return sub.goods_now


def good_of(line, sub):
    """A contract line as plain figures."""
    return Good(key=key_of(line), group=key_of(sub), list_price=line.list_price, qty=line.qty, factor=line.factor, discount=sub.discount,
                gift=line.gift, product=line.product_id, category=line.product.category_id, brand=line.product.brand)


def offers_of(contract, uses=None):
    """The contract's promotions as figures; one noted without a use of its own gives its plain amount."""
    if contract.promotion_id is None:
        return []
    if uses is None:
        uses = list(PromotionUse.objects.filter(contract=contract).select_related("promotion").order_by("id"))
    if not uses:
        return [Offer(key=contract.promotion_id, name=str(contract.promotion), amount=contract.promotion_amount)]
    return promotions.offers([u.promotion for u in uses], {u.promotion_id: u.agreed for u in uses})


def lines_of(subs):
    """Every line of the sub-contracts with its product, in one statement; in the order of the sub-contracts."""
    found = {key_of(sub): [] for sub in subs}
    for line in ContractLine.objects.filter(sub__in=[s.pk for s in subs]).select_related("product").order_by("id"):
        found[line.sub_id].append(line)
    return found


def price(contract, subs=None, *, uses=None, lines=None):
    """Recompute every line of a contract; saves nothing. Returns (sub-contracts, lines, the quote).

    What has passed price review keeps its amounts; what it bears of a promotion is not given a second time.
    """
    subs = list(contract.subs.exclude(state="cancelled").order_by("id")) if subs is None else subs
    lines = lines_of(subs) if lines is None else lines
    made = quote([good_of(ln, sub) for sub in subs for ln in lines[key_of(sub)]], offers_of(contract, uses))
    parts = _kept(subs, lines, made)
    for sub in subs:
        mine = lines[key_of(sub)]
        for good, line in zip((g for g in made.goods if g.group == key_of(sub)), mine, strict=True):
            line.discounted, line.promotion_amount = good.discounted, parts[good.key]
            line.net = line.discounted - line.promotion_amount
        own = [g for g in made.goods if g.group == key_of(sub) and not g.gift]
        sub.list_amount, sub.discounted = (sum(v, ZERO) for v in ([g.listed for g in own], [g.discounted for g in own]))
        sub.promotion_amount = sum((ln.promotion_amount for ln in mine), ZERO)
        sub.net_amount = sum((ln.net for ln in mine), ZERO) + sub.fees + sub.changes_amount
    contract.list_amount = sum((s.list_amount for s in subs), ZERO)
    contract.net_amount = sum((s.net_amount for s in subs), ZERO)
    return subs, [line for group in lines.values() for line in group], made


def _kept(subs, lines, made):
    """What each line bears of the promotions: fixed lines what they bear already, the open ones share the rest."""
    parts = {g.key: made.promotion(g.key) for g in made.goods}
    fixed = {ln.pk: ln.promotion_amount for s in subs if s.state not in OPEN for ln in lines[key_of(s)]}
    if not fixed or all(parts[k] == v for k, v in fixed.items()):
        return parts
    rest = [g for g in made.goods if g.key not in fixed and g.discounted]
    total = min(max(ZERO, made.promoted - sum(fixed.values(), ZERO)), sum((g.discounted for g in rest), ZERO))
    shared = dict(zip([g.key for g in rest], share_within(total, [g.discounted for g in rest]), strict=True))
    return {g.key: fixed.get(g.key, shared.get(g.key, ZERO)) for g in made.goods}


def save(contract, subs, lines, made=None, uses=()):
    """Write what `price` computed, in few statements."""
    if subs:
        type(subs[0]).objects.bulk_update(subs, ["list_amount", "discounted", "promotion_amount", "net_amount"])
    if lines:
        type(lines[0]).objects.bulk_update(lines, ["discounted", "promotion_amount", "net"])
    if uses and made is not None:
        bear(contract, subs, made, uses)
        fresh = [u for u in uses if u.pk is None]
        PromotionUse.objects.bulk_create(fresh)
        if len(fresh) < len(uses):
            PromotionUse.objects.bulk_update([u for u in uses if u not in fresh], ["amount"])
    contract.save()


def bear(contract, subs, made, uses):
    """Note at the uses of promotions what each gives; saves nothing."""
    given = {g.offer.key: g.total for g in made.given}
    for use in uses:
        use.amount = given.get(use.promotion_id, ZERO)
    if uses:
        contract.promotion_amount = sum((s.promotion_amount for s in subs), ZERO)


def renew(contract, uses=None):
    """Price a contract anew and write it down."""
    if uses is None:
        uses = list(PromotionUse.objects.filter(contract=contract).select_related("promotion").order_by("id")) \
            if contract.promotion_id else []
    subs, lines, made = price(contract, uses=uses)
    save(contract, subs, lines, made, uses)
    return subs


def system_prices(contract, lines):
    """{product id: Price} of the contract's price date and outlet."""
    return prices(list({ln.product_id: ln.product for ln in lines}.values()), contract.price_date, contract.outlet_id)


def system_net(sub):
    """What the price system says the sub-contract should cost: list prices of the price date × approved discount."""
    lines = goods_of(sub)
    known = system_prices(sub.contract, lines)
    total = ZERO
    for line in lines:
        listed = known[line.product_id].list_price or line.list_price
        good = Good(key=line.pk, list_price=listed, qty=line.qty, factor=line.factor, discount=sub.discount, gift=line.gift)
        total += good.discounted
    return total - sub.promotion_amount + sub.fees + sub.changes_amount


def differs(sub, contract):
    """The lines of a sub-contract whose amounts are not what the one function gives (D-19), as [(line, computed net)]."""
    subs = list(contract.subs.exclude(state="cancelled").order_by("id"))
    lines = lines_of(subs)
    own = sub.goods_now = lines.get(sub.pk, [])
    stored = {ln.pk: (ln.discounted, ln.promotion_amount, ln.net) for ln in own}
    price(contract, subs, lines=lines)
    return [(ln, ln.net) for ln in own if stored[ln.pk] != (ln.discounted, ln.promotion_amount, ln.net)]


def gift_value(sub, lines, made):
    """List value of the gifts that no gift promotion covers."""
    granted = {}
    for given in made:
        if given.kind == "gift":
            for product, qty in given.items.items():
                granted[product] = granted.get(product, Decimal(0)) + qty
    total = ZERO
    for line in lines:
        if line.gift:
            covered = min(line.qty, granted.get(line.product_id, Decimal(0)))
            granted[line.product_id] = granted.get(line.product_id, Decimal(0)) - covered
            total += good_of(line, sub).listed if not covered else Good(
                key=0, list_price=line.list_price, qty=line.qty - covered, factor=line.factor).listed
    return total
