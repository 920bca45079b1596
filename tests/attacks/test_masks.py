"""What a position does not see, it sees nowhere: lists, details, forms, sorting, search, exports, reports, API."""

import base64
import json

import pytest
from django.urls import reverse

from yiwei.kernel import registry
from yiwei.kernel.register.listing import filters_of

from .world import HIDDEN, HIDDEN_MONEY, PHONES, body_of, leaks, pages_of, seeded


def addresses(world):
    """Every page of the house that shows rows, for one who may open all of them."""
    for register in registry.registers.values():
        base, api = register.url(), f"/api/v1/{register.room}/{register.slug}"
        every = "?cols=" + ",".join(c.name for c in register.all_columns())
        yield from (base + every, register.url("totals") + every, register.url("export") + every, api)
        yield from (f"{base}?sort={c.name}" for c in register.all_columns() if c.mask)
        if register.board:
            yield register.url("board")
        if not register.main:
            continue
        yield register.url("pick")
        row = world.row(world.one, "here", register.model)
        if row is not None:
            yield from pages_of(register, row.pk)
            yield from (register.url("act", row.pk, verb=a.verb) for a in register.actions() if not a.creates)
        yield from (register.url("new", verb=a.verb) for a in register.actions() if a.creates)
    for report in registry.reports.values():
        yield from (report.url(), reverse("report-export", args=[report.slug]), f"/api/v1/report/{report.slug}")
    yield from (reverse(name) for name in ("home", "todo", "notifications"))
    yield f"{reverse('search')}?q=Qxhere"


@pytest.fixture(scope="module")
def crawled(scene):
    """{address: hidden words on it} for one who sees everything, and for one with every right and every mask."""
    out = {}
    for who in ("general_manager", "masked_spy"):
        client = scene.client(who)
        answers = ((url, client.get(url, headers={"HX-Request": "true"})) for url in addresses(scene))
        out[who] = {url: (a.status_code, leaks(body_of(a))) for url, a in answers}
    return out


def test_nothing_hidden_is_on_any_page(crawled):
    assert {u: found for u, (_s, found) in crawled["masked_spy"].items() if found} == {}


def test_the_hidden_words_are_there_for_who_may_see_them(crawled):
    seen = [u for u, (_s, found) in crawled["general_manager"].items() if found]
    assert len(seen) > 100 and any("/export/" in u for u in seen) and any("/do/" in u for u in seen)


def test_every_page_answers(crawled):
    for who, pages in crawled.items():
        assert {u: s for u, (s, _f) in pages.items() if s != 200} == {}, who


def test_dump(crawled):
    for u, (s, f) in crawled["masked_spy"].items():
        if f or s != 200:
            print("LEAK", s, u, f)
    for u, (s, f) in crawled["general_manager"].items():
        if s != 200:
            print("GM", s, u, f)
    print(len(crawled["general_manager"]))
    assert 0
