"""State machines that attack both ledgers: whatever is tried, the balances are the sums and stock is never negative."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from yiwei.catalog.models.product import Category, Product
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.records.scope import system
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import goods, money

from ..models.goods import GoodsMove, ProductCost, StockBalance
from ..models.money import MoneyBalance, MoneyPosting

ROBOT = system(0)
RUNS = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
QTY = st.integers(1, 9).map(D)
CENTS = st.integers(-50000, 50000).filter(bool).map(lambda c: D(c) / 100)
ACCOUNTS = st.sampled_from(["cash", "received", "delivered", "revenue", "contract"])


@pytest.fixture
def house(db):
    dealer = make_dealer()
    with dealer.inside("accountant"):
        yield dealer


class Source:
    """A document of the test."""

    pk, _meta = 1, type("Meta", (), {"label_lower": "test.source"})

    def __str__(self):
        return "S"


def test_goods(house):
    category = Category.objects.create(code="m", name="m")
    products = [Product.objects.create(code=f"m{i}", name=f"m{i}", brand="b", category=category, list_price=9, dealer_price=5)
                for i in range(2)]
    places = [goods.location(f"m-{i}") for i in range(2)]
    outside = {k: goods.virtual(k) for k in ("supplier", "customer")}

    class Goods(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.point = transaction.savepoint()
            self.have = {(p.pk, b.pk): D(0) for p in products for b in places}
            self.worth = {p.pk: D(0) for p in products}

        def teardown(self):
            transaction.savepoint_rollback(self.point)

        def book(self, kind, product, qty, source, target, value=None):
            try:
                with transaction.atomic():
                    return goods.move(ROBOT, kind, Source(), [goods.Move(product, qty, source, target, 0, value)])
            except IntegrityError:
                return None

        @rule(p=st.sampled_from(products), b=st.sampled_from(places), qty=QTY, price=st.integers(1, 900).map(lambda c: D(c) / 100))
        def receive(self, p, b, qty, price):
            value = (qty * price).quantize(D("0.01"))
            assert self.book("arrival", p, qty, outside["supplier"], b, value) == value
            self.have[p.pk, b.pk] += qty
            self.worth[p.pk] += value

        @rule(p=st.sampled_from(products), b=st.sampled_from(places), qty=QTY)
        def issue(self, p, b, qty):
            enough = self.have[p.pk, b.pk] >= qty
            value = self.book("issue", p, qty, b, outside["customer"])
            assert (value is not None) == enough
            if enough:
                self.have[p.pk, b.pk] -= qty
                self.worth[p.pk] -= value

        @rule(p=st.sampled_from(products), qty=QTY)
        def shift(self, p, qty):
            enough = self.have[p.pk, places[0].pk] >= qty
            assert (self.book("transfer", p, qty, places[0], places[1]) is not None) == enough
            if enough:
                self.have[p.pk, places[0].pk] -= qty
                self.have[p.pk, places[1].pk] += qty

        @rule(p=st.sampled_from(products))
        def nothing_can_be_moved_by_zero(self, p):
            with pytest.raises(Refused):
                goods.move(ROBOT, "x", Source(), [goods.Move(p, D(0), places[0], places[1])])

        @invariant()
        def balances_are_the_sums(self):
            kept = {(b.product_id, b.location_id): b.qty for b in StockBalance.objects.filter(location__in=places)}
            assert {k: v for k, v in self.have.items() if v} == {k: v for k, v in kept.items() if v}
            assert all(v >= 0 for v in kept.values())
            for row in ProductCost.objects.filter(product__in=products, sub_id=0):
                assert row.value == self.worth[row.product_id] and (row.qty > 0 or row.value == 0)

    run_state_machine_as_test(Goods, settings=RUNS)
    assert not GoodsMove.objects.exists()


def test_money(house):
    class Money(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.point, self.sums, self.entries = transaction.savepoint(), {}, []

        def teardown(self):
            transaction.savepoint_rollback(self.point)

        @rule(a=ACCOUNTS, b=ACCOUNTS, amount=CENTS, sub=st.integers(1, 3))
        def post(self, a, b, amount, sub):
            self.entries.append(money.post(ROBOT, "x", Source(), [money.Leg(a, amount, sub), money.Leg(b, -amount, sub)]))
            self._add(a, sub, amount)
            self._add(b, sub, -amount)

        def _add(self, account, sub, amount):
            self.sums[account, sub] = self.sums.get((account, sub), D(0)) + amount

        @rule(a=ACCOUNTS, amount=CENTS)
        def one_sided(self, a, amount):
            with pytest.raises(IntegrityError), transaction.atomic():
                money.post(ROBOT, "x", Source(), [money.Leg(a, amount, 1)])

        @rule(data=st.data())
        def reverse(self, data):
            if not self.entries:
                return
            entry = data.draw(st.sampled_from(self.entries))
            self.entries.remove(entry)
            legs = [(p.account, p.sub_id, p.amount) for p in entry.postings.all()]
            money.reverse(ROBOT, entry)
            for account, sub, amount in legs:
                self._add(account, sub, -amount)
            with pytest.raises(IntegrityError), transaction.atomic():
                money.reverse(ROBOT, entry)

        @rule()
        def history_cannot_be_changed(self):
            for attack in (lambda: MoneyPosting.objects.update(amount=1), lambda: MoneyPosting.objects.all().delete(),
                           lambda: MoneyBalance.objects.update(amount=1)):
                with pytest.raises(Exception, match="permission denied|append"), transaction.atomic():
                    attack()

        @invariant()
        def balances_are_the_sums_and_all_of_them_are_zero(self):
            kept = {(b.account, b.sub_id): b.amount for b in MoneyBalance.objects.all()}
            assert {k: v for k, v in self.sums.items() if v} == {k: v for k, v in kept.items() if v}
            assert sum(kept.values(), D(0)) == 0

    run_state_machine_as_test(Money, settings=RUNS)
