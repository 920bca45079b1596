"""Databases for tests: one migrated template, and a copy of it for every test process.

The template is named after a hash of the migrations, the models and the kernel's guards, so it
is made again only when one of these has changed. Copies bear the process id; those of dead
processes are dropped by the next run.
"""

import os
import subprocess
import sys

import psutil
from psycopg import sql

from yiwei.ops import database, paths

TEMPLATE, COPY = "yiwei_template_", "yiwei_test_"


def template():
    """The name of the migrated template, made when missing."""
    name = TEMPLATE + paths.digest(paths.schema_files())[:12]
    with paths.locked("template"):
        with database.administration() as connection:
            rows = dict(connection.execute("SELECT datname, datistemplate FROM pg_database").fetchall())
        if rows.get(name):
            return name
        for other in [name, *rows]:
            if other == name or (other.startswith(TEMPLATE) and not database.external()):
                database.drop_database(other)
        database.create_database(name)
        _migrate(name)
        with database.administration() as connection:
            for change in ("ALLOW_CONNECTIONS false", "IS_TEMPLATE true"):
                connection.execute(sql.SQL("ALTER DATABASE {} WITH {}").format(sql.Identifier(name), sql.SQL(change)))
    return name


def copy():
    """This process's database, made anew from the template; its name."""
    source, name = template(), f"{COPY}{os.getpid()}"
    _drop_leftovers()
    database.drop_database(name)
    with paths.locked("template-copy"):  # two copies of one template at a time would refuse each other
        database.create_database(name, template=source)
    return name


def _migrate(name):
    environment = {**os.environ, "YIWEI_DB_ROLE": "owner", "YIWEI_DB_NAME": name}
    environment["DJANGO_SETTINGS_MODULE"] = "yiwei.config.testing"
    environment["PYTHONPATH"] = str(paths.SRC)
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--no-input"]
    done = subprocess.run(command, env=environment, cwd=paths.ROOT, capture_output=True, text=True)
    if done.returncode:
        database.drop_database(name)
        raise RuntimeError(f"The test database could not be migrated:\n{done.stdout}{done.stderr}")


def _drop_leftovers():
    if database.external():
        return
    with database.administration() as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [COPY]).fetchall()
    for (name,) in names:
        number = name.removeprefix(COPY)
        if number.isdigit() and not psutil.pid_exists(int(number)):
            database.drop_database(name)
