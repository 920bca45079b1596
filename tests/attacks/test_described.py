"""The description of the API, called: what it describes can be asked, answers as it says, and never crashes; as three roles."""

import json
import random
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from yiwei.kernel.base import registry
from yiwei.kernel.screens.api.openapi import document

ROLES = ("general_manager", "guide", "accountant")
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def described(scene):
    with scene.one.inside():
        return document()


def value_of(schema, chance):
    """Something that a schema allows."""
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if kind == "object":
        return {n: value_of(s, chance) for n, s in schema.get("properties", {}).items() if n in schema.get("required", ()) or chance.random() < 0.5}
    if kind == "array":
        return [value_of(schema["items"], chance) for _ in range(chance.randint(0, 2))]
    if kind == "integer":
        return chance.randint(max(1, schema.get("minimum", 1)), 5)
    if kind == "number":
        return chance.choice([1, 2.5])
    if kind == "boolean":
        return chance.random() < 0.5
    made = {"date": "2026-11-23", "date-time": "2026-11-23T10:00", "decimal": "12.50"}.get(schema.get("format"))
    return made or chance.choice(["text", "中文", "13911112222"])[:schema.get("maxLength", 99)]


def ids(world, path):
    """A row for an address, and one that there is not."""
    _empty, _api, _v1, room, slug, *_rest = path.split("/")
    register = registry.registers.get((room, slug))
    row = world.row(world.one, "here", register.model) if register else None
    return [row.pk] if row is not None else [1]


@pytest.mark.parametrize("who", ROLES)
def test_what_is_described_can_be_asked_and_answers_as_described(world, described, who):
    client, token, chance, wrong, reached = Client(raise_request_exception=False), world.token(who), random.Random(7), [], set()
    for path, item in described["paths"].items():
        for method in ("get", "post"):
            if method not in item:
                continue
            query = {p["name"]: value_of(p["schema"], chance) for p in item[method].get("parameters", ()) if p["in"] == "query"
                     and p["name"] not in ("after", "before", "sort") and chance.random() < 0.3}
            for pk in ids(world, path):
                url = path.replace("{id}", str(pk)) + (f"?{urlencode(query)}" if query else "")
                kinds = item[method].get("requestBody", {}).get("content", {})
                body = value_of(next(iter(kinds.values()))["schema"], chance) if "application/json" in kinds else {}
                body.pop("version", None)
                with transaction.atomic():
                    answer = client.get(url, headers=token) if method == "get" else client.post(url, json.dumps(body), "application/json", headers=token)
                    transaction.set_rollback(True)
                told = item[method]["responses"].get(str(answer.status_code))
                reached |= {(path, method)} if answer.status_code not in (403, 404) else set()
                if answer.status_code >= 500 or told is None:
                    wrong.append((method, url, answer.status_code, answer.content[:200]))
                elif answer["Content-Type"].split(";")[0] not in told["content"]:
                    wrong.append((method, url, answer["Content-Type"]))
                elif answer.status_code >= 400 and answer.json()["status"] != answer.status_code:
                    wrong.append((method, url, answer.content[:200]))
    assert not wrong, f"{len(wrong)}: {wrong[:20]}"
    assert len(reached) > {"general_manager": 500}.get(who, 80)


def test_every_described_address_can_be_asked_by_somebody(world, described):
    """Nothing is described that no right of the house opens."""
    client, token, lost = Client(raise_request_exception=False), world.token("full") if "full" in world.one.members else world.token("general_manager"), []
    for path, item in described["paths"].items():
        if "post" in item:
            for pk in ids(world, path):
                with transaction.atomic():
                    answer = client.post(path.replace("{id}", str(pk)), "{}", "application/json", headers=token)
                    transaction.set_rollback(True)
                if answer.status_code == 404 and answer.json()["message"].startswith("There is no such address"):
                    lost.append(path)
    assert not lost


def test_filters_and_references_are_described_with_their_types(described):
    listed = {p["name"]: p for p in described["paths"]["/api/v1/finance/receipt"]["get"]["parameters"]}
    assert listed["state"]["schema"]["enum"] and listed["limit"]["schema"]["type"] == "integer"
    row = described["components"]["schemas"]["finance.receipt"]["properties"]
    assert row["customer"]["properties"]["id"] == {"type": "integer"}
    assert any(p["name"] == "date_to" for p in described["paths"]["/api/v1/report/receipts"]["get"]["parameters"])
    assert "/api/v1/orders/subcontract/{id}/advance" not in described["paths"]
