"""The frame of every book: read, check each row, load each row whole or refuse it with its reasons."""

import hashlib
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.text import BadValue
from yiwei.kernel.work.actions.action import explain

from . import memory
from .fields import Fields, Refuse, lost_digits, said
from .workbook import left_out, read_sheets, write_refused

__all__ = ["Book", "Changed", "Fields", "Outcome", "Refuse", "fingerprint", "load_book", "save_refused"]
BROKEN = (IntegrityError, DataError, ValidationError, OverflowError, ArithmeticError, ValueError, TypeError)
AT_ONCE = 500   # rows written together


class Changed(Exception):
    """A row is there already, and says something else now: [(what, before, now)]; written only where somebody asked for updates."""

    def __init__(self, *changes):
        super().__init__()
        self.changes = list(changes)


class Cancelled(Exception):
    """Somebody asked the import to stop."""


class _Preview(Exception):
    """Everything was tried; nothing stays."""


class RefusedRow(tuple):
    """(row number, {key: cell}, [reasons]), and the row itself to give it back as it stood."""

    def __new__(cls, row, reasons):
        made = super().__new__(cls, (row.number, row.cells, reasons))
        made.row, made.spot = row, (row.sheet.name, row.number)
        return made


@dataclass
class Outcome:
    """What became of a book: rows new, there already, changed since (and whether updated), refused; and what was not understood."""

    book: str
    added: int = 0
    known: int = 0
    updated: int = 0
    changed: list = field(default_factory=list)   # (row number, [(what, before, now)])
    refused: list = field(default_factory=list)   # RefusedRow
    notes: list = field(default_factory=list)     # (row number, [texts])
    sheets: list = field(default_factory=list)    # of workbook.Sheet
    passed: list = field(default_factory=list)    # sheets not read: (name, rows)
    taken: set = field(default_factory=set)       # (sheet, row number) of the rows that are there now
    cancelled: bool = False

    @property
    def seen(self):
        return self.added + self.known + self.updated + len(self.changed) + len(self.refused)

    @property
    def unknown(self):
        """Columns that were not understood: {sheet: [headings]}."""
        return {s.name: list(s.columns.unknown.values()) for s in self.sheets if s.columns.unknown}

    @property
    def guessed(self):
        """Columns understood by likeness: {sheet: [(heading, key)]}."""
        return {s.name: [(s.columns.headings[i], k) for i, k in s.columns.guessed.items()] for s in self.sheets if s.columns.guessed}


class Book:
    """One kind of workbook. Subclasses set `name` and `headers` ({key: [accepted headings]}) and write `load`.

    `needed` are the keys that no row may lack, `hints` ({key: text}) say in the empty workbook what a column takes.

    `register` ("room", "slug") puts the import on that register's list for `roles`. Books of a whole dealer
    are loaded in their `order`.
    """

    name = ""
    headers = {}
    needed = ()
    hints = {}
    register = ()
    roles = ""
    order = 100
    update = False    # whether changed rows are written
    preview = False   # whether nothing stays

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.name:
            registry.add(registry.books, cls.name, cls)
        if cls.register:
            registry.grant(cls.needs(), cls.roles)

    @classmethod
    def needs(cls):
        return f"{'.'.join(cls.register)}.import"

    def __init__(self, actor):
        self.actor, self.made, self.pending = actor, [], []

    def prepare(self):
        """Read what every row needs once."""

    def load(self, number, row):
        """Load one row; True if it is new, False if it was there, “updated” where it was changed. Raise Refuse, Changed or BadValue."""
        raise NotImplementedError

    def later(self, item):
        """Write this new row together with others: see `write`."""
        self.pending.append(item)
        return True

    def write(self, items):
        """Write what was put off, in few statements; what the database refuses is written again one by one."""

    def made_row(self, obj):
        """Remember a row so that it can be found; keys are written in bulk."""
        self.made.append(obj)

    def finish(self):
        """Write the search keys of everything loaded."""
        search.add_keys(self.made)


def fingerprint(*values):
    """A key by which the same row is known again."""
    return hashlib.sha256("\x1f".join(str(v) for v in values).encode()).hexdigest()


def load_book(actor, book, source, *, progress=None, preview=False, update=False, hidden=False, skip=(), learnt=None):
    """Load a workbook (path or bytes) in one transaction; `book` is a Book made for `actor`.

    Each row is loaded whole or refused. `preview`: everything is tried and nothing stays. `update`: changed rows are written. `hidden`:
    hidden and example sheets are read too. `skip`: {(sheet, row number)} left out. `learnt`: {heading: key} chosen just now; it is
    remembered. `progress(outcome)` may answer False to cancel: nothing stays.
    """
    outcome = Outcome(book.name)
    book.update, book.preview = update, preview
    try:
        with context.entered(actor.tenant_id, actor.id, "kernel.import"):
            chosen = memory.recall(book.name) | (learnt or {})
            sheets = read_sheets(source, book.headers, book.needed, chosen)
            _load(book, outcome, sheets, progress, hidden, skip)
            if preview:
                raise _Preview
            memory.remember(book.name, learnt or {}, outcome)
    except Cancelled:
        return Outcome(book.name, cancelled=True)
    except _Preview:
        pass
    return outcome


def _load(book, outcome, sheets, progress, hidden, skip):
    book.prepare()
    mended, now = memory.mended(book.name), []
    for sheet in sheets:
        if not hidden and left_out(sheet, sheets):
            outcome.passed.append((sheet.name, sum(1 for _row in sheet)))
            continue
        outcome.sheets.append(sheet)
        labels = {key: sheet.columns.headings[indexes[0]] for key, indexes in sheet.columns.known.items()}
        for row in sheet:
            if (sheet.name, row.number) in skip:
                now.append(fingerprint(*row.raw))
                continue
            if fingerprint(*row.raw) in mended:
                outcome.known += 1   # taken before, from the file in which it came back
                continue
            _one(book, outcome, row, labels)
            if len(book.pending) >= AT_ONCE:
                _write(book, outcome)
            if progress and outcome.seen % 50 == 0 and progress(outcome) is False:
                raise Cancelled
    _write(book, outcome)
    memory.mend(book.name, now)
    book.finish()


def _one(book, outcome, row, labels):
    cells = {**row.cells, "_labels": labels, "_row": row}
    lost = lost_digits(row, labels)
    if lost:
        outcome.refused.append(RefusedRow(row, lost))
        return
    try:
        if book.write.__func__ is not Book.write:
            new = book.load(row.number, cells)   # reads only; what it writes comes later
        else:
            with transaction.atomic():
                new = book.load(row.number, cells)
    except Changed as change:
        outcome.changed.append((row.number, change.changes))
        return
    except Exception as error:
        outcome.refused.append(RefusedRow(row, _why(book, error, row)))
        return
    outcome.taken.add((row.sheet.name, row.number))
    if cells.get("_notes"):
        outcome.notes.append((row.number, cells["_notes"]))
    if new == "updated":
        outcome.updated += 1
    else:
        outcome.added += bool(new)
        outcome.known += not new


def _write(book, outcome):
    items, book.pending = book.pending, []
    if not items:
        return
    try:
        with transaction.atomic():
            book.write(items)
    except BROKEN:
        for item in items:
            _write_one(book, outcome, item)


def _write_one(book, outcome, item):
    try:
        with transaction.atomic():
            book.write([item])
    except BROKEN as error:
        outcome.added -= 1
        outcome.taken.discard((item.row.sheet.name, item.row.number))
        outcome.refused.append(RefusedRow(item.row, _why(book, error, item.row)))


def _why(book, error, row):
    """The reasons for which a row was refused; what is a fault of ours is raised."""
    if isinstance(error, Refuse):
        return error.reasons
    if isinstance(error, BadValue):
        return [said(error)]
    if isinstance(error, ActionError):
        return _reasons(book, error)
    if isinstance(error, DataError):
        return [_too_much(row, str(error))]
    if isinstance(error, IntegrityError):
        told = explain(error)
        return [str(told.message) if told else _("The database refuses this row.")]
    if isinstance(error, ValidationError):
        return [str(t) for t in error.messages]
    if isinstance(error, BROKEN):
        return [_("A value of this row cannot be read.")]
    raise error


def _too_much(row, text):
    """Which cell is too long or too large for its place."""
    limit = re.search(r"character varying\((\d+)\)", text)
    if limit:
        columns = row.sheet.columns
        long = [columns.headings[i[0]] for k, i in columns.known.items() if len(str(row.cells.get(k) or "")) > int(limit[1])]
        return _("%(columns)s: longer than %(n)s characters") % {"columns": "、".join(long) or "–", "n": limit[1]}
    return _("A value of this row is out of range.")


def _reasons(book, error):
    out = []
    for name, texts in error.errors.items():
        label = book.headers.get(name, [""])[0]
        out += [f"{label}: {text}" if label else str(text) for text in texts]
    return out or [str(error.message)]


def save_refused(path, refused):
    """Write refused rows as they stood with their reasons, to mend and load again."""
    return write_refused(path, [(*one, one.row) for one in refused])
