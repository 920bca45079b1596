"""Rows into a workbook: numbers as numbers, text as text, never a formula."""

import io
from datetime import date, datetime, time
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from ..register.columns import cell

LIMIT = 200_000


def workbook_response(title, columns, rows, actor):
    """An Excel answer; marked with who took it out, and when."""
    body = io.BytesIO()
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
    for number, row in enumerate(rows, 1):
        if number > LIMIT:
            break
        for index, column in enumerate(columns):
            _write(sheet, number, index, column, row, actor, formats)
    sheet.set_footer(f"&L{actor.tenant_name} {actor.name}&R{timezone.localtime():%Y-%m-%d %H:%M}")
    book.close()
    answer = HttpResponse(body.getvalue(),
                          content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return answer


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
