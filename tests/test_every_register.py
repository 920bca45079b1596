"""Walk the registry: every register, form and report, for every role."""

import pytest
from django.test import Client
from django.urls import reverse

from yiwei.kernel.base import registry
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.org.rules.presets import POSITIONS

ROLES = list(POSITIONS)


@pytest.fixture
def dealer(db):
    return make_dealer("sweep", sign_ins=True)


def signed_in(who, code="sweep"):
    client = Client()
    answer = client.post(reverse("signin"), {"username": f"{who}@{code}", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:300]
    return client


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_exactly_what_it_may(dealer, role):
    client, actor = signed_in(role), dealer.actor(role)
    for register in registry.registers.values():
        expected = 200 if register.allowed(actor) else 403
        assert client.get(register.url()).status_code == expected, register.url()
        assert client.get(f"/api/v1/{register.room}/{register.slug}").status_code == expected, register.url()
        if expected == 200:
            assert client.get(register.url("totals")).status_code == 200, register.url("totals")
    for report in registry.reports.values():
        assert client.get(report.url()).status_code == (200 if report.allowed(actor) else 403), report.slug


@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_fill_in_exactly_the_forms_it_may(dealer, role):
    client, actor = signed_in(role), dealer.actor(role)
    for act in registry.actions.values():
        register = registry.register_of(act.model)
        if not act.creates or register is None or not register.allowed(actor):
            continue
        expected = 200 if act.allowed(actor) else 403
        assert client.get(register.url("new", verb=act.verb)).status_code == expected, act.name


@pytest.mark.parametrize("page", ["home", "todo", "search", "notifications", "password"])
def test_the_pages_of_everybody(dealer, page):
    client = signed_in("guide")
    assert client.get(reverse(page)).status_code == 200
    assert client.get(reverse(page) + "?q=张三").status_code == 200


def test_strangers_reach_only_the_sign_in(db):
    client = Client()
    for register in registry.registers.values():
        answer = client.get(register.url())
        assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("signin"))
        assert client.get(f"/api/v1/{register.room}/{register.slug}").status_code == 401


def test_the_openapi_description_is_valid(db):
    from openapi_spec_validator import validate
    answer = Client().get(reverse("openapi"))
    assert answer.status_code == 200
    validate(answer.json())


def test_pages_do_a_bounded_number_of_queries(dealer, django_assert_max_num_queries):
    client = signed_in("general_manager")
    for register in registry.registers.values():
        with django_assert_max_num_queries(18):
            client.get(register.url())
