"""One customer's whole journey through the screens, every step by its own role in a real browser.

The steps and figures are those of tests/test_journey_api.py (scenario G1), to the cent.
"""

import pytest

from yiwei.ledger.actions import money
from yiwei.orders.models.contract import SubContract

from .conftest import served
from .journey import after, goods, ordering, selling
from .journey.dealer import open_shop
from .journey.person import Cast

COVERS = """CRM-01 CRM-02 CRM-03 CRM-05 CRM-06 CRM-07 ORD-02 ORD-03 ORD-04 FIN-04 FIN-05 FIN-07 FIN-08 FIN-11 FIN-12 FIN-14
STK-02 STK-03 STK-04 STK-05 STK-09 STK-12 SVC-01 SVC-04 SVC-05 SVC-06 SVC-07 REB-03 REB-04 REB-05 REB-06 PRS-03 RPT-02"""
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """A dealer with base data only, behind a live server."""
    with served(django_db_blocker, tmp_path_factory.mktemp("files"), open_shop) as story:
        yield story


def test_the_whole_journey_through_the_screens(visit, house):
    cast = Cast(visit, house)
    selling.file_customer(cast)
    selling.become_customer(cast)
    selling.follow_up(cast)
    ordering.sign_contract(cast)
    ordering.upload_design(cast, 1)
    ordering.pay(cast, "订金", "建材城代收", (ordering.CABINET, "2000"), (ordering.WARDROBE, "3000"), mall_number="M1")
    ordering.pass_reviews(cast)
    ordering.release(cast)
    goods.buy(cast)
    goods.deliver_cabinet(cast)
    goods.deliver_wardrobe(cast)
    goods.deliver_rest(cast)
    after.install(cast)
    after.look_after(cast)
    after.rebate(cast)
    after.own_page(cast)
    with house.dealer.inside():
        found = money.total(money.figures(list(SubContract.objects.values_list("pk", flat=True))).values())
    assert {name: str(value) for name, value in found.items()} == {
        "contract_net": "91760.00", "received": "91760.00", "delivered": "91760.00", "unpaid": "0.00", "overpaid": "0.00",
        "prepayment": "0.00", "arrears": "0.00"}
