"""Nonsense to every address: it is refused in words, never by a crash, and nothing half-done stays."""

import json
import os
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwei.kernel.base import registry
from yiwei.kernel.records.tenancy.guards import tenant_models
from yiwei.kernel.work.actions.fields import Lines, Pick

ODD = ["", " ", "\0", "a\0b", "\ud800", "\ufffe", "²", "１２", "-1", "0", "1", "9" * 30, "1e400", "NaN", "Infinity", "0.0000001",
       "true", "null", "[]", "{}", "2026-02-30", "0001-01-01", "9999-12-31", "2026-11-23", "2026-11-23T10:00", "24:61",
       "x" * 5000, "%", "';--", "中" * 300, "__class__", "id", "\n"]
NUMBERS = st.sampled_from([0, 1, 2, -1, 5, 10 ** 9, 2 ** 31, 2 ** 63, 10 ** 30, 0.5, -0.0, 1e308, float("nan"), float("inf")])
PLAIN = st.none() | st.booleans() | NUMBERS | st.sampled_from(ODD) | st.text(max_size=8)
KEYS = st.sampled_from(["id", "product", "qty", "line", "by", ""])
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2), max_leaves=4)
TIMES = int(os.environ.get("YIWEI_FUZZ", "1"))  # how often every door is tried
QUIET = {"suppress_health_check": list(HealthCheck), "deadline": None, "derandomize": TIMES == 1, "database": None}


def plausible(field):
    """Values that come some way: the right kind, existing ids, and nonsense."""
    if isinstance(field, Lines):
        return VALUES | st.lists(st.fixed_dictionaries({}, optional={n: plausible(f) for n, f in field.fields.items()}), max_size=2)
    if isinstance(field, Pick):
        return st.integers(1, 3) | (st.lists(st.integers(1, 3), max_size=2) if field.many else VALUES)
    choices = [str(k) for k, _label in getattr(field, "choices", ()) if not isinstance(_label, (list, tuple))]
    good = st.sampled_from(choices) if choices else st.sampled_from(["1", "2026-11-23", "13912349876", "text", 3])
    return good | VALUES


def counted():
    """Rows of every table of the dealer in force."""
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(f"select '{t}', count(*) from \"{t}\"" for t in sorted({m._meta.db_table for m in tenant_models()})))
        return dict(cursor.fetchall())


def doors(world):
    """(path, action, row's id) of every action in the API."""
    for register in registry.registers.values():
        for act in register.actions() if register.main else ():
            base = f"/api/v1/{register.room}/{register.slug}"
            if act.creates:
                yield f"{base}/new/{act.verb}", act, None
                continue
            row = world.row(world.one, "here", register.model)
            if row is not None:
                yield f"{base}/{row.pk}/{act.verb}", act, row


@pytest.fixture
def bare(world):
    client = Client(raise_request_exception=False)
    client.token = world.token("general_manager")
    return client


def sent(client, path, body):
    """POST, undone afterwards. A crash fails with its trace; what is refused must have left nothing."""
    with transaction.atomic():
        answer = client.post(path, body, "application/json", headers=client.token)
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        raise answer.exc_info[1]
    return answer


def test_no_body_breaks_an_action_or_leaves_half_of_it(world, bare):
    with world.one.inside():
        before, all_doors = counted(), [(p, a, a.inputs(world.one.actor("general_manager"), r)) for p, a, r in doors(world)]
    assert len(all_doors) > 250
    refused = []

    @settings(max_examples=TIMES, **QUIET)
    @given(st.data())
    def attack(data):
        for path, _act, fields in all_doors:
            body = data.draw(st.fixed_dictionaries({}, optional={n: plausible(f) for n, f in fields.items()}))
            with transaction.atomic():
                answer = bare.post(path, json.dumps(body), "application/json", headers=bare.token)
                assert answer.status_code < 500, (path, body, answer.exc_info)
                refused.extend([path] if answer.status_code != 200 else [])
                transaction.set_rollback(answer.status_code == 200)
        with world.one.inside():
            assert counted() == before

    attack()
    assert len(refused) > 200 * TIMES


BODIES = [b"", b"x", b"[]", b"null", b"1", b"{", b'{"a":' + b"[" * 100000, b'{"name":"\\ud800"}', b'{"name":"\\u0000","phone":"13912349876"}',
          b'{"name": NaN}', b'{"a": ' + b"9" * 5000 + b"}", b"\xff\xfe", "{\"name\":\"中\"}".encode("gbk")]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_broken_json_breaks_the_api(world, bare, body):
    assert sent(bare, "/api/v1/crm/customer/new/create", body).status_code == 422
    answer = bare.post("/api/v1/crm/customer/new/create", body, "multipart/form-data; boundary=x", headers=bare.token)
    assert answer.status_code in (400, 422)


def names_of(register):
    from yiwei.kernel.screens.registers.listing import filters_of
    return ["q", "sort", "after", "before", "view", "cols", "limit", "page", "tab", *[f.name for f in filters_of(register)],
            *[f"{f.name}_to" for f in filters_of(register)]]


CURSORS = ["W251bGwsMV0", "WzEsMV0", "WyJ4IiwxXQ", "W3t9LDFd", "WyIyMDI2LTAxLTAxIiwxXQ", "WzEsIngiXQ", "WzFdW10", "===", "W" * 3000,
           "WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"]


def test_no_query_breaks_a_list_a_report_or_a_page(world, bare):
    page = world.client("general_manager")

    @settings(max_examples=TIMES, **QUIET)
    @given(st.data())
    def attack(data):
        for register in registry.registers.values():
            sorts = [c.sort for c in register.all_columns() if c.sort]
            query = {n: data.draw(st.sampled_from(ODD + CURSORS + sorts + [f"-{s}" for s in sorts])) for n in
                     data.draw(st.lists(st.sampled_from(names_of(register)), max_size=4, unique=True))}
            query = urlencode(query, errors="surrogatepass")
            url = data.draw(st.sampled_from([register.url(), register.url("totals"), register.url("export"), register.url("pick"),
                                             f"/api/v1/{register.room}/{register.slug}"]))
            answer = page.get(f"{url}?{query}", headers={"HX-Request": "true"})
            assert answer.status_code in (200, 400), (url, query, answer.exc_info)
        for report in registry.reports.values():
            chosen = {n: data.draw(st.sampled_from(ODD)) for n in ("date", "date_to", "day", "by", "outlet", "method", "pending")}
            query = urlencode(chosen, errors="surrogatepass")
            for url in (report.url(), f"{report.url()}export/", f"/api/v1/report/{report.slug}"):
                assert page.get(f"{url}?{query}").status_code in (200, 400), (url, query)

    attack()


def test_every_cursor_on_every_sorting(world):
    page = world.client("general_manager")
    for room, slug in (("crm", "customer"), ("finance", "receipt"), ("crm", "pool"), ("stock", "purchaseorder")):
        sorts = {c.sort for c in registry.registers[room, slug].all_columns() if c.sort}
        for sort in sorts:
            for cursor in CURSORS:
                for name in ("after", "before"):
                    answer = page.get(f"/api/v1/{room}/{slug}", {"sort": f"-{sort}", name: cursor})
                    assert answer.status_code == 200, (slug, sort, cursor, answer.exc_info)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_text_breaks_a_page_that_takes_text(world, odd):
    page = world.client("general_manager")
    text = odd.encode("utf-8", "surrogatepass")
    from yiwei.crm.models.customer import Customer
    row = f"/r/crm/customer/{world.row(world.one, 'here', Customer).pk}/"
    asked = [page.get("/search/?" + urlencode({"q": text})), page.get(row + "?" + urlencode({"tab": text, "fragment": "tab"})),
             page.post(f"{row}comment/", {"text": text}), page.post(f"{row}reveal/phone/", {"why": text}),
             page.post("/r/crm/customer/view/?" + urlencode({"q": text, "state": text}), {"name": text}),
             page.post("/r/crm/customer/bulk/release/", {"ids": text, "reason": text}),
             page.post("/r/crm/customer/new/create/", {"name": text, "phone": text, "_token": text, "area": text, "next_contact": text}),
             page.post(f"{row}do/edit/", {"name": text, "_version": text, "_token": text}),
             page.post("/r/finance/receipt/new/create/", {"splits": text, "amount": text, "received_on": text}),
             page.get("/r/finance/receipt/new/create/?" + urlencode({"splits": text, "customer": text, "amount": text})),
             page.post("/password/", {"old": text, "new": text, "again": text}), page.get("/sign-in/?" + urlencode({"next": text})),
             page.post("/language/", {"language": text, "next": text}), page.get("/file/" + urlencode({"": text})[1:] + "/")]
    for answer in asked:
        assert answer.status_code < 500, (answer.request["PATH_INFO"], answer.exc_info)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "[" * 100_000 + "]" * 100_000])
def test_no_depth_breaks_a_form_that_takes_lines(world, bare, text):
    page = world.client("general_manager")
    for answer in (page.post("/r/finance/receipt/new/create/", {"splits": text, "amount": "1"}),
                   page.post("/r/org/position/new/create/", {"name": "x", "allow": text, "scopes": text}),
                   bare.post("/api/v1/finance/receipt/new/create", json.dumps({"splits": text}), "application/json", headers=bare.token)):
        assert answer.status_code in (200, 422), answer.exc_info


@pytest.mark.parametrize("path", ["/r/crm/customer/99999999999999999999999/", "/r/crm/customer/99999999999999999999999/do/edit/", "/r/x/y/",
                                  "/api/v1/crm/customer/99999999999999999999999", "/notifications/99999999999999999999999/",
                                  "/imports/99999999999999999999999/", "/report/x/", "/c/x/", "/c/x/design/99999999999999999999999/",
                                  "/r/crm/customer/1/reveal/__class__/",
                                  "/r/crm/customer/new/edit/", "/r/crm/customer/1/do/create/", "/api/v1/crm/customer/1/create", "/api/v1/openapi"])
def test_no_address_breaks_the_house(world, path):
    page = world.client("general_manager")
    for answer in (page.get(path), page.post(path, {}), page.put(path), page.delete(path), page.head(path), page.options(path)):
        assert 300 <= answer.status_code < 500, (path, answer.exc_info)


@pytest.mark.parametrize("digits", ["²", "٣", "9" * 30])
def test_no_digits_break_a_picker_within_another(world, digits):
    answer = world.client("general_manager").get("/r/finance/receipt/new/create/pick/splits.sub/", {"customer": digits})
    assert answer.status_code == 200
