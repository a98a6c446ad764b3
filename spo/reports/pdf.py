"""A report as PDF/A-3a that is also PDF/UA-1: tagged, with its figures attached as CSV."""

import io
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from PIL import ImageFile
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher

from spo.reports.models import Report
from spo.reports.presentation import csv_header, csv_rows, presented
from territories.lists import csv_text

# WeasyPrint lets Pillow take half a picture, for the whole process; as evidence half a picture is refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False
STYLES = Path(settings.BASE_DIR) / "static" / "dist"
UA_XMP = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/></rdf:RDF>'
)


class OwnFiles(URLFetcher):
    """Fetches the report's own style and fonts; no network, no other file."""

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        file = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or not file.is_relative_to(STYLES.resolve()):
            raise ValueError(f"a report does not fetch {url}")
        return super().fetch(url, headers)


def pdf(report: Report) -> bytes:
    """The report's pages, in its own language (the caller activates it)."""
    html = render_to_string("reports/pdf.html", presented(report) | {"language": report.language[:2]})
    document = HTML(string=html, base_url=STYLES.as_uri() + "/", url_fetcher=OwnFiles())
    attachment = Attachment(
        string=csv_text(csv_header(), csv_rows(report)),
        name=f"{report.reference}.csv",
        description=_("The deliveries"),
        relationship="Data",
    )
    return document.write_pdf(
        stylesheets=[STYLES / "report.css"],
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        attachments=[attachment],
        xmp_metadata=[io.BytesIO(UA_XMP.encode())],
        finisher=finish_tags,
    )


def finish_tags(document, pdf):
    """What the renderer leaves open for PDF/UA-1: the scope of header cells, and words for links."""
    numbered = {thing.number: thing for thing in pdf.objects if thing.number is not None}

    def at(reference):
        return numbered.get(int(reference.split()[0]))

    for thing in (thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary)):
        if thing.get("S") == "/TH":
            row = at(thing["P"])
            group = at(row["P"]) if row else None
            column = group is not None and group.get("S") == "/THead"
            attributes = thing.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            attributes["Scope"] = "/Column" if column else "/Row"
        if thing.get("Subtype") == "/Link":
            thing["F"] = 4
            thing.setdefault("Contents", pydyf.String(_("Link")))
