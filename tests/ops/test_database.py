"""Who the tests are, and what the app role may not do."""

import socket

import psycopg
import pytest
from django.db import connection

from yiwei.ops import database

kept = []  # connections that a test leaves open on purpose


def one(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@pytest.mark.django_db
def test_tests_sign_in_as_the_app_role():
    assert one("SELECT current_user")[0] == database.app_role()


@pytest.mark.django_db
def test_app_role_owns_nothing_and_passes_no_policy():
    rights = "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
    assert one(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user")[0] is False
    assert one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")[0] == 0


def test_app_role_cannot_make_tables(owner_db):
    name = owner_db.info.dbname
    with psycopg.connect(database.app_dsn(name)) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE mine (id int)")


def test_owner_sees_the_same_database(owner_db, live_db):
    owner_db.execute("CREATE TABLE seen (id int)")
    assert one("SELECT to_regclass('public.seen')::text")[0] == "seen"


def test_live_database_goes_even_while_somebody_is_connected(owner_db, live_db):
    kept.append(psycopg.connect(database.app_dsn(owner_db.info.dbname)))


def test_live_server_answers(live_url):
    with socket.create_connection(("127.0.0.1", int(live_url.rsplit(":", 1)[1]))) as line:
        line.sendall(b"GET /nowhere/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert line.recv(12) == b"HTTP/1.1 404"


def test_live_database_is_made_anew(owner_db):
    assert owner_db.execute("SELECT to_regclass('public.seen')").fetchone()[0] is None


def test_roles_can_be_ensured_again(django_db_setup):
    database.ensure_roles()
    database.ensure_roles()
