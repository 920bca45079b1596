"""Reads the cells of a row and gathers what is wrong with them, and what was not understood but is kept."""

from datetime import date, datetime, time

from django.utils.translation import gettext as _

from yiwei.kernel.text import BadValue, clean_text, code, fold

NOTHING = frozenset(("", "-", "--", "/", "\\", "?", "？", "无", "没有", "暂无", "空", "不详", "未知", "待定", "未定", "n/a", "na", "none", "null"))
DIGITS = 1e15   # a number of so many digits has lost some in Excel


class Refuse(Exception):
    """A row cannot be loaded; `reasons` are said in the user's language."""

    def __init__(self, *reasons):
        super().__init__("；".join(reasons))
        self.reasons = list(reasons)


def is_empty(value):
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and fold(value).strip(" '\u3000").lower() in NOTHING)


class Fields:
    """The cells of one row. What is needed and wrong becomes a reason (`get`); what is wrong and not needed is left out, kept as text
    for the remark and told in a note (`soft`, `text`)."""

    def __init__(self, row):
        self.row, self.reasons, self.kept = row, [], []

    def get(self, name, reader, default=None, required=False):
        """The cell read by `reader`; an empty cell gives `default`, a bad one a reason."""
        value = self.row.get(name)
        if self._is_missing(value, reader):
            if required:
                self.reasons.append(_("%(column)s is missing.") % {"column": self.label(name)})
            return default
        try:
            return reader(self._as_typed(name, value, reader))
        except BadValue as error:
            self.reasons.append(f"{self.label(name)}: {said(error)}")
            return default

    def soft(self, name, reader, default=None):
        """The cell read by `reader`; what cannot be read stays as text and refuses nothing, unless Excel has lost digits of it."""
        value = self.row.get(name)
        if self._is_missing(value, reader):
            return default
        try:
            return reader(self._as_typed(name, value, reader))
        except BadValue as error:
            self.keep(name, value, said(error))
            return default

    def text(self, name, limit, default="", required=False, reader=clean_text):
        """Text that fits; what is longer stands in the remark as a whole."""
        found = self.get(name, reader, default, required=required)
        if len(found or "") <= limit:
            return found
        self.keep(name, found, _("longer than %(n)s characters") % {"n": limit})
        return found[:limit]

    def keep(self, name, value, why):
        """Remember what a cell says beside what was understood of it."""
        self.kept.append(f"{self.label(name)}：{clean_text(value)}")
        self.note(f"{self.label(name)}: {why}")

    def note(self, text):
        self.row.setdefault("_notes", []).append(text)

    def left(self, *texts):
        """Remarks, and behind them what is kept."""
        return "\n".join(t for t in (*texts, *self.kept) if t)

    def label(self, name):
        return self.row.get("_labels", {}).get(name, name)

    def done(self):
        if self.reasons:
            raise Refuse(*self.reasons)

    @staticmethod
    def _is_missing(value, reader):
        return value is None or (value.strip(" '\u3000") == "" if isinstance(value, str) and reader in (clean_text, code) else is_empty(value))

    def _as_typed(self, name, value, reader):
        """3-2, of which Excel made a day, in a column of text."""
        if reader not in (clean_text, code) or not isinstance(value, date):
            return value
        if isinstance(value, datetime) and value.time() != time():
            return value
        typed = f"{value.month}-{value.day}"
        self.note(_("%(column)s: Excel made the day %(day)s of it; read as %(text)s.") % {
            "column": self.label(name), "day": f"{value:%Y-%m-%d}", "text": typed})
        return typed


def lost_digits(row, labels):
    """What to say of numbers of sixteen digits and more, of which Excel has lost the last: account numbers, order numbers."""
    told = _("“%(value)s” has lost its digits in Excel: make the column text and type it again.")
    return [f"{labels.get(name, name)}: " + told % {"value": f"{value:.0f}"} for name, value in row.cells.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= DIGITS]


def said(error):
    """A BadValue in the user's language."""
    return _(error.message_id) % error.params if error.params else _(error.message_id)
