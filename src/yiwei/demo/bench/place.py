"""A database of its own for a measurement, dropped afterwards."""

import os
import sys
from contextlib import contextmanager

from yiwei.ops import database, manage, static

NAME = "yiwei_bench"


def inside():
    """Whether this process already works on the bench's database."""
    return os.environ.get("YIWEI_DB_NAME") == NAME


@contextmanager
def fresh():
    """A migrated empty database; within the block children work on it."""
    static.collect()
    with alone():
        database.drop_database(NAME)
        database.create_database(NAME)
        try:
            with database.environment(YIWEI_DB_NAME=NAME, YIWEI_BENCH="1"):
                if manage.django("migrate", "--no-input", "--verbosity=0").returncode:
                    sys.exit("The bench's database could not be migrated.")
                yield
        finally:
            database.drop_database(NAME)


@contextmanager
def alone():
    """Two measurements at once would spoil each other: the second is refused."""
    with database.administration() as line:
        if not line.execute("select pg_try_advisory_lock(hashtext(%s))", [NAME]).fetchone()[0]:
            sys.exit("Another measurement is running; wait until it has ended.")
        yield


def run(*arguments):
    """Run this command again on the bench's database; its exit code."""
    return manage.django("bench", *arguments).returncode
