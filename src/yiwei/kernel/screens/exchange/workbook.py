"""Reading a workbook that people typed, and giving refused rows back in one."""

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from yiwei.kernel.base.errors import Invalid

from . import guard

HEADING_ROWS = 10
MAX_ROWS = 200_000


def open_workbook(source):
    """A workbook from a path or from bytes. Raises Invalid if it is none."""
    try:
        body = source if isinstance(source, (bytes, bytearray)) else Path(source).read_bytes()
        guard.check(body)
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except guard.TooMuch:
        raise Invalid({"file": [_("This workbook is too large; split it.")]}) from None
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable() from error


def unreadable():
    return Invalid({"file": [_("This file is not a workbook that can be read (xlsx, xls).")]})


def _rows_of(book, name):
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise unreadable() from error


def read_rows(source, headers, needed=()):
    """Yield (row number in the sheet, {key: cell}) below the headings.

    `headers` is {key: [accepted headings]}. The headings may stand in any of the first rows and in any
    order; empty rows are passed over. A formula gives its stored result, never anything to run.
    Raises Invalid when no sheet has half of the headings, or all that are `needed`.
    """
    for first, columns, rows in _sheets(source, headers, needed):
        for offset, row in enumerate(rows):
            cells = {key: _plain(row[index]) if index < len(row) else None for key, index in columns.items()}
            if any(value is not None for value in cells.values()):
                yield first + offset, cells
        return
    wanted = "、".join(aliases[0] for aliases in headers.values())
    raise Invalid({"file": [_("No sheet has these headings: %(headings)s.") % {"headings": wanted}]})


def count_rows(source, headers, needed=()):
    """How many rows there are below the headings."""
    return sum(1 for _row in read_rows(source, headers, needed))


def _sheets(source, headers, needed):
    book = open_workbook(source)
    aliases = {_heading(alias): key for key, names in headers.items() for alias in names}
    need = max(1, min(len(headers), (len(headers) + 1) // 2))
    for name in book.sheet_names:
        rows = _rows_of(book, name)
        if len(rows) > MAX_ROWS:
            raise Invalid({"file": [_("More than %(limit)s rows; split the workbook.") % {"limit": MAX_ROWS}]})
        for number, row in enumerate(rows[:HEADING_ROWS]):
            columns = {}
            for index, value in enumerate(row):
                key = aliases.get(_heading(value))
                if key is not None:
                    columns.setdefault(key, index)
            if len(columns) >= need or (len(needed) > 1 and columns.keys() >= set(needed)):
                yield number + 2, columns, rows[number + 1:]
                break


def _heading(value):
    return "".join(str(value).split()).strip("*：:").lower()


def _plain(value):
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def write_refused(path, headers, refused):
    """Write refused rows under the book's own headings, with row number and reasons behind.

    `headers` is {key: heading}; `refused` is [(row number, {key: cell}, [reasons])]. The file can be
    mended and loaded again as it is.
    """
    labels = [*headers.values(), _("Row"), _("Reason")]
    rows = ([*(cells.get(key) for key in headers), number, "；".join(reasons)] for number, cells, reasons in refused)
    write_table(path, labels, rows, widths={len(labels) - 1: 60})
    return Path(path)


def empty_workbook(headers, needed=(), hints=None):
    """The bytes of a workbook to fill in: the headings with * where a value is needed, and a second sheet that explains them."""
    target, hints = io.BytesIO(), hints or {}
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    head, wrap = book.add_format({"bold": True, "bg_color": "#f2efe9", "border": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    rows, told = book.add_worksheet(), book.add_worksheet(_("Explanation"))
    rows.freeze_panes(1, 0)
    told.set_column(0, 2, 18)
    told.set_column(3, 3, 70, wrap)
    for column, label in enumerate((_("Column"), _("Needed"), _("Also accepted"), _("What it takes"))):
        told.write_string(0, column, label, head)
    for index, (key, names) in enumerate(headers.items()):
        hint = str(hints.get(key, ""))
        rows.write_string(0, index, names[0] + ("*" if key in needed else ""), head)
        rows.set_column(index, index, 16)
        if hint:
            rows.write_comment(0, index, hint)
        cells = (names[0], _("yes") if key in needed else "", "、".join(str(n) for n in names[1:] if n != key), hint)
        for column, text in enumerate(cells):
            told.write_string(index + 1, column, text)
    book.close()
    return target.getvalue()


def write_table(path, labels, rows, widths=None):
    """A plain sheet with a heading row; text stays text whatever it begins with."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False,
                                           "strings_to_numbers": False})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bg_color": "#f2efe9", "border": 1})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    for index, label in enumerate(labels):
        sheet.write_string(0, index, str(label), head)
        sheet.set_column(index, index, (widths or {}).get(index, 16))
    for number, row in enumerate(rows, 1):
        for index, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, index, value.replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, index, value, day)
            elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                sheet.write_number(number, index, value)
            elif value is not None:
                sheet.write_string(number, index, str(value)[:32000])
    book.close()
