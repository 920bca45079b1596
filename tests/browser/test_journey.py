"""One customer's whole journey through the screens, every step by its own role in a real browser.

The steps and figures are those of tests/test_journey_api.py (scenario G1), to the cent.
"""

import pytest

from .conftest import served
from .journey import after, goods, ordering, selling
from .journey.dealer import open_shop
from .journey.person import Cast

COVERS = """CRM-01 CRM-02 CRM-03 CRM-05 CRM-06 CRM-07"""
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
