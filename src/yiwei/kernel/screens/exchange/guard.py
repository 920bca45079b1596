"""What is wrong with a workbook before it is opened: one small file can hold more than any memory."""

import io
import re
import zipfile
import zlib

LIMIT = 20 * 2**20         # of the file
UNPACKED = 200 * 2**20     # of everything inside
CELLS = 5_000_000          # of the rectangle that a sheet spans
PIECE, OVERLAP = 2**20, 64
SPOT = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,7})""")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


class TooMuch(Exception):
    """The workbook would not fit."""


def check(body, unpacked=None):
    """Raise TooMuch where reading `body` would take too much, ValueError where it is no workbook (xlsx, xls)."""
    if len(body) > LIMIT:
        raise TooMuch
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # the older kind: 65,536 rows of 256 cells at most
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = book.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError("not a workbook") from error
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise ValueError("not a workbook")
    room = unpacked or UNPACKED
    for part in parts:
        room -= _scan(body, part, room)


def _scan(body, part, room):
    """The true size of a part, unpacked piece by piece; the spots of its cells are measured on the way."""
    size, width, height, cells, kept = 0, 1, 1, 0, b""
    for piece in _pieces(body, part):
        size += len(piece)
        if size > room:
            raise TooMuch
        for column, row in SPOT.findall(kept + piece):
            width, height = max(width, _column(column)), max(height, int(row))
        cells += len(CELL.findall(piece))
        if width * height > CELLS or cells > CELLS:
            raise TooMuch
        kept = piece[-OVERLAP:]
    return size


def _column(letters):
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _pieces(body, part):
    start = part.header_offset + 30 + sum(int.from_bytes(body[part.header_offset + at:part.header_offset + at + 2], "little")
                                          for at in (26, 28))
    packed = body[start:start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (packed[at:at + PIECE] for at in range(0, len(packed), PIECE))
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("packed in an unknown way")
    stream = zlib.decompressobj(-15)
    try:
        while packed and not stream.eof:
            yield stream.decompress(packed, PIECE)
            packed = stream.unconsumed_tail
    except zlib.error as error:
        raise ValueError("damaged") from error
