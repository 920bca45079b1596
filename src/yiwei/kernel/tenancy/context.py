"""Which tenant and which actor the present work is done for.

The tenant is a setting of the database transaction, so a pooled connection never carries it over, and
row-level security fails closed where it is missing.
"""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

log = logging.getLogger("yiwei.jobs")


@dataclass(frozen=True, slots=True)
class Current:
    """Tenant, acting employee and action of the running transaction."""

    tenant_id: int | None = None
    actor_id: int | None = None
    action: str = ""


NOBODY = Current()
_current = ContextVar("yiwei_current", default=NOBODY)


def current():
    return _current.get()


def tenant_id():
    """The tenant in force, or None."""
    return _current.get().tenant_id


def _tell_database(now):
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.tenant', %s, true), set_config('app.actor', %s, true),"
            " set_config('app.action', %s, true)",
            [str(now.tenant_id or ""), str(now.actor_id or ""), now.action],
        )


@contextmanager
def entered(tenant_id, actor_id=None, action="", *, last=False):
    """Run a block in one transaction for `tenant_id`; the former setting returns afterwards.

    `last`: the caller's transaction writes nothing more and fails with the block, so nothing is kept to go back to.
    """
    before = _current.get()
    now = Current(int(tenant_id) if tenant_id else None, actor_id, action)
    outermost = not connection.in_atomic_block
    with transaction.atomic(savepoint=not last):
        mark = _current.set(now)
        try:
            if outermost or now != before:
                _tell_database(now)
            yield now
        except BaseException:
            _current.reset(mark)
            raise
        else:
            _current.reset(mark)
            if not outermost and not last and now != before:
                _tell_database(before)


def find_tenant(code):
    """The id of an active tenant by its code, or None. Needs no tenant in force."""
    with connection.cursor() as cursor:
        cursor.execute("select kernel_tenant_id(%s)", [code])
        return cursor.fetchone()[0]


def open_tenant(code, name):
    """Make a new tenant and return its id."""
    with connection.cursor() as cursor:
        cursor.execute("select kernel_open_tenant(%s, %s)", [code, name])
        return cursor.fetchone()[0]


def all_tenants():
    """Ids of the active tenants, for jobs that visit each in turn."""
    with connection.cursor() as cursor:
        cursor.execute("select kernel_tenant_ids()")
        return [row[0] for row in cursor.fetchall()]


def in_every_tenant(action, *functions):
    """Call the functions inside each active tenant in turn, for jobs; what fails in one holds up no other."""
    for tenant in all_tenants():
        try:
            with entered(tenant, action=action):
                for fn in functions:
                    fn()
        except Exception:
            log.exception("%s of dealer %s", action, tenant)
