"""A report as a paper: its pages, with its figures attached as CSV."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from spo.reports.models import Report
from spo.reports.presentation import csv_header, csv_rows, presented
from territories.papers.pdf import Attachment, pdf
from territories.papers.sheets import csv_text


def pdf_of(report: Report) -> bytes:
    """The report's pages, in its own language (the caller activates it)."""
    html = render_to_string("reports/pdf.html", presented(report) | {"language": report.language[:2]})
    figures = Attachment(
        string=csv_text(csv_header(), csv_rows(report)),
        name=f"{report.reference}.csv",
        description=_("The deliveries"),
        relationship="Data",
    )
    return pdf(html, styles="report.css", attachments=[figures])
