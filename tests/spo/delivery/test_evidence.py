"""What is taken as evidence, what is taken out of it, and what is refused in words.

The making of PDFs is imported as a server does: its library changes how pictures are read.
"""

import hashlib
import io
import random
import struct
import time
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin
from weasyprint import HTML

import territories.papers.pdf  # noqa: F401
from territories.papers.uploads import checked

MOST = 10 * 2**20
WRONG_KIND = "Give a PDF, JPEG or PNG file. This one is something else, whatever its name says."
TOO_LARGE = "The picture is too large. Make it smaller than 24 megapixels."
DAMAGED = "This PDF is damaged. Open it and save or print it as a new PDF."
ACTIVE = "This PDF holds a script, a form or a file inside it. Print it as a new PDF, which leaves them out."


def paper(change=None, pages=1, **options) -> bytes:
    """A PDF with empty pages, and whatever `change` does to it."""
    pdf, content = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        pdf.add_blank_page()
    if change:
        change(pdf)
    pdf.save(content, **options)
    return content.getvalue()


PDF = paper()


def upload(content: bytes, name="evidence.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def drawn(kind: str, mode="RGB", size=(24, 16), **options) -> bytes:
    """A picture with a different colour at every point."""
    picture = Image.effect_noise(size, 90).convert("RGB").convert(mode)
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def told(content: bytes, most=MOST) -> str:
    with pytest.raises(ValueError) as caught:
        checked(upload(content), most)
    return str(caught.value)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def hollow(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("name", ["evidence.pdf", "holiday.exe", "../../etc/passwd", "x.png"])
def test_a_pdf_is_taken_as_it_is_whatever_its_name(name):
    file, suffix, digest = checked(upload(PDF, name), MOST)
    assert (file.read(), suffix, digest) == (PDF, ".pdf", hashlib.sha256(PDF).hexdigest())


# ---- papers ----


def on_opening(**action):
    return lambda pdf: setattr(pdf.Root, "OpenAction", Dictionary(**action))


def on_the_page(**annotation):
    def add(pdf):
        note = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **annotation)
        pdf.pages[0].Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))

    return add


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
ACTING = {
    "a script on opening": on_opening(S=Name.JavaScript, JS=String("app.alert(1)")),
    "a script in a stream": lambda pdf: setattr(
        pdf.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))
    ),
    "a script by name": lambda pdf: setattr(
        pdf.Root, "Names", Dictionary(JavaScript=Dictionary(Names=[String("a"), SCRIPT]))
    ),
    "a script behind a link": on_the_page(Subtype=Name.Link, A=SCRIPT),
    "a script after another act": on_the_page(
        Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("x"), Next=[Dictionary(S=Name.Named), SCRIPT])
    ),
    "a page that acts when it is turned": lambda pdf: setattr(
        pdf.pages[0].obj, "AA", Dictionary(O=Dictionary(S=Name.URI, URI=String("https://a.example")))
    ),
    "a program": on_the_page(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
    "a page of the web on opening": on_opening(S=Name.URI, URI=String("https://a.example")),
    "another file on opening": on_opening(S=Name.GoToR, F=String("b.pdf"), D=[0, Name.Fit]),
    "a form that is sent away": on_the_page(
        Subtype=Name.Link, A=Dictionary(S=Name.SubmitForm, F=String("https://a.example"))
    ),
    "a form of XML": lambda pdf: setattr(
        pdf.Root, "AcroForm", Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))
    ),
    "a file": lambda pdf: pdf.attachments.__setitem__("letter.exe", b"MZ"),
    "a file somewhere else": lambda pdf: setattr(
        pdf.Root, "Names", Dictionary(Dests=Dictionary(Type=Name.Filespec, F=String("//host/share")))
    ),
    "bytes of another file": lambda pdf: setattr(
        pdf.pages[0].obj, "Contents", pdf.make_stream(b"", F=String("//host/share"))
    ),
    "a filter for bytes of another file": lambda pdf: setattr(
        pdf.pages[0].obj, "Contents", pdf.make_stream(b"", FFilter=Name.FlateDecode)
    ),
    "a page of another file": lambda pdf: pdf.pages[0].add_resource(
        pdf.make_stream(b"", Subtype=Name.Form, Ref=Dictionary(F=String("b.pdf"), Page=0)), Name.XObject
    ),
    "a command by its name": on_the_page(Subtype=Name.Link, A=Dictionary(S=Name.Named, N=Name.Print)),
    "a view of a thing in space": on_the_page(Subtype=Name.Link, A=Dictionary(S=Name.GoTo3DView)),
    "something that ISO does not know": on_the_page(Subtype=Name.Link, A=Dictionary(S=Name.Whatever)),
    "an address that acts": on_the_page(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:alert(1)"))
    ),
    "an address on this machine": on_the_page(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("file:///etc/passwd"))
    ),
    "an address that starts elsewhere": lambda pdf: setattr(
        pdf.Root, "URI", Dictionary(Base=String("file:///"))
    ),
    "an act of an outline": lambda pdf: setattr(
        pdf.Root, "Outlines", Dictionary(First=Dictionary(Title=String("a"), A=Dictionary(S=Name.Hide)))
    ),
    "a sound": on_the_page(Subtype=Name.Sound),
    "a file as a note": on_the_page(Subtype=Name.FileAttachment),
    "a film": on_the_page(Subtype=Name.RichMedia, RichMediaContent=Dictionary()),
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("change", ACTING.values(), ids=ACTING)
def test_a_paper_that_acts_is_refused(change, packed):
    """Packed: its objects stand in a compressed stream, where nobody finds them by looking for words."""
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    content = paper(change, object_stream_mode=mode)
    assert (b"/JavaScript" in content and packed) is False
    assert told(content) == ACTIVE


STILL = {
    "opens at a page": lambda pdf: setattr(pdf.Root, "OpenAction", Array([pdf.pages[0].obj, Name.Fit])),
    "opens by going to a page": lambda pdf: setattr(
        pdf.Root, "OpenAction", Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))
    ),
    "has a link": on_the_page(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://a.example"))),
    "has a link to somebody": on_the_page(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("mailto:a@b.example"))
    ),
    "has notes": on_the_page(Subtype=Name.Text, Contents=String("Seen by me")),
    "has an outline": lambda pdf: setattr(
        pdf.Root,
        "Outlines",
        Dictionary(First=Dictionary(Title=String("a"), A=Dictionary(S=Name.GoTo, D=String("x")))),
    ),
    "has a form that was filled in": lambda pdf: setattr(pdf.Root, "AcroForm", Dictionary(Fields=[])),
}


def test_a_paper_ends_where_it_says():
    assert checked(upload(PDF + b"\r\n"), MOST)[1] == ".pdf"
    assert told(PDF + b"PK\x03\x04 and a whole archive") == WRONG_KIND


@pytest.mark.parametrize("change", STILL.values(), ids=STILL)
def test_a_paper_to_look_at_is_kept_as_it_came(change):
    content = paper(change)
    assert checked(upload(content), MOST)[0].read() == content


def test_a_paper_of_ours_is_taken():
    content = HTML(string='<html lang="en"><title>x</title><h1>Received</h1></html>').write_pdf(
        pdf_variant="pdf/ua-1"
    )
    assert checked(upload(content), MOST)[1] == ".pdf"


def test_a_paper_with_a_password_is_refused_and_one_that_only_forbids_copying_is_not():
    locked = paper(encryption=pikepdf.Encryption(owner="secret", user="secret"))
    assert told(locked) == "This PDF asks for a password. Save it without one."
    readable = paper(encryption=pikepdf.Encryption(owner="secret", user=""))
    assert checked(upload(readable), MOST)[1] == ".pdf"


def test_a_paper_without_pages_is_refused():
    assert told(paper(pages=0)) == "This PDF has no page."


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        PDF.replace(b"startxref\n", b"startxref\n9"),
        PDF.replace(b"/Pages", b"/Pag[s", 1),
        b"%PDF-1.7\n" + b"1 0 obj\n" + b"[" * 50_000 + b"]" * 50_000 + b"\nendobj\n" + PDF[9:],
        PDF[:100] + PDF[130:],
    ],
)
def test_a_damaged_paper_is_named(content):
    assert told(content) == DAMAGED


def test_damaged_papers_are_taken_or_refused_in_words_and_nothing_else():
    chance, said = random.Random(11), set()
    whole = paper(STILL["has a link"], object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for _time in range(300):
        content = bytearray(whole)
        for _bit in range(chance.randint(1, 6)):
            content[chance.randrange(9, len(content) - 7)] = chance.randrange(256)
        try:
            checked(upload(bytes(content)), MOST)
        except ValueError as wrong:
            said.add(str(wrong))
    assert DAMAGED in said
    assert said <= {
        DAMAGED,
        ACTIVE,
        WRONG_KIND,
        "This PDF has no page.",
        "This PDF asks for a password. Save it without one.",
    }


def packed_paper(
    body: bytes, layers: int, rows: bytes = b"", widths: bytes = b"[1 4 1]", size: int = 8
) -> bytes:
    """A PDF whose fourth object stands in a stream that was compressed so many times; `rows` make its table longer."""
    for _layer in range(layers):
        body = zlib.compress(body, 9)
    out, places = bytearray(b"%PDF-1.7\n"), {}
    stream = b"<</Type/ObjStm/N 1/First 4/Length %d/Filter[%s]>>stream\n" % (
        len(body),
        b"/FlateDecode " * layers,
    )
    for number, text in {
        1: b"<</Type/Catalog/Pages 2 0 R/Note 4 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        6: stream + body + b"\nendstream",
    }.items():
        places[number] = len(out)
        out += b"%d 0 obj%s\nendobj\n" % (number, text)
    places[7] = len(out)
    table = {0: (0, 0, 255), 4: (2, 6, 0), 5: (0, 0, 0)} | {n: (1, place, 0) for n, place in places.items()}
    packed = zlib.compress(b"".join(struct.pack(">BIB", *table[n]) for n in range(8)) + rows, 9)
    out += b"7 0 obj<</Type/XRef/Size %d/W%s/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        size, widths, len(packed), packed,
    )  # fmt: skip
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % places[7])


def test_a_paper_that_would_fill_the_memory_is_refused_in_time():
    """A hundred megabytes in a kilobyte, and a table of a million rows."""
    small = b"4 0 <</Kind/Note>>"
    assert checked(upload(packed_paper(small, 2)), MOST)[1] == ".pdf"
    began = time.monotonic()
    bomb = packed_paper(small + b" " * 100_000_000, 2)
    million = packed_paper(small, 1, rows=bytes(6) * 1_000_000, size=1_000_008)
    deep = packed_paper(small, 4)
    assert [len(content) < 10_000 for content in (bomb, million, deep)] == [True] * 3
    made = time.monotonic()
    assert [told(content) for content in (bomb, million, deep)] == [DAMAGED] * 3
    assert time.monotonic() - made < 5 + (made - began)


# ---- pictures ----


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("PNG", ".png")])
def test_the_suffix_and_the_digest_are_those_of_what_is_kept(kind, suffix):
    file, kept_suffix, digest = checked(upload(drawn(kind), "photo.pdf"), MOST)
    content = file.read()
    assert (kept_suffix, digest) == (suffix, hashlib.sha256(content).hexdigest())
    assert Image.open(io.BytesIO(content)).format == kind


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "1", "P"])
def test_a_picture_looks_the_same_afterwards(mode):
    content = drawn("PNG", mode)
    file, _suffix, _digest = checked(upload(content), MOST)
    before, after = Image.open(io.BytesIO(content)), Image.open(io.BytesIO(file.read()))
    assert after.size == before.size
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()


def test_where_and_with_what_a_jpeg_was_taken_is_removed():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Priya"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 44.0, 7.0), 3: "W", 4: (1.0, 12.0, 30.0)})
    content = drawn("JPEG", exif=exif, comment=b"taken at home")
    assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825))  # the place is really in there
    kept = checked(upload(content), MOST)[0].read()
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert [word in kept for word in (b"Exif", b"Camera", b"taken at home")] == [False, False, False]


def test_a_photograph_stands_the_right_way_up():
    """Phones write the points as they lie, and beside them which way is up."""
    turned = Image.Exif()
    turned[0x0112] = 6
    content = checked(upload(drawn("JPEG", size=(24, 16), exif=turned)), MOST)[0].read()
    kept = Image.open(io.BytesIO(content))
    assert kept.size == (16, 24)
    assert not kept.getexif()


def test_words_inside_a_png_and_anything_behind_it_are_removed():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Priya Shah")
    content = drawn("PNG", pnginfo=words) + b"<script>alert(1)</script>"
    kept = checked(upload(content), MOST)[0].read()
    assert (b"Priya" in content, b"Priya" in kept, b"script" in kept) == (True, False, False)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", id="html called .pdf"),
        pytest.param(b"<html>%PDF-1.7 %%EOF</html>", id="html that mentions a pdf"),
        pytest.param(b"%PDF-1.7 and nothing else", id="a pdf without its end"),
        pytest.param(b"MZ\x90\x00\x03\x00\x00\x00\x04" + bytes(200), id="a program called .jpg"),
        pytest.param(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", id="a gif"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', id="an svg"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="an office file"),
        pytest.param(drawn("JPEG")[:-200], id="a truncated jpeg"),
        pytest.param(drawn("PNG")[:200], id="a truncated png"),
        pytest.param(drawn("BMP"), id="a bitmap"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="the head of a png"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_anything_else_is_refused_whatever_its_name_says(content):
    assert told(content) == WRONG_KIND


@pytest.mark.parametrize(("width", "height"), [(6_000, 4_001), (20_000, 20_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(width, height):
    assert told(hollow(width, height)) == TOO_LARGE


def test_a_file_that_is_too_large_is_refused_unread():
    most = 2 * 2**20
    assert told(PDF + bytes(most), most) == "The file is larger than 2 MB."
    largest = paper(
        lambda pdf: setattr(pdf.Root, "Note", pdf.make_stream(bytes(most - 2048))), compress_streams=False
    )
    assert most - 2048 < len(largest) <= most
    assert checked(upload(largest), most)[1] == ".pdf"


def test_damaged_pictures_are_taken_or_refused_in_words_and_nothing_else():
    chance = random.Random(7)
    said = set()
    for kind in ("PNG", "JPEG"):
        whole = drawn(kind)
        for _time in range(400):
            content = bytearray(whole)
            for _bit in range(chance.randint(1, 4)):
                content[chance.randrange(8, len(content))] = chance.randrange(256)
            try:
                checked(upload(bytes(content)), MOST)
            except ValueError as wrong:
                said.add(str(wrong))
    assert WRONG_KIND in said
    assert said <= {WRONG_KIND, TOO_LARGE}
