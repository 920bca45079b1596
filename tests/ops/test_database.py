"""Who the tests are, and what the app role may not do."""

import psycopg
import pytest
from django.db import connection

from yiwei.ops import database


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


def test_live_database_is_made_anew(owner_db):
    assert owner_db.execute("SELECT to_regclass('public.seen')").fetchone()[0] is None


def test_roles_can_be_ensured_again(django_db_setup):
    database.ensure_roles()
    database.ensure_roles()
