"""Runs an import as a job that can be watched and cancelled; a cancelled or failed one leaves nothing."""

import logging
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records.tenancy import context

from .book import load_book, save_refused
from .models import ImportRun
from .sheet import sheet_of
from .workbook import count_rows

log = logging.getLogger("yiwei.imports")


def book_for(register, actor):
    """The Book class by which `actor` may load rows into a register, or None."""
    for book in registry.books.values():
        if book.register == (register.room, register.slug):
            return book if actor.can(book.needs()) else None
    if register.importable and actor.can(f"{register.room}.{register.slug}.create"):
        return sheet_of(register)
    return None


def start(actor, register, name, body):
    """Keep the workbook and queue the job; refuses at once what is no workbook or has other headings."""
    book = book_for(register, actor)(actor)
    total = count_rows(body, book.headers, book.needed)
    run = ImportRun(member_id=actor.id, book=f"{register.room}.{register.slug}", name=name[:200], total=total)
    run.save()
    run.path = f"imports/{actor.tenant_id}/{run.pk}{Path(name).suffix[:6].lower()}"
    place = Path(settings.MEDIA_ROOT) / run.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)
    run.save()
    from yiwei.kernel.jobs import load_workbook
    load_workbook.defer(tenant=actor.tenant_id, run=run.pk)
    return run


def work(tenant_id, run_id):
    """Do a queued import."""
    with context.entered(tenant_id):
        run = ImportRun.objects.filter(pk=run_id, state="waiting").first()
        if run is None:
            return
        actor = directory.load(run.member_id)
        register = registry.registers[tuple(run.book.split("."))]
        run.state = "cancelled" if run.cancel else "running"
        run.save()
    book = book_for(register, actor)(actor)
    try:
        if run.state == "running":
            with Beacon(tenant_id, run_id) as beacon:
                outcome = load_book(actor, book, Path(settings.MEDIA_ROOT) / run.path, progress=beacon.report)
            _note(run, book, outcome)
    except ActionError as error:
        run.state, run.error = "failed", str([*error.errors.values()] or error.message)
    except Exception:
        log.exception("import %s failed", run_id)
        run.state, run.error = "failed", _("The import stopped at an error; nothing was loaded.")
    with context.entered(tenant_id):
        run.ended_at = timezone.now()
        run.save()


def _note(run, book, outcome):
    run.state = "cancelled" if outcome.cancelled else "done"
    run.seen, run.added, run.known, run.refused = outcome.seen, outcome.added, outcome.known, len(outcome.refused)
    if outcome.refused:
        run.refused_path = f"imports/{run.tenant_id}/{run.pk}-refused.xlsx"
        save_refused(Path(settings.MEDIA_ROOT) / run.refused_path, book, outcome)


class Beacon:
    """Tells how far an import is on a connection of its own, so that others see it before the import is done."""

    def __init__(self, tenant_id, run_id):
        self.tenant_id, self.run_id = tenant_id, run_id

    def __enter__(self):
        params = {**connection.get_connection_params(), "autocommit": True}
        for name in ("cursor_factory", "context", "prepare_threshold"):
            params.pop(name, None)
        self.line = psycopg.connect(**params)
        self.line.execute("select set_config('app.tenant', %s, false)", [str(self.tenant_id)])
        return self

    def __exit__(self, *_error):
        self.line.close()

    def report(self, outcome):
        """Write the figures; answer False when somebody asked to cancel."""
        row = self.line.execute(
            "update kernel_importrun set seen = %s, added = %s, known = %s, refused = %s where id = %s returning cancel",
            [outcome.seen, outcome.added, outcome.known, len(outcome.refused), self.run_id]).fetchone()
        return not (row and row[0])


def headings(register, actor):
    """Column headings a workbook for this register may have."""
    book = book_for(register, actor)
    return [aliases[0] for aliases in book(actor).headers.values()] if book else []


