"""What kind of file somebody has sent, judged by its content. Looked at apart (`base/apart.py`); nothing here knows Django."""

import re

import puremagic

MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|object|svg)\b", re.IGNORECASE)
ZIP_END, ZIP_COMMENT = b"PK\x05\x06", 65_557
PDF = b"%PDF-"


def guessed(head, name):
    """The media type of a file by its first bytes and its name; '' where nothing fits."""
    try:
        return puremagic.from_string(head, mime=True, filename=name)
    except puremagic.PureError:
        return ""


def is_two_things(kind, body):
    """Whether an image or PDF could be taken for something else as well: a page, an archive, the other of the two."""
    if body.startswith(PDF) is (kind != "application/pdf") or kind != "application/pdf" and PDF in body[:1024]:
        return True
    return bool(MARKUP.search(body)) or _ends_as_zip(body)


def _ends_as_zip(body):
    at = body.rfind(ZIP_END, max(0, len(body) - ZIP_COMMENT))
    return at >= 0 and at + 22 + int.from_bytes(body[at + 20:at + 22], "little") == len(body)
