"""The database goes away and comes back; what was open does not outlive its session."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.live import stream, tickets
from yiwei.ops import database

PROBLEM = "application/problem+json"


@pytest.fixture
def page(live_db):
    make_dealer("one", sign_ins=True)
    client = Client(raise_request_exception=False)
    client.post(reverse("signin"), {"username": "guide@one", "password": PASSWORD})
    assert client.get("/todo/").status_code == 200
    return client


def run(coroutine):
    """In a thread of its own: a browser of another test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_a_connection_that_the_database_has_ended_is_opened_anew(page, owner_db):
    for _turn in range(3):
        owner_db.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
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

    assert run(admitted()) is True
    page.post(reverse("signout"))
    assert run(admitted()) is False
    assert run(stream.Sessions(lambda: dsn, "org_session_open").open((who[0], who[1] + 1), session)) is False
