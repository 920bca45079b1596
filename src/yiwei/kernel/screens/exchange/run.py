"""Runs an import as a job that can be watched and cancelled; a cancelled or failed one leaves nothing."""

import logging
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError, Refused
from yiwei.kernel.records.tenancy import context

from . import memory
from .book import load_book, save_refused
from .headings import REASON
from .models import ImportRun
from .sheet import sheet_of
from .workbook import Lacking, count_rows

SHOWN = 20   # rows of each kind on the page
log = logging.getLogger("yiwei.imports")


def book_for(register, actor):
    """The Book class by which `actor` may load rows into a register, or None."""
    for book in registry.books.values():
        if book.register == (register.room, register.slug):
            return book if actor.can(book.needs()) else None
    if register.importable and actor.can(f"{register.room}.{register.slug}.create"):
        return sheet_of(register)
    return None


def start(actor, register, name, body, preview=False):
    """Keep the workbook and queue the job; refuses at once what is no workbook or has other headings. `preview`: only try it."""
    book, lacking = book_for(register, actor)(actor), None
    try:
        total = count_rows(body, book.headers, book.needed, memory.recall(book.name))
    except Lacking as error:
        if not preview:
            raise
        total, lacking = 0, error
    run = ImportRun(member_id=actor.id, book=f"{register.room}.{register.slug}", name=name[:200], total=total, preview=preview)
    run.save()
    run.path = f"imports/{actor.tenant_id}/{run.pk}{Path(name).suffix[:6].lower()}"
    place = Path(settings.MEDIA_ROOT) / run.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)
    if lacking is not None:
        _lacks(run, book, lacking)
        run.save()
        return run
    run.save()
    _queue(actor, run)
    return run


def _lacks(run, book, error):
    """A needed column is missing: the page asks which one it is."""
    run.state, run.error = "failed", "；".join(error.errors["file"])
    run.report = _columns(book, error.sheets)


def again(actor, run, *, preview, update=False, hidden=False, chosen=None):
    """Load what was tried, or try it once more with other choices."""
    if run.state not in ("previewed", "failed"):
        raise Refused(_("This import has been done already."))
    run.state, run.preview, run.update, run.hidden, run.error = "waiting", preview, update, hidden, ""
    run.chosen = {**run.chosen, **(chosen or {})}
    run.seen = 0
    run.save()
    _queue(actor, run)


def _queue(actor, run):
    from yiwei.kernel.jobs import load_workbook
    load_workbook.defer(tenant=actor.tenant_id, run=run.pk)


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
                outcome = load_book(actor, book, Path(settings.MEDIA_ROOT) / run.path, progress=beacon.report, preview=run.preview,
                                    update=run.update, hidden=run.hidden, learnt=run.chosen)
            _note(run, book, outcome)
    except Lacking as error:
        _lacks(run, book, error)
    except ActionError as error:
        run.state, run.error = "failed", "；".join(str(t) for ts in error.errors.values() for t in ts) or str(error.message)
    except Exception:
        log.exception("import %s failed", run_id)
        run.state, run.error = "failed", _("The import stopped at an error; nothing was loaded.")
    with context.entered(tenant_id):
        run.ended_at = timezone.now()
        run.save()


def _note(run, book, outcome):
    run.state = "cancelled" if outcome.cancelled else "previewed" if run.preview else "done"
    run.seen, run.added, run.known, run.refused = outcome.seen, outcome.added, outcome.known, len(outcome.refused)
    run.updated, run.changed = outcome.updated, len(outcome.changed)
    run.report = _report(book, outcome)
    run.refused_path = ""
    if outcome.refused:
        run.refused_path = f"imports/{run.tenant_id}/{run.pk}-refused.xlsx"
        save_refused(Path(settings.MEDIA_ROOT) / run.refused_path, outcome.refused)


def _report(book, outcome):
    """What the page shows of it: columns, sheets, and the first rows of each kind."""
    return _columns(book, outcome.sheets) | {
        "passed": outcome.passed[:SHOWN], "sums": [[s.name, n, t] for s in outcome.sheets for n, t in s.sums][:SHOWN],
        "changed": [[n, [[str(x) for x in c] for c in changes]] for n, changes in outcome.changed[:SHOWN]],
        "refused": [[n, reasons] for n, _cells, reasons in outcome.refused[:SHOWN]],
        "notes": [[n, texts] for n, texts in outcome.notes[:SHOWN]], "noted": len(outcome.notes)}


def _columns(book, sheets):
    """Which column was taken for which: {columns, keys}."""
    labels = {key: str(aliases[0]) for key, aliases in book.headers.items()}
    out = {}
    for sheet in sheets:
        for index, heading in enumerate(sheet.columns.headings):
            if heading and index != sheet.columns.number and heading not in REASON:
                key = _key_of(sheet.columns, index)
                out.setdefault(heading, {"heading": heading, "key": key, "label": labels.get(key, ""), "guessed": index in sheet.columns.guessed,
                                         "ignored": index in sheet.columns.ignored})
    return {"columns": list(out.values()), "keys": list(labels.items())}


def _key_of(columns, index):
    return next((key for key, indexes in columns.known.items() if index in indexes), "")


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


