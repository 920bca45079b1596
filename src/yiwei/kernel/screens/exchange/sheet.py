"""Import into a register that has no book of its own: each row goes through the register's “create”."""

import re
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwei.kernel.records import search
from yiwei.kernel.text import clean_text, date, discount, moment, quantity, same_key, signed_money
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.actions.fields import Lines, Pick

from .book import Book, Changed, Fields, Refuse

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


MADE = object()   # a row that this book has made


def _key(raw, names):
    return tuple(same_key("" if raw.get(n) is None else raw[n]) for n in names)


def _reader(field):
    """How a cell of this field is read: as all books of the house read it."""
    if isinstance(field, forms.DateTimeField):
        return moment
    if isinstance(field, forms.DateField):
        return date
    if isinstance(field, forms.DecimalField):
        places = field.decimal_places
        if field.max_digits == 5 and places == 4:
            return discount
        return _percent if field.max_digits == 5 and places == 2 else quantity if places == 3 else signed_money
    return _whole if isinstance(field, forms.IntegerField) else None


def _percent(value):
    return signed_money(clean_text(value).removesuffix("%").removesuffix("％") if isinstance(value, str) else value)


def _whole(value):
    return int(quantity(value))


def _equal(a, b):
    """Whether a kept value and a cell say the same."""
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        return sorted(map(str, a or ())) == sorted(map(str, b or ()))
    if isinstance(a, Decimal) or isinstance(b, Decimal):
        return Decimal(str(a or 0)) == Decimal(str(b or 0))
    return same_key("" if a is None else a) == same_key("" if b is None else b)


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
            self.act, self.seen, self.keyed = act, {}, {}
            self.fields = {n: f for n, f in act.inputs(actor).items() if not isinstance(f, (Lines, forms.FileField))}
            self.headers = {n: [str(f.label or n), n] for n, f in self.fields.items()}
            self.needed = tuple(n for n, f in self.fields.items() if f.required and f.initial in (None, ""))
            self.hints = {n: f.help_text for n, f in self.fields.items() if f.help_text}

        def load(self, number, row):
            f = Fields(row)
            raw = {name: self._value(f, name) for name in self.fields}
            f.done()
            there = self._there(raw)
            if there is not None:
                return there is not MADE and self._again(there, raw)
            perform(act, self.actor, None, {k: v for k, v in raw.items() if v is not None}, {})
            for names, rows in self.keyed.items():
                rows[_key(self._with_defaults(raw, names), names)] = MADE
            return True

        def _there(self, raw):
            """A row whose unique columns are there already is known, however they are written."""
            for constraint in register.model._meta.constraints:
                names = [n for n in getattr(constraint, "fields", ()) if n != "tenant"]
                key = _key(self._with_defaults(raw, names), names)
                if names and all(key):
                    return self._keyed(tuple(names)).get(key)
            return None

        @staticmethod
        def _with_defaults(raw, names):
            """What a column of the key is where the row says nothing."""
            fields = {n: register.model._meta.get_field(n) for n in names if raw.get(n) in (None, "")}
            return raw | {n: f.get_default() for n, f in fields.items() if f.has_default()}

        def _names(self):
            """The columns by which a row is known; they stay as they are."""
            return {n for names in self.keyed for n in names}

        def _keyed(self, names):
            """{folded key: row} of the rows that are there, or MADE of those that this book made."""
            if names not in self.keyed:
                attributes = [register.model._meta.get_field(n).attname for n in names]
                self.keyed[names] = {tuple(same_key(getattr(r, a)) for a in attributes): r for r in register.model.objects.order_by("-pk")}
            return self.keyed[names]

        def _again(self, there, raw):
            """The same row, or one that says something else now."""
            changes = {n: (getattr(there, register.model._meta.get_field(n).attname), v) for n, v in raw.items()
                       if v is not None and n not in self._names() and any(f.name == n for f in register.model._meta.concrete_fields)}
            changes = {n: (a, b) for n, (a, b) in changes.items() if not _equal(a, b)}
            if not changes:
                return False
            edit = next((a for a in register.actions() if a.verb == "edit"), None)
            if not self.update or edit is None:
                raise Changed(*[(str(self.fields[n].label or n), str(a), str(b)) for n, (a, b) in changes.items()])
            said = {k: v for k, v in raw.items() if v is not None and k not in self._names()}
            perform(edit, self.actor, there.pk, self._kept(edit, there) | said, {})
            return "updated"

        def _kept(self, edit, there):
            """What the form of “edit” would come with: masked fields empty, which leaves them as they are."""
            fields = {f.name: f.attname for f in there._meta.concrete_fields}
            return {n: getattr(there, fields[n]) for n in edit.inputs(self.actor, there)
                    if n in fields and n not in getattr(there, "masked", {}) and getattr(there, fields[n]) is not None}

        def _value(self, f, name):
            field, value = self.fields[name], f.row.get(name)
            if value is None:
                return None
            reader = _reader(field)
            if reader:
                return f.get(name, reader)
            if isinstance(field, Pick) and field.many:
                return [self._picked(name, field, part) for part in PARTS.split(clean_text(value)) if part]
            if isinstance(field, Pick):
                return self._picked(name, field, clean_text(value))
            if isinstance(field, forms.BooleanField):
                return clean_text(value).lower() in YES
            if isinstance(field, forms.ChoiceField):
                text = clean_text(value)
                return next((k for k, label in field.choices if text in (str(k), str(label))), text)
            return f.get(name, clean_text)

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
