"""Managers and directors of one place and the rows of another: not in lists, pages, exports, pickers or the API, and nothing can be done to them."""

import json

import pytest

from yiwei.catalog.models.target import OutletTarget, SalesTarget
from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.records.tenancy.models import Ref

from .world import body_of

STRANGERS = ("store_manager", "store_manager2", "region_director")   # of S11, S12 and region 1
AT_HOME = ("store_manager3", "region_director3")                     # of S21 and region 2
FOR_ALL = {"catalog.PriceList", "kernel.ApiToken", "org.Delegation", "org.Department", "org.Employee", "stock.Warehouse"}  # base data on purpose


def rows_there(world):
    """(register, row of the other place) of every register whose rows have a place."""
    for register in registry.registers.values():
        row = world.row(world.one, "there", register.model)
        if row is not None and register.main and not register.model.scope.public:
            yield register, row


def test_whatever_bears_an_outlet_has_a_place_or_is_said_to_be_for_all():
    stray = {m._meta.label for m in {r.model for r in registry.registers.values()} if m.scope.public and any(
        isinstance(f, Ref) and f.related_model._meta.label == "org.Outlet" for f in m._meta.local_fields)}
    assert stray <= FOR_ALL


def hidden_from(world, who, register, row):
    with world.one.inside():
        return not scope.rows(register.model, world.one.actor(who)).filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", STRANGERS)
def test_rows_of_another_place_are_nowhere(world, who):
    client, token, met = world.client(who), world.token(who), []
    for register, row in rows_there(world):
        assert hidden_from(world, who, register, row), register.model
        base, api = register.url("detail", row.pk), f"/api/v1/{register.room}/{register.slug}"
        assert client.get(base).status_code in (403, 404), base
        assert client.get(f"{api}/{row.pk}", headers=token).status_code in (403, 404), api
        listed = client.get(f"{api}?limit=200", headers=token)
        if listed.status_code == 200:
            met.append(register)
            assert row.pk not in [r["id"] for r in json.loads(listed.content)["results"]], register
            offered = client.get(register.url("pick"), {"q": "there"})
            assert offered.status_code != 200 or f'"{row.pk}"' not in offered.content.decode(), register
            book = client.get(register.url("export"))
            assert book.status_code != 200 or "Qxthereone" not in body_of(book).replace("Qxthereone" + "name", ""), register
        for act in register.actions():
            if not act.creates:
                answer = client.post(f"{api}/{row.pk}/{act.verb}", "{}", "application/json", headers=token)
                assert answer.status_code in (403, 404), (act.name, answer.status_code, answer.content[:200])
                assert client.post(f"{base}do/{act.verb}/", {}).status_code in (403, 404), act.name
    assert len(met) > 15


@pytest.mark.parametrize("who", AT_HOME)
def test_the_same_rows_are_there_for_their_own_place(world, who):
    seen = [register for register, row in rows_there(world) if not hidden_from(world, who, register, row)]
    assert {SalesTarget, OutletTarget} <= {r.model for r in seen} and len(seen) > 15


def test_nobody_makes_a_target_for_another_place(world):
    there, guide = world.one.outlets["S21"], world.one.members["guide3"]
    plain = {"month": "2090-01-01", "metric": "collected", "amount": "1"}
    for who in STRANGERS:
        for slug, body in (("salestarget", {**plain, "employee": guide, "outlet": there}), ("outlettarget", {**plain, "outlet": there}),
                           ("targetplan", {"year": 2090, "metric": "collected", "outlet": there})):
            answer = world.client(who).post(f"/api/v1/catalog/{slug}/new/create", json.dumps(body), "application/json", headers=world.token(who))
            assert answer.status_code in (403, 422), (who, slug, answer.content)
    who = "region_director3"
    answer = world.client(who).post("/api/v1/catalog/outlettarget/new/create", json.dumps({**plain, "outlet": there}), "application/json",
                                    headers=world.token(who))
    assert answer.status_code == 200, answer.content
