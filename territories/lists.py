"""Lists as people use them: searched by GET, at most 50 rows a page, and as CSV what is shown."""

import csv
import io

from django.core.paginator import Page, Paginator
from django.http import HttpResponse

ROWS = 50
# A cell that starts with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def page_of(request, rows) -> Page:
    """The page that the query string asks for; the last one if it asks for too much."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def as_csv(name: str, header: list[str], rows) -> HttpResponse:
    """A CSV download that a spreadsheet reads as text and numbers, never as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _safe(cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
