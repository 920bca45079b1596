"""What is asked wrongly, or while something is broken, gets an answer that says so, in the shape of the asker."""

import asyncio
import json

import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from yiwei.crm.models.customer import Customer
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.live import stream, tickets
from yiwei.ops import database

PROBLEM = "application/problem+json"


def test_methods_that_an_address_does_not_know_are_said(world):
    row = world.row(world.one, "here", Customer)
    base, token, client = "/api/v1/crm/customer", world.token("general_manager"), Client(raise_request_exception=False)
    for path, wrong, allowed in ((f"{base}/{row.pk}", ("put", "patch", "delete", "post"), "GET"), (base, ("put", "delete"), "GET, POST"),
                                 (f"{base}/{row.pk}/edit", ("put", "patch"), "GET, POST"), ("/api/v1/report/receipts", ("post",), "GET")):
        for method in wrong:
            answer = getattr(client, method)(path, "{}", "application/json", headers=token)
            assert answer.status_code == 405 and answer["Content-Type"] == PROBLEM and answer["Allow"].startswith(allowed), (method, path)
        assert client.head(path, headers=token).status_code in (200, 405)


@pytest.mark.parametrize("path", ["", "x", "crm/customer/1/2/3/4", "crm/nothing", "crm/customer/999999999", "crm/customer/abc/", "report/none"])
def test_addresses_that_are_none_answer_as_the_api_does(world, path):
    answer = Client(raise_request_exception=False).get(f"/api/v1/{path}", headers=world.token("general_manager"))
    body = json.loads(answer.content)
    assert answer.status_code == 404 and answer["Content-Type"] == PROBLEM and body["status"] == 404 and body["code"] and body["title"]


def test_errors_have_one_shape(world):
    client = Client(raise_request_exception=False)
    asked = [client.get("/api/v1/crm/customer"), client.get("/api/v1/crm/customer", headers={"Authorization": "Bearer yw_1_x"}),
             client.post("/api/v1/crm/customer/new/create", "{", "application/json", headers=world.token("guide")),
             client.get("/api/v1/org/position", headers=world.token("guide"))]
    for answer, status in zip(asked, (401, 401, 422, 403), strict=True):
        assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (status, PROBLEM, status)


@pytest.fixture
def page(live_db):
    make_dealer("one", sign_ins=True)
    client = Client(raise_request_exception=False)
    client.post(reverse("signin"), {"username": "guide@one", "password": PASSWORD})
    assert client.get("/todo/").status_code == 200
    return client


def test_a_connection_that_the_database_has_ended_is_opened_anew(page, owner_db):
    for _turn in range(3):
        owner_db.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        assert page.get("/todo/").status_code == 200


def test_a_missing_database_is_said_and_comes_back(page):
    name = connections["default"].settings_dict["NAME"]
    connection.close()
    connections["default"].settings_dict["NAME"] = "there_is_none"
    try:
        asked = [page.get("/todo/"), Client().get("/sign-in/"), page.get("/api/v1/crm/customer", headers={"Authorization": "Bearer yw_1_x"}),
                 Client(raise_request_exception=False).post("/sign-in/", {"username": "x", "password": "y"})]
    finally:
        connections["default"].settings_dict["NAME"] = name
        connection.close()
    assert [a.status_code for a in asked] == [503, 200, 503, 503]
    assert all(a["Retry-After"] for a in asked if a.status_code == 503) and asked[2]["Content-Type"] == PROBLEM
    assert page.get("/todo/").status_code == 200


def test_a_ticket_of_the_stream_dies_with_its_session(page):
    with override_settings(YIWEI_LIVE_URL="http://127.0.0.1:1/live/"):
        text = page.get("/todo/").content.decode()
    *who, session = tickets.bearer(text.partition("/live/?ticket=")[2].partition('"')[0])
    dsn = database.app_dsn(connection.settings_dict["NAME"])

    async def admitted():
        return await stream.Sessions(lambda: dsn, "org_session_open").open(tuple(who), session)

    assert asyncio.run(admitted()) is True
    page.post(reverse("signout"))
    assert asyncio.run(admitted()) is False
    assert asyncio.run(stream.Sessions(lambda: dsn, "org_session_open").open((who[0], who[1] + 1), session)) is False


def test_a_form_from_elsewhere_is_refused_on_a_page_of_the_house(world):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x"}, headers={"accept-language": "zh-hans"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "浏览器" in text and "CSRF" not in text


def test_a_request_that_cannot_be_taken_apart_is_refused_in_words(world):
    row = world.row(world.one, "here", Customer)
    name = "\U0001f600" * 300
    body = (f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--x--\r\n')
    client = world.client("guide")
    answer = client.post(f"/r/crm/customer/{row.pk}/upload/", body.encode(), "multipart/form-data; boundary=x", headers={"accept-language": "en"})
    assert answer.status_code in (302, 400)
    assert answer.status_code == 302 or "shorter name" in answer.content.decode()


def test_pages_may_load_nothing_that_stands_in_them_and_ask_for_little(world):
    answer = world.client("guide").get("/todo/")
    assert "unsafe-inline" not in answer["Content-Security-Policy"] and "style-src 'self'" in answer["Content-Security-Policy"]
    assert "microphone=()" in answer["Permissions-Policy"] and "camera=(self)" in answer["Permissions-Policy"]
