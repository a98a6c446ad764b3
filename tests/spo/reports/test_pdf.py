"""The report on paper: tagged, in its language, with its figures inside, and fetching nothing from elsewhere."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils import translation
from pdfua import validate

from community import actions as community
from spo.reports.models import Report
from spo.reports.pdf import pdf_of
from spo.reports.presentation import csv_header, csv_rows
from territories.pages.numbers import pounds
from territories.pages.times import day
from territories.papers.pdf import STYLES, OwnFiles
from tests.reading import as_owner, table

NAME = "Clwb y Tŵr a’r Tŷ"


def typefaces(document) -> list:
    return [
        thing
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/ToUnicode" in thing
    ]


def letters(font) -> set[str]:
    """The letters that a typeface in the file has a shape for; number 0 is the box for a missing one."""
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", font.ToUnicode.read_bytes().lower())
    return {chr(int(letter, 16)) for shape, letter in pairs if int(shape, 16)}


@pytest.fixture
def named(order_at, north):
    """A confirmed delivery to an activity with a Welsh name."""
    story = order_at("published")
    with north:
        said = {name: getattr(story.activity, name) for name in ("what", "who", "postcode")}
        story.activity = community.describe_activity(
            story.activity, version=1, title=NAME, by=story.provider, **said
        )
    return story.walk("confirmed")


@pytest.fixture
def report(named):
    return named.walk("reported").report


def on_disk(report, north):
    """The report's file, open for reading."""
    with north:
        return default_storage.open(report.paper.path)


def tagged(document, name) -> list:
    """Every element of the structure tree with a tag."""
    return [
        thing
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == name
    ]


def test_the_file_is_tagged_and_named(report, north):
    with pikepdf.open(on_disk(report, north)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as facts:
            assert facts["dc:title"] == f"ESG report {report.reference}, Thames Valley"
            assert facts["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"  # and not beside the rest
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("3", "A")
        heads = tagged(document, "/TH")
        assert {str(head.A.Scope) for head in heads} == {"/Column", "/Row"}
        assert len(heads) == len([head for head in heads if "/Scope" in head.A])
        figures = tagged(document, "/Figure")
        assert len(figures) == 2
        assert all(str(figure.Alt).strip() for figure in figures)


def test_the_checker_of_accessible_pdfs_finds_nothing(report, north, tmp_path):
    with on_disk(report, north) as file:
        (tmp_path / "report.pdf").write_bytes(file.read())
    result = validate(str(tmp_path / "report.pdf"))
    assert [(finding.rule_id, finding.message) for finding in result.findings] == []
    assert len(result.outcomes) > len(result.skipped)


def test_the_deliveries_are_inside_as_the_file_that_the_page_gives(report, north, client_for):
    with pikepdf.open(on_disk(report, north)) as document:
        (name,) = document.attachments
        text = document.attachments[name].get_file().read_bytes().decode()
    assert name == f"{report.reference}.csv"
    download = table(client_for(None).get(f"/reports/{report.pk}/csv/"))
    assert list(csv.reader(io.StringIO(text))) == download
    assert (len(download), download[1][5]) == (2, NAME)


def test_every_letter_of_a_welsh_name_has_a_shape_in_the_embedded_typeface(named, north):
    with translation.override("cy"):
        report = named.walk("reported").report
    with pikepdf.open(on_disk(report, north)) as document:
        assert str(document.Root.Lang) == "cy"
        ours, others = set(), set()
        for font in typefaces(document):
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor  # inside the file, not the reader's
            (ours if "Atkinson" in str(font.BaseFont) else others).update(letters(font))
    assert set(NAME) | set("£") <= ours
    assert others <= {"→"}  # an arrow is all that the typeface has not


def test_a_formula_in_a_name_is_text_in_page_and_paper(report, north, client_for):
    with as_owner(north):
        row = Report.objects.get()
        row.figures["rows"][0]["activity"] = "=1+1"
        row.frozen.save(update_fields=["body"])
    download = table(client_for(None).get(f"/reports/{report.pk}/csv/"))
    assert download[1][5] == "'=1+1"
    with north, pikepdf.open(io.BytesIO(pdf_of(row))) as document:
        (file,) = document.attachments.values()
        assert b",'=1+1," in file.get_file().read_bytes()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/secret",
        "https://example.org/pixel.png",
        "ftp://example.org/x",
        "file:///etc/passwd",
        f"{STYLES.as_uri()}/../src/report.scss",
        f"{STYLES.as_uri()}/%2e%2e/src/report.scss",
        f"{STYLES.as_uri()}-elsewhere/report.css",
        "data:text/plain,hello",
        "/etc/passwd",
    ],
)
def test_a_report_fetches_nothing_but_its_own_style_and_type(url):
    with pytest.raises(ValueError, match="a paper does not fetch"):
        OwnFiles().fetch(url)


def test_its_own_style_it_may_fetch():
    answer = OwnFiles().fetch(f"{STYLES.as_uri()}/report.css")
    assert b"@font-face" in answer.read()


def test_the_rows_of_the_file_are_those_of_the_page(report, client_for, north):
    shown = client_for(None).get(f"/reports/{report.pk}/").context["every_delivery"].rows
    with north:
        rows = [[str(cell) for cell in row] for row in csv_rows(Report.objects.get())]
    assert len(csv_header()) == len(rows[0]) == 12
    written = [(day(date.fromisoformat(row[1])), row[3], pounds(Decimal(row[10]))) for row in rows]
    assert written == [(row[0], row[2], row[5]) for row in shown]
