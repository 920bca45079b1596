"""The tests' database.

Tests run on 'default' as the app role, on a copy of a migrated template of their own, so that
row-level security really bites.

- `db` or `@pytest.mark.django_db`: a transaction around the test, rolled back (the usual case).
- `live_db`: real commits, for threads, concurrency and live servers; afterwards the database is
  made anew. `live_url` adds a server on top.
- `owner_db`: a psycopg connection as the owner to the same database, autocommit. It passes
  row-level security, and does not see what a `db` test has not committed.

`transactional_db`, `live_server` and `django_db(transaction=True)` cannot work here: they flush
with TRUNCATE, which the app role may not do. Use `live_db` and `live_url`.
"""

import os
import sys
from pathlib import Path

import hypothesis
import psycopg
import pytest

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

INSTEAD = "The app role may not TRUNCATE: use the fixture live_db (or live_url) instead."


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """The server, the template and this process's copy of it."""
    from django.db import connections
    from django.utils.translation.reloader import translation_file_changed

    from yiwei.ops import database, messages, testing

    messages.compile_all()
    translation_file_changed(None, Path("django.mo"))  # Django may have read the catalogues before they were there
    with database.running():
        database.ensure_roles()
        name = testing.copy()
        with django_db_blocker.unblock():
            connections["default"].settings_dict["NAME"] = name
            yield
            connections.close_all()
        database.drop_database(name)


@pytest.fixture
def owner_db(django_db_setup):
    """A psycopg connection as the owner to the test database, autocommit."""
    from django.db import connections

    from yiwei.ops import database

    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(database.owner_dsn(name), autocommit=True) as connection:
        yield connection


@pytest.fixture
def live_db(django_db_setup, django_db_blocker):
    """The database with real commits; made anew from the template afterwards."""
    from django.db import connections

    from yiwei.ops import testing

    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections.close_all()
            testing.copy()


@pytest.fixture
def live_url(live_db):
    """The address of a live server on the test database, in a thread of this process."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def transactional_db():
    pytest.fail(INSTEAD)


def pytest_addoption(parser):
    parser.addoption("--record", action="store_true", help="write down what the tests perform (tests/performed.json)")


def pytest_configure(config):
    if config.getoption("--record"):
        sys.path.insert(0, str(Path(__file__).parent / "tests"))
        from recording import Recorder
        config.pluginmanager.register(Recorder(config))


def pytest_collection_modifyitems(items):
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "live_server" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid}: {INSTEAD}")


def pytest_report_header():
    given = bool(os.environ.get("DATABASE_URL"))
    return f"database: {'DATABASE_URL' if given else 'embedded test cluster'}, signed in as the app role"
