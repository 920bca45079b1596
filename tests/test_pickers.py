"""What the pickers of forms offer: exactly what their field takes."""

import pytest
from django.test import Client
from django.urls import reverse

from yiwei.kernel.base import registry
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.actions.fields import Lines, Pick

COVERS = "ORD-02 CRM-07"


@pytest.fixture
def dealer(db):
    return make_dealer("picks", sign_ins=True)


def signed_in(who):
    client = Client()
    client.post(reverse("signin"), {"username": f"{who}@picks", "password": PASSWORD})
    return client


def offered(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return {row["id"]: row["text"] for row in answer.json()["results"]}


def pickers(actor):
    """(action, name of the field) of every picker in a form that makes something."""
    for act in registry.actions.values():
        register = registry.register_of(act.model)
        if not act.creates or register is None or not register.allowed(actor) or not act.allowed(actor):
            continue
        for name, field in act.inputs(actor, None).items():
            columns = field.fields if isinstance(field, Lines) else {"": field}
            for column, one in columns.items():
                if isinstance(one, Pick):
                    yield register.url("new-pick", verb=act.verb, field=f"{name}.{column}".rstrip("."))


def test_every_picker_of_every_form_answers(dealer):
    client = signed_in("general_manager")
    addresses = list(pickers(dealer.actor("general_manager")))
    assert len(addresses) > 40
    for address in addresses:
        offered(client, address)
        offered(client, address, q="周 1")


def test_only_what_the_field_takes_is_offered(dealer):
    address = reverse("register-new-pick", args=["crm", "designtask", "assign", "designer"])
    found = offered(signed_in("guide"), address)
    assert sorted(found) == sorted(dealer.members[who] for who in ("designer", "designer2", "designer3"))
    assert list(offered(signed_in("guide"), address, q="signer3")) == [dealer.members["designer3"]]
    assert signed_in("accountant").get(address).status_code == 403
    assert signed_in("guide").get(reverse("register-new-pick", args=["crm", "designtask", "assign", "remark"])).status_code == 404


def test_a_picker_keeps_to_what_was_chosen_beside_it(dealer):
    from yiwei.crm.models.customer import Customer, House
    with dealer.inside():
        first, second = (Customer.start(dealer.actor("guide"), name=n, phone=p) for n, p in (("周敏", "13800001111"), ("陈刚", "13800002222")))
        homes = {c.pk: House.objects.create(customer=c, community="海园", room=c.name).pk for c in (first, second)}
    address = reverse("register-new-pick", args=["orders", "contract", "create", "house"])
    guide = signed_in("guide")
    assert set(offered(guide, address)) == set(homes.values())
    assert set(offered(guide, address, customer=first.pk)) == {homes[first.pk]}
    assert set(offered(guide, address, customer="nonsense")) == set(homes.values())
    assert offered(signed_in("guide2"), address) == {}
