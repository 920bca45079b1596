"""Rows into a workbook: numbers as numbers, text as text, never a formula."""

import io
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.screens.registers.columns import cell
from yiwei.kernel.work.disclosure import disclose, new_mark

LIMIT = 200_000


def workbook_response(source, name, columns, rows, actor, params):
    """The rows of a register or report as Excel, marked with dealer, person, time and a mark that leads back to the list of exports."""
    title, mark, body = str(source.label), new_mark(), io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False, "remove_timezone": True})
    sheet = book.add_worksheet(title[:28].translate({ord(c): "_" for c in "[]:*?/\\"}) or "1")
    head = book.add_format({"bold": True, "bg_color": "#f2efe9", "border": 1})
    formats = {"money": book.add_format({"num_format": "#,##0.00"}), "date": book.add_format({"num_format": "yyyy-mm-dd"}),
               "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, str(column.label), head)
        sheet.set_column(index, index, 12 if column.align else 18)
    count = 0
    for count, row in enumerate(islice(rows, LIMIT), 1):
        for index, column in enumerate(columns):
            _write(sheet, count, index, column, row, actor, formats)
    told = disclose(actor, "export", name, rows=count, query=params.urlencode(), mark=mark)
    _watermark(book, sheet, actor, told)
    book.close()
    answer = HttpResponse(body.getvalue(),
                          content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return answer


def _watermark(book, sheet, actor, told):
    """Whose data this is and who took it out: in head and foot of every printed page, in the properties, on a sheet of its own."""
    when = f"{timezone.localtime(told.at):%Y-%m-%d %H:%M}"
    line = " · ".join(t for t in (actor.tenant_name, actor.name, when, told.mark) if t)
    sheet.set_header("&C" + line.replace("&", "&&")[:250])
    sheet.set_footer("&L" + line.replace("&", "&&")[:240] + "&R&P / &N")
    book.set_properties({"title": told.label, "author": actor.name, "company": actor.tenant_name, "comments": line})
    about, bold = book.add_worksheet(_("Origin")[:31]), book.add_format({"bold": True})
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 60)
    lines = [(_("Dealer"), actor.tenant_name), (_("Taken out by"), f"{actor.name} · {actor.position_name} · {actor.outlet_name}"),
             (_("Taken out at"), when), (_("List"), told.label), (_("Rows"), str(told.rows)), (_("Filters"), told.query or "–"),
             (_("Mark"), told.mark), ("", _("This export is recorded. The data belongs to the dealer and must not be passed on."))]
    for number, (label, text) in enumerate(lines):
        about.write_string(number, 0, str(label), bold)
        about.write_string(number, 1, str(text))


def _write(sheet, number, index, column, row, actor, formats):
    value = column.get(row, actor)
    hidden = column.mask and not actor.sees(column.mask)
    if value is None or value == "":
        return
    if not hidden and column.kind in ("money", "number", "progress") and isinstance(value, (int, float, Decimal)):
        sheet.write_number(number, index, float(value), formats.get(column.kind))
    elif not hidden and isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        sheet.write_datetime(number, index, local, formats["datetime"])
    elif not hidden and isinstance(value, date):
        sheet.write_datetime(number, index, datetime.combine(value, time.min), formats["date"])
    else:
        sheet.write_string(number, index, cell(column, row, actor).get("text", "")[:32000])
