import pytest
from django.test import Client
from django.urls import reverse

from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.platform.rules.dealers import make_administrator

OPERATOR = "operator@yiwei"


def signed_in(username, password=PASSWORD):
    client = Client()
    answer = client.post(reverse("signin"), {"username": username, "password": password})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return client


@pytest.fixture
def dealer(db):
    return make_dealer("one", sign_ins=True)


@pytest.fixture
def other(db):
    return make_dealer("two", sign_ins=True)


@pytest.fixture
def administrator(db):
    return make_administrator(OPERATOR, "Op", PASSWORD)


@pytest.fixture
def operator(administrator):
    """A client signed in as an administrator of the platform."""
    return signed_in(OPERATOR)
