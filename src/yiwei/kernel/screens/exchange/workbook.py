"""Reading a workbook that people typed, and giving refused rows back in one."""

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.kernel.base import apart
from yiwei.kernel.base.errors import Invalid

from . import guard
from .headings import REASON, Columns, find

MAX_ROWS = 200_000
EXAMPLE = re.compile(r"示例|样例|模板|范例|填写说明|example|sample", re.I)
SUM = re.compile(r"^(?:总计|合计|小计|共计|累计|汇总)|(?:总计|合计|小计|共计)[:：]?\s*[\d一二三四五六七八九十百千]*\s*[户人条笔元单]?$"
                 r"|^(?:制表|填表|审核|复核)人?[:：]")
SAID = {
    "empty": gettext_lazy("This file is empty."),
    "encrypted": gettext_lazy("This workbook is protected by a password; save it without one."),
    "html": gettext_lazy("This is a web page saved under the name of a workbook; open it in Excel and save it as .xlsx."),
    "foreign": gettext_lazy("This is no workbook, whatever its name says; save it as .xlsx or .csv."),
    "damaged": gettext_lazy("This workbook is damaged; open it in Excel and save it anew."),
}


@dataclass
class Row:
    """One row of a sheet. `cells` are those that are understood, `rest` what stands in other columns, `raw` all of it."""

    number: int
    cells: dict
    rest: dict
    raw: list
    sheet: "Sheet"


@dataclass
class Sheet:
    """A sheet with the headings: its columns, how many rows and which were passed over as sums."""

    name: str
    columns: Columns
    rows: list
    hidden: bool = False
    sums: list = field(default_factory=list)

    def __iter__(self):
        columns = self.columns
        for offset, raw in enumerate(self.rows):
            cells = {key: _joined(raw, indexes) for key, indexes in columns.known.items()}
            if all(value is None for value in cells.values()):
                continue
            number = columns.first + offset
            first = _at(raw, columns.number) if columns.number is not None else None
            rest = {heading: value for index, heading in columns.unknown.items() if (value := _at(raw, index)) is not None}
            yield Row(int(first) if isinstance(first, int) or str(first or "").isdigit() else number, cells, rest, raw, self)


class Lacking(Invalid):
    """Sheets that look like the book's but lack a column that is needed; somebody may say which one it is."""

    def __init__(self, errors, sheets):
        super().__init__(errors)
        self.sheets = sheets


def open_workbook(source):
    """[(name of the sheet, hidden, its rows)] of a workbook or CSV file from a path or from bytes, read apart; Invalid if it is none."""
    try:
        body = bytes(source) if isinstance(source, (bytes, bytearray)) else Path(source).read_bytes()
        return apart.run("yiwei.kernel.screens.exchange.reading:sheets", body, guard.UNPACKED, MAX_ROWS + 1)
    except apart.TooMuch:
        raise Invalid({"file": [_("This workbook is too large; split it.")]}) from None
    except (OSError, ValueError) as error:
        said = SAID.get(str(error))
        raise Invalid({"file": [str(said) if said else _("This file is not a workbook that can be read (xlsx, xls, csv).")]}) from error


def read_sheets(source, headers, needed=(), learnt=None):
    """The sheets that have the headings.

    `headers` is {key: [accepted headings]}. The headings may stand in any of the first rows, in one or two, and in any order; what is
    written otherwise is found by likeness or by what the dealer chose (`learnt`). Raises Invalid when no sheet has half of the
    headings or all that are `needed`, naming the columns that are missing.
    """
    found, lacking, others = [], [], []
    for name, hidden, rows in open_workbook(source):
        if len(rows) > MAX_ROWS:
            raise Invalid({"file": [_("More than %(limit)s rows; split the workbook.") % {"limit": MAX_ROWS}]})
        columns = find(rows, headers, needed, learnt)
        if columns is None:
            continue
        missing = [headers[key][0] for key in needed if key not in columns.known]
        if missing:
            lacking.append(_("Sheet “%(sheet)s” has no column %(columns)s; not understood: %(unknown)s.") % {
                "sheet": name, "columns": "、".join(map(str, missing)), "unknown": "、".join(columns.unknown.values()) or "–"})
            others.append(Sheet(name, columns, [], hidden))
            continue
        found.append(_without_sums(Sheet(name, columns, rows[columns.first - 1:], hidden), needed))
    if found:
        return found
    if lacking:
        raise Lacking({"file": lacking}, others)
    wanted = "、".join(str(aliases[0]) for aliases in headers.values())
    raise Invalid({"file": [_("No sheet has these headings: %(headings)s.") % {"headings": wanted}]})


def _without_sums(sheet, needed):
    """Rows of totals and signatures are no data; a row that lacks nothing needed is data whatever it says."""
    kept = []
    for offset, raw in enumerate(sheet.rows):
        texts = [v.strip() for v in raw if isinstance(v, str) and v.strip()]
        said = next((t for t in texts[:4] if SUM.search(t.replace(" ", ""))), "")
        lacks = not needed or any(_joined(raw, sheet.columns.known.get(key, ())) is None for key in needed) or len(set(texts)) <= 2
        if said and lacks:
            sheet.sums.append((sheet.columns.first + offset, said))
            raw = []
        kept.append(raw)
    sheet.rows = kept
    return sheet


def read_rows(source, headers, needed=(), learnt=None, hidden=False):
    """Yield (row number in the sheet, {key: cell}) below the headings of every sheet; empty rows are passed over. A formula gives its
    stored result, never anything to run."""
    sheets = read_sheets(source, headers, needed, learnt)
    for sheet in sheets:
        if hidden or not left_out(sheet, sheets):
            for row in sheet:
                yield row.number, row.cells


def left_out(sheet, sheets):
    """Hidden and example sheets are read only where somebody says so, or where there is no other."""
    return sheet.hidden or (bool(EXAMPLE.search(sheet.name)) and any(not s.hidden and not EXAMPLE.search(s.name) for s in sheets))


def count_rows(source, headers, needed=(), learnt=None):
    """How many rows there are below the headings."""
    return sum(1 for _row in read_rows(source, headers, needed, learnt))


def _at(raw, index):
    return _plain(raw[index]) if index < len(raw) else None


def _joined(raw, indexes):
    """The cell; of several columns of one meaning all that is there."""
    values = list(dict.fromkeys(v for i in indexes if (v := _at(raw, i)) is not None))
    return (values[0] if values else None) if len(values) < 2 else "、".join(map(str, values))


def _plain(value):
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)   # a larger one has lost digits, and stays what it was
    return value


def write_refused(path, refused):
    """Write refused rows as they stood, each sheet with all of its columns, with row number and reasons behind.

    `refused` is [(row number, {key: cell}, [reasons], Row)]. The file can be mended and loaded again as it is.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    book, styles = _new_book(path)
    for sheet in dict.fromkeys(id(r[3].sheet) for r in refused):
        rows = [r for r in refused if id(r[3].sheet) == sheet]
        columns = rows[0][3].sheet.columns
        skipped = {columns.number, *(i for i, h in enumerate(columns.headings) if h in REASON)}
        kept = [i for i, heading in enumerate(columns.headings) if i not in skipped]
        labels = [*(columns.headings[i] for i in kept), _("Row"), _("Reason")]
        body = [[*(r[3].raw[i] if i < len(r[3].raw) else None for i in kept), r[0], "；".join(r[2])] for r in rows]
        _fill(book, styles, labels, body, {len(labels) - 1: 60}, rows[0][3].sheet.name)
    book.close()
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
    book, styles = _new_book(path)
    _fill(book, styles, labels, rows, widths or {})
    book.close()


def _new_book(path):
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    return book, {"head": book.add_format({"bold": True, "bg_color": "#f2efe9", "border": 1}),
                  "day": book.add_format({"num_format": "yyyy-mm-dd"}), "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})}


def _fill(book, styles, labels, rows, widths, name=""):
    sheet = book.add_worksheet(_title(book, name))
    sheet.freeze_panes(1, 0)
    for index, label in enumerate(labels):
        sheet.write_string(0, index, str(label), styles["head"])
        sheet.set_column(index, index, widths.get(index, 16))
    for number, row in enumerate(rows, 1):
        for index, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, index, value.replace(tzinfo=None), styles["moment"])
            elif isinstance(value, date):
                sheet.write_datetime(number, index, value, styles["day"])
            elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                sheet.write_number(number, index, value)
            elif value is not None and value != "":
                sheet.write_string(number, index, str(value)[:32000])


def _title(book, name):
    """A name that Excel allows and that is not taken."""
    plain = re.sub(r"[\[\]:*?/\\']", "_", name)[:31] or None
    return None if plain is None or plain.lower() in {s.name.lower() for s in book.worksheets()} else plain
