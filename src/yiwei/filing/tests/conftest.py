"""A dealer with two partners."""

import pytest

from yiwei.kernel.testing import make_dealer

from ..models.partner import ChannelPartner


@pytest.fixture
def d(db):
    dealer = make_dealer(sign_ins=True)
    with dealer.inside():
        dealer.partner = ChannelPartner.objects.create(code="HJ", name="华景装饰", level="A")
        dealer.other = ChannelPartner.objects.create(code="QT", name="其他装饰")
    return dealer
