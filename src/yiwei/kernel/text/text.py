"""Text: invisible characters out, full width folded, traditional characters made simplified."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

CELL_LIMIT = 32_767  # what one Excel cell holds
HAN = "\u3400-\u9fff\U00020000-\U0002ebef"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_converter = OpenCC("t2s")


def clean_text(value):
    """Text without control, direction and zero-width characters; line ends as \\n; markup stays what it is: text."""
    if value is None:
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def fold(value):
    """The form for comparing: clean, half width, one kind of dash, single blanks."""
    text = unicodedata.normalize("NFKC", clean_text(value))
    return re.sub(r"\s+", " ", _DASHES.sub("-", text)).strip()


@lru_cache(maxsize=50_000)
def code(value):
    """A code as it is kept: no blanks around, half width, upper case."""
    return fold(value).strip(" '").upper()


@lru_cache(maxsize=50_000)
def same_key(value):
    """The form under which two spellings of a key meet: half width, no blanks, one case, simplified."""
    return simplified(re.sub(r"\s", "", fold(value)).strip("'")).casefold()


def simplified(text):
    """Traditional characters as simplified ones."""
    return _converter.convert(text) if text and not text.isascii() else text


def excel_safe(value):
    """Text to write as a *string* cell: never a formula, no character that Excel refuses, not too long."""
    return clean_text(value)[:CELL_LIMIT]


def csv_safe(value):
    """Text for a CSV file, where a leading = + - @ would be run as a formula: it gets an apostrophe."""
    text = clean_text(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text
