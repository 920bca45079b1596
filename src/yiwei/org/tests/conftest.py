"""A dealer and browsers signed in to it."""

import pytest
from django.test import Client

from yiwei.kernel.testing import PASSWORD, make_dealer


@pytest.fixture
def dealer(db):
    return make_dealer("staff", sign_ins=True)


@pytest.fixture
def browser(dealer):
    def enter(who):
        client = Client(headers={"accept-language": "en"})
        assert client.post("/sign-in/", {"username": f"{who}@staff", "password": PASSWORD}).status_code == 302
        return client
    return enter
