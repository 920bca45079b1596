"""The one price function against any goods and any promotions."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from yiwei.catalog.models.product import Product
from yiwei.catalog.rules.explain import steps
from yiwei.catalog.rules.prices import Price
from yiwei.catalog.rules.quote import GIVES, Good, Offer, measured, quote
from yiwei.kernel.base.money import share_within

COVERS = "BAS-09"

cents = st.integers(0, 500_000).map(lambda n: D(n) / 100)
rates = st.integers(1, 100).map(lambda n: D(n) / 100)


@st.composite
def goods(draw):
    return [Good(key=n, list_price=draw(cents), qty=D(draw(st.integers(1, 9_999))) / draw(st.sampled_from([1, 10, 1000])),
                 factor=draw(st.sampled_from([D(1), D("1.15"), D("0.8")])), discount=draw(rates), gift=draw(st.integers(0, 9)) == 0,
                 group=draw(st.integers(1, 3)), product=draw(st.integers(1, 4)), category=draw(st.integers(1, 2)),
                 brand=draw(st.sampled_from("AB"))) for n in range(draw(st.integers(1, 12)))]


@st.composite
def offers(draw):
    return [Offer(key=100 + n, kind=draw(st.sampled_from(sorted(GIVES))), name=str(n), threshold=draw(st.sampled_from([D(0), D(100), D(5000)])),
                  amount=draw(cents), repeat=draw(st.booleans()), rate=draw(st.none() | rates), most=draw(st.none() | st.integers(1, 3)),
                  turn=draw(st.integers(1, 3)), agreed=draw(st.none() | cents),
                  categories=frozenset(draw(st.sets(st.integers(1, 2), max_size=2))),
                  products=frozenset(draw(st.sets(st.integers(1, 4), max_size=2))),
                  brands=frozenset(draw(st.sets(st.sampled_from("AB"), max_size=2))),
                  items=dict.fromkeys(draw(st.sets(st.integers(1, 4), min_size=1, max_size=2)), D(1))) for n in range(draw(st.integers(0, 4)))]


@given(goods(), offers())
def test_the_parts_of_every_promotion_add_up_and_no_line_goes_below_zero(lines, promos):
    made = quote(lines, promos)
    for good in lines:
        assert made.net[good.key] == good.discounted - made.promotion(good.key)
        assert 0 <= made.net[good.key] <= good.discounted
    for found in made.given:
        assert all(part > 0 and part == part.quantize(D("0.01")) for part in found.parts.values())
        assert found.offer.agreed is None or found.total <= found.offer.agreed
    assert sum(made.net.values()) == sum(g.discounted for g in lines) - made.promoted


@given(goods(), st.integers(0, 100_000_000).map(lambda n: D(n) / 100))
def test_a_reduction_gives_its_amount_to_the_cent_or_all_there_is(lines, amount):
    made = quote(lines, [Offer(key=1, amount=amount)])
    assert made.promoted == min(amount, sum(g.discounted for g in lines))


@given(goods(), offers(), st.randoms())
def test_the_order_in_which_promotions_are_named_changes_nothing(lines, promos, chance):
    shuffled = list(promos)
    chance.shuffle(shuffled)
    assert quote(lines, shuffled).net == quote(lines, promos).net


@given(goods(), st.integers(0, 10_000).map(D), st.randoms())
def test_the_order_of_lines_changes_no_total(lines, amount, chance):
    turned = list(lines)
    chance.shuffle(turned)
    for offer in (Offer(key=1, amount=amount, threshold=D(100), repeat=True), Offer(key=1, kind="discount", rate=D("0.9")),
                  Offer(key=1, kind="one_price", amount=D(50)), Offer(key=1, kind="linkage", rate=D("0.8"))):
        assert quote(lines, [offer]).promoted == quote(turned, [offer]).promoted


@given(goods(), offers(), st.booleans())
def test_the_explanation_adds_up_to_the_price(lines, promos, typed):
    made = quote(lines, promos)
    for good in lines:
        price = Price(good.list_price + (1 if typed else 0), D(0))
        shown = steps(good, made, price, product=Product(unit="件", method="unit", least=0))
        assert sum(s.amount for s in shown) == made.net[good.key]
        assert (shown[0].tone == "orange") == typed


@given(st.lists(cents, min_size=1, max_size=40), st.integers(0, 10_000))
def test_shares_lie_between_nothing_and_their_limit(limits, ten_thousandths):
    total = (sum(limits) * ten_thousandths / 10_000).quantize(D("0.01"))
    parts = share_within(min(total, sum(limits)), limits)
    assert sum(parts) == min(total, sum(limits))
    assert all(0 <= part <= limit for part, limit in zip(parts, limits, strict=True))


def line(key, price, product, qty=1, **more):
    return Good(key=key, list_price=D(price), qty=D(qty), product=product, **more)


def test_every_kind_gives_what_its_name_says():
    bed, lamp, sofa = line("bed", 6000, 1, brand="A"), line("lamp", 400, 2, 2, brand="B"), line("sofa", 5000, 3, brand="A")
    base = [bed, lamp, sofa]
    cases = [
        (Offer(key=1, threshold=D(5000), amount=D(300), repeat=True), D(600)),           # 11,800: twice 5,000
        (Offer(key=1, threshold=D(12000), amount=D(300)), D(0)),
        (Offer(key=1, kind="discount", rate=D("0.9"), brands=frozenset("A")), D(1100)),
        (Offer(key=1, kind="one_price", amount=D(299), products=frozenset({2})), D(202)),   # two lamps at 299
        (Offer(key=1, kind="add_on", threshold=D(10000), amount=D(99), items={2: D(1)}), D(301)),  # one lamp at 99
        (Offer(key=1, kind="gift", threshold=D(10000), items={2: D(1)}), D(400)),
        (Offer(key=1, kind="gift", threshold=D(11500), items={2: D(1)}), D(0)),          # the gift does not reach its own threshold
        (Offer(key=1, kind="linkage", rate=D("0.95")), D(590)),
        (Offer(key=1, kind="linkage", rate=D("0.95"), brands_needed=3), D(0)),
        (Offer(key=1, kind="package", amount=D(9000), items={1: D(1), 3: D(1)}), D(2000)),
    ]
    for offer, expected in cases:
        assert quote(base, [offer]).promoted == expected, offer
    packed = Offer(key=1, kind="package", amount=D(9000), items={1: D(1), 3: D(1)})
    assert quote([bed, lamp], [packed]).net == {"bed": D(6000), "lamp": D(800)}          # without the sofa there is no package


def test_promotions_stack_in_their_order():
    discount, off = Offer(key=1, kind="discount", rate=D("0.9"), turn=1), Offer(key=2, amount=D(1000), threshold=D(10000), turn=2)
    goods_ = [line("a", 10500, 1)]
    assert quote(goods_, [off, discount]).net["a"] == D(9450)     # after the discount 9,450 does not reach 10,000
    first = Offer(key=2, amount=D(1000), threshold=D(10000), turn=0)
    assert quote(goods_, [first, discount]).net["a"] == D(8550)


def test_figures_of_g1():
    cab = Good(key=1, group=1, list_price=D(42000), qty=D(1), discount=D("0.88"))
    rest = [Good(key=n, group=2, list_price=D(p), qty=D(1), discount=D("0.85")) for n, p in ((2, 36500), (3, 25000), (4, 6500))]
    assert list(quote([cab, *rest], [Offer(key=9, amount=D(3000))]).net.values()) == [
        D("35789.89"), D("30042.78"), D("20577.25"), D("5350.08")]


def test_sizes_become_quantities():
    assert measured("area", width=2400, height=2200) == D("5.280")
    assert measured("area", width=300, height=400, pieces=3, least=D("0.8")) == D("2.400")
    assert measured("metre", width=3155, pieces=2) == D("6.310")
    assert measured("unit", width=300, height=400) is None
    assert measured("area", width=300) is None
