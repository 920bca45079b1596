"""What an action writes beside its rows (timeline, messages, search keys), gathered and written in one statement at its end."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import connection
from django.db.models import AutoField
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

_found = ContextVar("yiwei_gathered", default=None)


def write(fn, item):
    """Hand `item` to `fn([item, …])` at the end of the outermost action; at once where none is running.

    `fn` writes by itself, or returns inserts [(sql, parameters)] that are then sent together with those of others.
    """
    found = _found.get()
    if found is None:
        _send(fn([item]))
    else:
        found.setdefault(fn, []).append(item)


@cache
def inserts(model, or_nothing=False):
    """For `write`: the rows of a model, put in as they are, or left out where the row is there already; nothing is read back."""
    fields = [f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField)]

    def made(rows):
        query = InsertQuery(model, on_conflict=OnConflict.IGNORE if or_nothing else None)
        query.insert_values(fields, rows)
        return query.get_compiler(connection=connection).as_sql()

    return made


def _send(statements):
    """Several inserts as one statement."""
    if not statements:
        return
    *first, (last, values) = statements
    parts = ", ".join(f"part{n} as ({sql})" for n, (sql, _values) in enumerate(first))
    with connection.cursor() as cursor:
        cursor.execute(f"with {parts} {last}" if first else last, [v for _sql, some in first for v in some] + list(values))


def flush():
    """Write now what was gathered so far: for who reads it within the same action."""
    found, statements = _found.get() or {}, []
    while found:
        fn = next(iter(found))
        statements += fn(found.pop(fn)) or ()
    _send(statements)


@contextmanager
def together():
    """The outermost block writes what was gathered in it; what fails writes nothing."""
    if _found.get() is not None:
        yield
        return
    mark = _found.set({})
    try:
        yield
        flush()
    finally:
        _found.reset(mark)
