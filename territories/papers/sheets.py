"""What is shown in a list, as a sheet: CSV that no spreadsheet calculates."""

import csv
import io
from decimal import Decimal

from django.http import HttpResponse

# A cell that starts with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: list[str], rows) -> str:
    """CSV that a spreadsheet reads as text and numbers, never as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return text.getvalue()


def as_csv(name: str, header: list[str], rows) -> HttpResponse:
    """The same as a download."""
    content = "\ufeff" + csv_text(header, rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _safe(cell) -> str:
    text = "" if cell is None else str(cell)
    # A negative number is none; the name of an organisation may be one.
    number = isinstance(cell, int | float | Decimal)
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
