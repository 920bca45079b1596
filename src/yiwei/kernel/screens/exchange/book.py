"""The frame of every book: read, check each row, load each row whole or refuse it with its reasons."""

import hashlib
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.models import SearchKey
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.text import BadValue
from yiwei.kernel.work.actions.action import explain

from .workbook import read_rows, write_refused


class Refuse(Exception):
    """A row cannot be loaded; `reasons` are said in the user's language."""

    def __init__(self, *reasons):
        super().__init__("；".join(reasons))
        self.reasons = list(reasons)


class Cancelled(Exception):
    """Somebody asked the import to stop."""


@dataclass
class Outcome:
    """What became of a book."""

    book: str
    added: int = 0
    known: int = 0
    refused: list = field(default_factory=list)   # (row number, values, reasons)
    cancelled: bool = False

    @property
    def seen(self):
        return self.added + self.known + len(self.refused)


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
        self.actor, self.made = actor, []

    def prepare(self):
        """Read what every row needs once."""

    def load(self, number, row):
        """Load one row; return True if it is new, False if it was there. Raise Refuse or BadValue."""
        raise NotImplementedError

    def made_row(self, obj):
        """Remember a row so that it can be found; keys are written in bulk."""
        self.made.append(obj)

    def finish(self):
        """Write the search keys of everything loaded."""
        keys = []
        for obj in self.made:
            kind = search.kind_of(type(obj))
            keys += [SearchKey(kind=kind, key=k, object_id=obj.pk) for k in search.keys_for(obj)]
        SearchKey.objects.bulk_create(keys, batch_size=5000)


class Fields:
    """Reads the cells of a row and gathers what is wrong with them."""

    def __init__(self, row):
        self.row, self.reasons = row, []

    def get(self, name, reader, default=None, required=False):
        """The cell read by `reader`; an empty cell gives `default`, a bad one a reason."""
        value = self.row.get(name)
        if value is None or (isinstance(value, str) and not value.strip(" '\u3000")):
            if required:
                self.reasons.append(_("%(column)s is missing.") % {"column": self.label(name)})
            return default
        try:
            return reader(value)
        except BadValue as error:
            text = _(error.message_id) % error.params if error.params else _(error.message_id)
            self.reasons.append(f"{self.label(name)}: {text}")
            return default

    def label(self, name):
        return self.row.get("_labels", {}).get(name, name)

    def done(self):
        if self.reasons:
            raise Refuse(*self.reasons)


def fingerprint(*values):
    """A key by which the same row is known again."""
    return hashlib.sha256("\x1f".join(str(v) for v in values).encode()).hexdigest()


def load_book(actor, book, source, *, progress=None):
    """Load a workbook (path or bytes) in one transaction; `book` is a Book made for `actor`.

    Each row is loaded whole or refused. `progress(outcome)` may answer False to cancel: nothing stays.
    """
    outcome = Outcome(book.name)
    labels = {key: aliases[0] for key, aliases in book.headers.items()}
    try:
        with context.entered(actor.tenant_id, actor.id, "kernel.import"):
            book.prepare()
            for number, row in read_rows(source, book.headers, book.needed):
                _one(book, outcome, number, {**row, "_labels": labels})
                if progress and outcome.seen % 50 == 0 and progress(outcome) is False:
                    raise Cancelled
            book.finish()
    except Cancelled:
        return Outcome(book.name, cancelled=True)
    return outcome


def _one(book, outcome, number, row):
    values = {k: v for k, v in row.items() if k != "_labels"}
    try:
        with transaction.atomic():
            new = book.load(number, row)
    except Refuse as error:
        reasons = error.reasons
    except ActionError as error:
        reasons = _reasons(book, error)
    except IntegrityError as error:
        told = explain(error)
        reasons = [str(told.message) if told else _("The database refuses this row.")]
    else:
        outcome.added += bool(new)
        outcome.known += not new
        return
    outcome.refused.append((number, values, reasons))


def _reasons(book, error):
    out = []
    for name, texts in error.errors.items():
        label = book.headers.get(name, [""])[0]
        out += [f"{label}: {text}" if label else str(text) for text in texts]
    return out or [str(error.message)]


def save_refused(path, book, outcome):
    """Write the refused rows with their reasons, under the book's own headings, to mend and load again."""
    return write_refused(path, {key: aliases[0] for key, aliases in book.headers.items()}, outcome.refused)
