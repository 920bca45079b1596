"""What is done to a workbook in the child process that reads it (`base/apart.py`); nothing here knows Django."""

import io

from python_calamine import CalamineError, CalamineWorkbook

from . import guard


def sheets(body, unpacked, most):
    """[(name, rows)] of the sheets of a workbook, at most so many rows of each; empty cells at the end of a row are left out."""
    guard.check(body, unpacked)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return [(name, [_trimmed(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most)])
                for name in book.sheet_names]
    except CalamineError as error:
        raise ValueError(str(error)) from error


def _trimmed(row):
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]
