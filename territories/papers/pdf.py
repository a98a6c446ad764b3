"""Papers as PDF/A-3a that are also PDF/UA-1: tagged, with files attached."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ImageFile

from territories.papers import pango

pango.prepare()
from weasyprint import HTML, Attachment  # noqa: E402 (finds its libraries only now)
from weasyprint.urls import URLFetcher  # noqa: E402

# WeasyPrint lets Pillow take half a picture, for the whole process; as evidence half a picture is refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False
STYLES = Path(settings.BASE_DIR) / "static" / "dist"
# That it is PDF/UA-1 as well, with the description of that statement which PDF/A asks for.
UA_XMP = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that is followed</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class OwnFiles(URLFetcher):
    """Fetches our own styles and fonts; no network, no other file."""

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        file = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or not file.is_relative_to(STYLES.resolve()):
            raise ValueError(f"a paper does not fetch {url}")
        return super().fetch(url, headers)


def pdf(html: str, *, styles: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """The pages of `html`, in its own language, dressed by one of our style sheets."""
    document = HTML(string=html, base_url=STYLES.as_uri() + "/", url_fetcher=OwnFiles())
    return document.write_pdf(
        stylesheets=[STYLES / styles],
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        attachments=list(attachments),
        finisher=finish,
    )


def finish(document, pdf):
    """What the renderer leaves open for PDF/UA-1."""
    finish_metadata(pdf)
    finish_tags(pdf)


def finish_metadata(pdf):
    """Say that it is PDF/UA-1 inside the one RDF element: readers skip a second one beside it."""
    (metadata,) = (
        t for t in pdf.objects if isinstance(t, pydyf.Stream) and t.extra.get("Type") == "/Metadata"
    )
    (xmp,) = metadata.stream
    metadata.stream = [xmp.replace(b"</rdf:RDF>", UA_XMP + b"</rdf:RDF>")]


def finish_tags(pdf):
    """The scope of header cells, and words for links."""
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
