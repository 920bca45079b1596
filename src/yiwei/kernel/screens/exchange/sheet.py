"""Import into a register that has no book of its own: each row goes through the register's “create”."""

import re

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwei.kernel.records import search
from yiwei.kernel.text import clean_text
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.actions.fields import Lines, Pick

from .book import Book, Refuse

PARTS = re.compile(r"\s*[、，,;；/]\s*")
YES = {"是", "有", "1", "true", "yes", "y", "√", "对"}


ALIKE = 200  # rows that bear the first word of a text and are read to find the one that reads so as a whole


def _named(field, actor, text):
    """Ids of at most two rows with this code, number or name; where a row has none of them, of those that read so in lists."""
    columns = {f.name for f in field.model._meta.fields} & {"code", "number", "name"}
    rows = field.query(actor)
    if columns:
        test = Q(*((column, text) for column in columns), _connector=Q.OR)
        return list(rows.filter(test).values_list("pk", flat=True)[:2])
    word = next(iter(text.split()), "")
    return [row.pk for row in search.match(rows, word)[:ALIKE] if str(row) == text][:2] if word and field.model.search else []


def sheet_of(register):
    """A Book for `register`, or None where its “create” takes more than one row can say."""
    act = next((a for a in register.actions() if a.creates and a.verb == "create"), None)
    if act is None:
        return None

    class Sheet(Book):
        """Rows become the input of “create”; references are found by code, number or name, or as lists show them."""

        headers = {}

        def __init__(self, actor):
            super().__init__(actor)
            self.act, self.seen = act, {}
            self.fields = {n: f for n, f in act.inputs(actor).items() if not isinstance(f, (Lines, forms.FileField))}
            self.headers = {n: [str(f.label or n), n] for n, f in self.fields.items()}
            self.needed = tuple(n for n, f in self.fields.items() if f.required and f.initial in (None, ""))
            self.hints = {n: f.help_text for n, f in self.fields.items() if f.help_text}

        def load(self, number, row):
            raw = {name: self._value(name, row.get(name)) for name in self.fields}
            if self._there(raw):
                return False
            perform(act, self.actor, None, {k: v for k, v in raw.items() if v is not None}, {})
            return True

        def _there(self, raw):
            """A row whose unique columns are there already is known."""
            for constraint in register.model._meta.constraints:
                names = [n for n in getattr(constraint, "fields", ()) if n != "tenant"]
                if names and all(raw.get(n) not in (None, "") for n in names):
                    return register.model.objects.filter(**{n: raw[n] for n in names}).exists()
            return False

        def _value(self, name, value):
            field = self.fields[name]
            if value is None:
                return None
            if isinstance(field, Pick) and field.many:
                return [self._picked(name, field, part) for part in PARTS.split(clean_text(value)) if part]
            if isinstance(field, Pick):
                return self._picked(name, field, clean_text(value))
            if isinstance(field, forms.BooleanField):
                return clean_text(value).lower() in YES
            if isinstance(field, forms.ChoiceField):
                text = clean_text(value)
                return next((k for k, label in field.choices if text in (str(k), str(label))), text)
            return value if not isinstance(value, str) else clean_text(value)

        def _picked(self, name, field, text):
            if (name, text) not in self.seen:
                found = _named(field, self.actor, text)
                if len(found) != 1:
                    told = _("%(column)s: “%(value)s” is the name of several.") if found else _("%(column)s: “%(value)s” is not known.")
                    raise Refuse(told % {"column": field.label, "value": text})
                self.seen[name, text] = found[0]
            return self.seen[name, text]

    Sheet.name = f"{register.room}.{register.slug}"
    return Sheet
