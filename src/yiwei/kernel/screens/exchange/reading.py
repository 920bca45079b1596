"""What is done to a workbook in the child process that reads it (`base/apart.py`); nothing here knows Django.

A ValueError bears a word that says what the file is instead: empty, encrypted, html, foreign, damaged.
"""

import csv
import io

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from . import guard

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"RIFF", b"\x1f\x8b")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_MERGED = 20_000   # cells that are filled from merged ones


def sheets(body, unpacked, most):
    """[(name, hidden, rows)] of the sheets of a workbook or of the one of a CSV file, at most so many rows of each; merged cells bear
    their value everywhere, empty cells at the end of a row are left out."""
    kind = kind_of(body)
    if kind == "text":
        return [("CSV", False, _csv(body, most))]
    if kind not in ("xlsx", "xls"):
        raise ValueError(kind)
    guard.check(body, unpacked)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        hidden = {m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible}
        return [(name, name in hidden, _rows(book.get_sheet_by_name(name), most)) for name in book.sheet_names]
    except PasswordError as error:
        raise ValueError("encrypted") from error
    except CalamineError as error:
        raise ValueError("damaged") from error


def kind_of(body):
    """xlsx, xls or text, else what it is instead."""
    head = body[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not body.strip(b"\xef\xbb\xbf \r\n\t\0"):
        return "empty"
    if body.startswith(OLE):
        return "encrypted" if ENCRYPTED in body else "xls"
    if body.startswith(ZIP):
        return "xlsx"
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")) or b"<html" in head:
        return "html"
    if body.startswith(FOREIGN) or (b"\0" in body[:4096] and body[:2] not in (b"\xff\xfe", b"\xfe\xff")) or head.startswith(b"<?xml"):
        return "foreign"
    return "text"


def _csv(body, most):
    """The rows of a file with separators, in the encodings in which Chinese Excel writes them."""
    if len(body) > guard.LIMIT:
        raise guard.TooMuch
    for encoding in ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError("foreign")
    first = text[:4000].split("\n", 1)[0]
    separator = max((",", "\t", ";", "，"), key=first.count)
    if not first.count(separator) and len(text.split("\n")) < 3:
        raise ValueError("foreign")
    try:
        rows = csv.reader(io.StringIO(text), delimiter=separator)
        return [_trimmed([cell.strip() for cell in row]) for _n, row in zip(range(most), rows, strict=False)]
    except csv.Error as error:
        raise ValueError("damaged") from error


def _rows(sheet, most):
    rows = sheet.to_python(skip_empty_area=False, nrows=most)
    room = MOST_MERGED
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        room -= (bottom - top + 1) * (right - left + 1)
        if room < 0:
            break
        for row in rows[top:bottom + 1]:
            row[left:right + 1] = [value] * min(right + 1 - left, len(row) - left)
    return [_trimmed(row) for row in rows]


def _trimmed(row):
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]
