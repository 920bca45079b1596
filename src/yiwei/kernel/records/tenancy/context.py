"""Which tenant and which actor the present work is done for.

The tenant is a setting of the database transaction, so a pooled connection never carries it over, and
row-level security fails closed where it is missing.
"""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import connection, transaction

log = logging.getLogger("yiwei.jobs")


@dataclass(frozen=True, slots=True)
class Current:
    """Tenant, acting employee and action of the running transaction; the token of an operator of the platform."""

    tenant_id: int | None = None
    actor_id: int | None = None
    action: str = ""
    operator: str = ""


NOBODY = Current()
_current = ContextVar("yiwei_current", default=NOBODY)
_told = ContextVar("yiwei_told", default=NOBODY)  # what the running transaction knows


def current():
    return _current.get()


def tenant_id():
    """The tenant in force, or None."""
    return _current.get().tenant_id


def _tell_database(now):
    """Who works for whom at what. An action's statements are planned once; what is only read is planned for what was asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.tenant', kernel_tenant_known(%s), true), set_config('app.actor', %s, true),"
            " set_config('app.action', %s, true), set_config('app.operator', %s, true), set_config('plan_cache_mode', %s, true)",
            [now.tenant_id, str(now.actor_id or ""), now.action, now.operator, "force_generic_plan" if now.action else "force_custom_plan"],
        )
        if now.operator and now.tenant_id:  # the dealer's grant is asked for once; without it no row is shown
            cursor.execute("select set_config('app.tenant', coalesce(kernel_supported()::text, ''), true)")
            cursor.execute("set transaction read only")


@contextmanager
def entered(tenant_id, actor_id=None, action="", operator=None, *, last=False):
    """Run a block in one transaction for `tenant_id`; the former setting returns afterwards.

    Work for an operator of the platform stays so in blocks within (`operator` says otherwise): inside a dealer
    it only reads, and the database shows rows only while that dealer grants it.
    `last`: the caller's transaction writes nothing more and fails with the block, so nothing is kept to go back to.
    """
    before = _current.get()
    now = Current(int(tenant_id) if tenant_id else None, actor_id, action, before.operator if operator is None else operator)
    outermost = not connection.in_atomic_block
    known = NOBODY if outermost else _told.get()
    with transaction.atomic(savepoint=not last):
        mark, told = _current.set(now), _told.set(now)
        try:
            if outermost or now != known:
                _tell_database(now)
            yield now
        except BaseException:
            _current.reset(mark)
            _told.reset(told)
            raise
        else:
            _current.reset(mark)
            _told.reset(told)
            if not outermost and not last and now != known:
                _tell_database(known)


def acts(actor_id):
    """From here on the running block is work of this employee; the database has been told by the statement that found him."""
    now = replace(_current.get(), actor_id=actor_id)
    _current.set(now)
    _told.set(now)


@contextmanager
def operating(token):
    """Blocks entered within work for the operator of the platform who holds `token`."""
    mark = _current.set(Current(operator=token))
    try:
        yield
    finally:
        _current.reset(mark)


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
