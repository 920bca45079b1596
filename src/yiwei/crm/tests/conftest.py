"""A dealer, signed-in browsers and keys for programs."""

import pytest
from django.test import Client
from django.urls import reverse

from yiwei.kernel.screens.api.views import issue
from yiwei.kernel.testing import PASSWORD, make_dealer


class House:
    """A dealer as people and programs meet it."""

    def __init__(self):
        self.dealer = make_dealer("crmtest", sign_ins=True)
        self.do, self.get, self.inside, self.actor = (self.dealer.do, self.dealer.get, self.dealer.inside,
                                                      self.dealer.actor)
        self.members = self.dealer.members

    def browser(self, who):
        client = Client()
        client.post(reverse("signin"), {"username": f"{who}@crmtest", "password": PASSWORD})
        return client

    def api(self, who):
        with self.inside():
            key = issue(self.members[who], who)
        return Client(headers={"Authorization": f"Bearer {key}"})

    def post(self, who, path, **data):
        return self.api(who).post(f"/api/v1/{path}", data, content_type="application/json")


@pytest.fixture
def house(db):
    return House()
