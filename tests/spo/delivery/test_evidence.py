"""What is taken as evidence, what is taken out of it, and what is refused in words.

The making of PDFs is imported as a server does: its library changes how pictures are read.
"""

import hashlib
import io
import random
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

import spo.reports.pdf  # noqa: F401
from spo.delivery.evidence import checked

MOST = 10 * 2**20
WRONG_KIND = "Give a PDF, JPEG or PNG file. This one is something else, whatever its name says."
TOO_LARGE = "The picture is too large. Make it smaller than 24 megapixels."
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


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
    largest = PDF[:-6] + bytes(most - len(PDF)) + PDF[-6:]
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
