"""The ledgers refuse what breaks them; scenario G7 to the cent."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction

from yiwei.catalog.models.product import Category, Product
from yiwei.kernel.records.scope import system
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import goods, money
from yiwei.ledger.models.goods import ProductCost
from yiwei.ledger.models.money import MonthClose


@pytest.fixture
def house(db):
    dealer = make_dealer()
    with dealer.inside():
        category = Category.objects.create(code="h", name="hardware")
        product = Product.objects.create(code="p", name="lock", brand="b", category=category, list_price=1)
        yield dealer, system(dealer.id), product


def test_g7_moving_average(house):
    _dealer, actor, p = house
    main, shop = goods.location("main"), goods.location("shop", "outlet")
    supplier, customer = goods.virtual("supplier"), goods.virtual("customer")

    def move(*moves):
        return goods.move(actor, "test", p, moves)

    move(goods.Move(p, D(10), supplier, main, value=D(4300)))
    move(goods.Move(p, D(20), supplier, main, value=D(9200)))
    assert goods.average(p.pk) == D("450.0000")
    assert move(goods.Move(p, D(6), main, customer)) == D("2700.00")
    move(goods.Move(p, D(1), customer, main, value=D(450)))
    move(goods.Move(p, D(5), main, shop))
    move(goods.Move(p, D(2), main, supplier, value=D(920)))
    cost = ProductCost.objects.get(product=p)
    assert (cost.qty, cost.value, goods.average(p.pk)) == (D(23), D("10330.00"), D("449.1304"))
    assert goods.on_hand(p.pk, location_id=main.pk) == 18
    assert move(goods.Move(p, D(1), main, goods.virtual("variance"))) == D("449.13")
    cost.refresh_from_db()
    assert (cost.qty, cost.value) == (D(22), D("9880.87"))


def test_stock_never_falls_below_zero(house):
    _dealer, actor, p = house
    main, customer = goods.location("main"), goods.virtual("customer")
    goods.move(actor, "in", p, [goods.Move(p, D(3), goods.virtual("supplier"), main, value=D(3))])
    with pytest.raises(IntegrityError, match="ledger_stock_not_negative"), transaction.atomic():
        goods.move(actor, "out", p, [goods.Move(p, D(4), main, customer)])
    assert goods.on_hand(p.pk) == 3


def test_an_entry_must_sum_to_zero(house):
    _dealer, actor, p = house
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        money.post(actor, "x", p, [money.Leg("cash", D(5)), money.Leg("received", D(-4), 1)])


def test_a_closed_month_takes_no_posting(house):
    _dealer, actor, p = house
    from datetime import date
    MonthClose.objects.create(month=date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        money.post(actor, "x", p, [money.Leg("cash", D(5)), money.Leg("received", D(-5), 1)],
                   booking_month=date(2026, 1, 1))


def test_an_entry_is_reversed_once(house):
    _dealer, actor, p = house
    entry = money.post(actor, "x", p, [money.Leg("cash", D(5)), money.Leg("received", D(-5), 7)])
    assert money.figures([7])[7].received == 5
    money.reverse(actor, entry)
    assert money.figures([7])[7].received == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        money.reverse(actor, entry)


def test_figures_are_never_netted_across_sub_contracts(house):
    _dealer, actor, p = house
    money.post(actor, "r", p, [money.Leg("cash", D(30)), money.Leg("received", D(-20), 1), money.Leg("received", D(-10), 2)])
    money.post(actor, "d", p, [money.Leg("delivered", D(5), 1), money.Leg("delivered", D(40), 2), money.Leg("revenue", D(-45))])
    total = money.total(money.figures([1, 2]).values())
    assert (total["prepayment"], total["arrears"]) == (D(15), D(30))
