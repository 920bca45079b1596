"""The one function that prices goods (domain C0): list × quantity × factor × discount, less their part of the promotions.

Pure: it gets plain figures and gives plain figures. The same function stands behind contracts, packages, the price check
and the explanations, so that they cannot differ.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from yiwei.kernel.base.money import MILLI, ZERO, round2, share_within

NOTHING = frozenset()


@dataclass(frozen=True)
class Good:
    """One line to be priced; `group` is the sub-contract it belongs to."""

    key: object
    list_price: Decimal
    qty: Decimal
    factor: Decimal = Decimal(1)
    discount: Decimal = Decimal(1)
    gift: bool = False
    group: object = None
    product: int = 0
    category: int = 0
    brand: str = ""

    @property
    def goods(self):
        return round2(self.list_price * self.qty)

    @property
    def listed(self):
        return round2(self.list_price * self.qty * self.factor)

    @property
    def discounted(self):
        """round2(list × qty × factor × discount); nothing for a gift."""
        return ZERO if self.gift else round2(self.list_price * self.qty * self.factor * self.discount)


@dataclass(frozen=True)
class Offer:
    """A promotion as plain figures. `agreed` caps what it may give in this contract; `items` are {product: quantity}."""

    key: object
    kind: str = "reduction"
    name: str = ""
    threshold: Decimal = ZERO
    amount: Decimal = ZERO
    repeat: bool = False
    rate: Decimal | None = None
    most: int | None = None
    brands_needed: int = 2
    turn: int = 100
    agreed: Decimal | None = None
    categories: frozenset = NOTHING
    products: frozenset = NOTHING
    brands: frozenset = NOTHING
    items: dict = field(default_factory=dict)

    def takes(self, good):
        """Whether a line lies in the scope of the promotion."""
        return not (good.gift or (self.categories and good.category not in self.categories)
                    or (self.products and good.product not in self.products)
                    or (self.brands and good.brand not in self.brands))


@dataclass
class Given:
    """What one promotion gives: its base, the whole reduction, the parts by line, and what it still needs."""

    offer: Offer
    base: Decimal
    parts: dict
    missing: Decimal = ZERO

    @property
    def total(self):
        return sum(self.parts.values(), ZERO)


@dataclass
class Quote:
    """The priced goods: `net` by line, and what each promotion gave."""

    goods: list
    given: list
    net: dict

    def promotion(self, key):
        """What all promotions take off a line."""
        return sum((g.parts.get(key, ZERO) for g in self.given), ZERO)

    @property
    def promoted(self):
        return sum((g.total for g in self.given), ZERO)


def quote(goods, offers=()):
    """Price the goods. Promotions apply in their order of stacking, each on what the earlier ones left."""
    goods = list(goods)
    left = {g.key: g.discounted for g in goods}
    given = []
    for offer in sorted(offers, key=lambda o: (o.turn, str(o.key))):
        found = _give(offer, goods, left)
        for key, part in found.parts.items():
            left[key] -= part
        given.append(found)
    return Quote(goods, given, left)


def _give(offer, goods, left):
    takes = [g for g in goods if offer.takes(g) and left[g.key] > 0]
    base = sum((left[g.key] for g in takes), ZERO)
    if offer.kind in ("add_on", "gift"):
        bearing = [g for g in takes if g.product not in offer.items]
        base = sum((left[g.key] for g in bearing), ZERO)
    missing = max(ZERO, offer.threshold - base)
    if missing or not base:
        return Given(offer, base, {}, missing)
    parts = GIVES[offer.kind](offer, takes, left, goods, base)
    if offer.agreed is not None and sum(parts.values(), ZERO) > offer.agreed:
        parts = _shared(offer.agreed, parts, goods)
    return Given(offer, base, {k: v for k, v in parts.items() if v > 0})


def _shared(total, weights, goods):
    """`total` over lines: first over their groups, then within each, half-up, the last taking the remainder (C0)."""
    bearing = [g for g in goods if weights.get(g.key)]
    groups = {}
    for good in bearing:
        groups.setdefault(good.group, []).append(good.key)
    sums = [sum((weights[k] for k in keys), ZERO) for keys in groups.values()]
    out = {}
    for part, keys in zip(share_within(total, sums), groups.values(), strict=True):
        out.update(zip(keys, share_within(part, [weights[k] for k in keys]), strict=True))
    return out


def _off(offer, base):
    """What a reduction or a discount takes off a base."""
    if offer.rate is not None and offer.kind in ("discount", "linkage"):
        return base - round2(base * offer.rate)
    times = int(base // offer.threshold) if offer.repeat and offer.threshold else 1
    return min(round2(offer.amount * times), base)


def _reduction(offer, takes, left, goods, base):
    return _shared(_off(offer, base), {g.key: left[g.key] for g in takes}, goods)


def _linkage(offer, takes, left, goods, base):
    """Only where goods of enough brands are bought together (品牌联动)."""
    if len({g.brand for g in takes}) < offer.brands_needed:
        return {}
    return _reduction(offer, takes, left, goods, base)


def _one_price(offer, takes, left, goods, base):
    """Each unit costs the one price (一口价); where it already costs less, nothing changes."""
    return {g.key: max(ZERO, left[g.key] - round2(offer.amount * g.qty)) for g in takes}


def _pieces(takes, left, product, wanted):
    """[(line, quantity, what it costs so far)] of a product up to a quantity, in the order of the lines."""
    out = []
    for good in takes:
        if good.product == product and wanted > 0:
            qty = min(good.qty, wanted)
            out.append((good.key, qty, round2(left[good.key] * qty / good.qty)))
            wanted -= qty
    return out


def _goods_at(offer, takes, left, goods, base):
    """Named goods at the add-on price (加价购), or free as a gift; as many as the promotion grants."""
    price = offer.amount if offer.kind == "add_on" else ZERO
    times = int(base // offer.threshold) if offer.repeat and offer.threshold else 1
    out, named = {}, [g for g in goods if not g.gift]
    for product, qty in offer.items.items():
        for key, pieces, cost in _pieces(named, left, product, qty * times):
            out[key] = max(ZERO, cost - round2(price * pieces))
    return out


def sets_of(offer, members):
    """How many whole packages the goods make."""
    have = {p: sum((g.qty for g in members if g.product == p), Decimal(0)) for p in offer.items}
    sets = min((int(have[p] // qty) for p, qty in offer.items.items()), default=0)
    return min(sets, offer.most) if offer.most else sets


def _package(offer, takes, left, goods, base):
    """Whole packages at the package price (套餐); without one of its members the rest costs what it costs alone."""
    members = [g for g in goods if not g.gift]
    sets = sets_of(offer, members)
    costs = {key: cost for product, qty in offer.items.items()
             for key, _qty, cost in (_pieces(members, left, product, qty * sets) if sets else ())}
    saved = sum(costs.values(), ZERO) - round2(offer.amount * sets)
    return _shared(saved, costs, goods) if saved > 0 else {}


GIVES = {"reduction": _reduction, "discount": _reduction, "linkage": _linkage, "one_price": _one_price,
         "add_on": _goods_at, "gift": _goods_at, "package": _package}


def measured(method, *, width=None, height=None, pieces=None, least=ZERO):
    """The quantity charged for a size in millimetres: ㎡ or metres × pieces, at least `least` a piece; None without a size."""
    if method == "area" and width and height:
        each = Decimal(width) * Decimal(height) / 1_000_000
    elif method == "metre" and width:
        each = Decimal(width) / 1000
    else:
        return None
    each = max(each.quantize(MILLI, ROUND_HALF_UP), Decimal(least))
    return (each * Decimal(pieces or 1)).quantize(MILLI, ROUND_HALF_UP)
