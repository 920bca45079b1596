"""A text for whoever will read it: kept as its English words and values, spoken in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext, override

LONGEST = 200  # characters of one value


class Message:
    """`Message("Task %(n)s is confirmed.") % {"n": task.number}`: what one person causes and another reads.

    A value may itself be a message, a label that is translated, or a list of these.
    """

    def __init__(self, words, values=None):
        self.words, self.values = words, values

    def __mod__(self, values):
        return Message(self.words, values)

    def __str__(self):
        return spoken(self.words, {} if self.values is None else {n: _kept(v) for n, v in self.values.items()})

    def kept(self):
        """(English words, values) as a database keeps them."""
        return self.words, {n: _kept(v) for n, v in (self.values or {}).items()}


def kept(text):
    """(words, values) of a text to keep; a text that somebody typed has no values (None) and is never translated."""
    if isinstance(text, Message):
        return text.kept()
    if isinstance(text, Promise):
        return _english(text), {}
    return str(text), None


def spoken(words, values):
    """What was kept, in the language of now."""
    if values is None or not words:
        return words
    text = gettext(words)
    try:
        return text % {n: _spoken(v) for n, v in values.items()} if values else text
    except (KeyError, ValueError, TypeError):
        return words


def _spoken(value):
    if isinstance(value, list):
        return "、".join(str(_spoken(v)) for v in value)
    return spoken(value["said"], value.get("values")) if isinstance(value, dict) else value


def choice(obj, name):
    """The label of a chosen value, still to be translated."""
    return dict(obj._meta.get_field(name).flatchoices).get(getattr(obj, name), "")


def _kept(value):
    if isinstance(value, (list, tuple)):
        return [_kept(v) for v in value]
    if isinstance(value, Message):
        words, values = value.kept()
        return {"said": words, "values": values}
    if isinstance(value, Promise):
        return {"said": _english(value), "values": {}}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return "" if value is None else str(value)[:LONGEST]


def _english(promise):
    with override("en"):
        return str(promise)
