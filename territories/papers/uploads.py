"""Files that show that something was delivered: checked by content, cleaned, never trusted by name."""

import hashlib
import io
import struct
import threading
from collections.abc import Iterator

import pikepdf
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits
from PIL import Image, ImageOps

PDF = (".pdf", "application/pdf")
IMAGES = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png")}
CONTENT_TYPES = dict([PDF, *IMAGES.values()])
# A picture's size in memory is not that of its file.
MAX_PIXELS = 24_000_000
# The tables and packed objects of a PDF of 10 MB are far smaller; what is painted on its pages is never unpacked here.
MAX_UNPACKED, MAX_OBJECTS = 4 * 2**20, 200_000
set_qpdf_limits(
    flate_max_memory=MAX_UNPACKED,
    run_length_max_memory=MAX_UNPACKED,
    png_max_memory=MAX_UNPACKED,
    tiff_max_memory=MAX_UNPACKED,
    max_stream_filters=3,
    parser_max_nesting=100,
    parser_max_container_size=MAX_OBJECTS,
)
# What acts by itself, or carries something along that nobody sees (ISO 32000-2, 7.11, 12.6, 12.7.3, 13).
ACTIVE_KEYS = {"/JS", "/JavaScript", "/AA", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"}
# Where an action stands, and the actions that only lead somewhere when the reader wants it.
ACTION_KEYS = ("/A", "/PA", "/Next", "/OpenAction")
ACTIONS = {"/GoTo", "/URI"}
SCHEMES = ("https://", "http://", "mailto:")
# Notes, marks and links; boxes to fill in are drawn like them (12.5.6).
ANNOTATIONS = {
    *("/Link", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Ink"),
    *(
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Popup",
        "/Redact",
        "/Widget",
    ),
}
# A stream whose bytes are elsewhere, or that shows a page of another file (7.3.8.2, 8.10.4).
ELSEWHERE_KEYS = {"/F", "/FFilter", "/FDecodeParms", "/Ref"}
# Unpacked pictures are large: one at a time in each process.
_one_at_a_time = threading.Semaphore(1)


def checked(upload, max_bytes: int) -> tuple[ContentFile, str, str]:
    """(clean file, suffix, SHA-256 digest); ValueError with a sentence for what can't be taken.

    Pictures are written anew, so that no place, camera or hidden payload of the original is kept.
    """
    if upload.size > max_bytes:
        raise ValueError(_("The file is larger than %(size)s MB.") % {"size": max_bytes // 2**20})
    content = upload.read()
    with _one_at_a_time:
        suffix, content = _cleaned(content)
    return ContentFile(content), suffix, hashlib.sha256(content).hexdigest()


def _cleaned(content: bytes) -> tuple[str, bytes]:
    if content.startswith(b"%PDF-") and content.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        require_still(content)
        return PDF[0], content
    try:
        picture = Image.open(io.BytesIO(content), formats=list(IMAGES))
        bare = _bare(picture)
    except Image.DecompressionBombError as bomb:
        raise ValueError(_("The picture is too large. Make it smaller than 24 megapixels.")) from bomb
    # What a damaged picture raises; an unknown format is an OSError, unreadable names in it a ValueError.
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error) as wrong:
        raise ValueError(
            _("Give a PDF, JPEG or PNG file. This one is something else, whatever its name says.")
        ) from wrong
    # Phones write several pictures into one JPEG; the first is the picture.
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    written = io.BytesIO()
    bare.save(written, kind)
    return IMAGES[kind][0], written.getvalue()


def require_still(content: bytes) -> None:
    """ValueError with a sentence for a PDF that is more than pages to look at. It is kept as it came, with its digest."""
    try:
        reason = _why_not_still(content)
    except pikepdf.PasswordError:
        reason = _("This PDF asks for a password. Save it without one.")
    # What a damaged file raises, from the library's own errors to those of what it finds.
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RuntimeError):
        reason = _damaged()
    if reason:
        raise ValueError(reason)


def _why_not_still(content: bytes) -> str | None:
    before = qpdf_limit_errors()
    with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
        objects = list(pdf.objects)
        if len(objects) > MAX_OBJECTS:
            return _damaged()
        active = _is_active(pdf, objects)
        # What couldn't be read counts as empty to the library, and perhaps as something else to another.
        if pdf.get_warnings() or qpdf_limit_errors() > before:
            return _damaged()
        if not pdf.pages:
            return _("This PDF has no page.")
    if active:
        return _(
            "This PDF holds a script, a form or a file inside it. Print it as a new PDF, which leaves them out."
        )
    return None


def _damaged() -> str:
    return _("This PDF is damaged. Open it and save or print it as a new PDF.")


def _is_active(pdf: pikepdf.Pdf, objects: list) -> bool:
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != "/GoTo":
        return True
    if "/URI" in pdf.Root:  # what every link of the file starts from
        return True
    if any(isinstance(one, pikepdf.Stream) and _is_elsewhere(one) for one in objects):
        return True
    return any(_acts(facts) for one in objects for facts in _dictionaries(one))


def _is_elsewhere(stream: pikepdf.Stream) -> bool:
    return not ELSEWHERE_KEYS.isdisjoint(stream.stream_dict.keys())


def _acts(facts: pikepdf.Dictionary) -> bool:
    """Whether a dictionary does something by itself, names a file, or leads anywhere but to a page or an address."""
    if not ACTIVE_KEYS.isdisjoint(facts.keys()) or facts.get("/Type") in ("/Filespec", "/F"):
        return True
    if facts.get("/Type") == "/Annot" or "/Rect" in facts:
        kind = facts.get("/Subtype")
        if kind is not None and str(kind) not in ANNOTATIONS:
            return True
    return any(_leads_astray(action) for key in ACTION_KEYS for action in _listed(facts.get(key)))


def _listed(value) -> list[pikepdf.Dictionary]:
    """The dictionaries of a value that is one or a list of them."""
    some = list(value) if isinstance(value, pikepdf.Array) else [value]
    return [one for one in some if isinstance(one, pikepdf.Dictionary)]


def _leads_astray(action: pikepdf.Dictionary) -> bool:
    # Attributes of a structure and the next entry of an outline stand under the same keys, and have no kind.
    kind = action.get("/S")
    if kind is None:
        return False
    leads = str(action.get("/URI", "")).lower()
    return str(kind) not in ACTIONS or (str(kind) == "/URI" and not leads.startswith(SCHEMES))


def _dictionaries(thing) -> Iterator[pikepdf.Dictionary]:
    """Every dictionary that stands in an object itself; what it refers to is an object of its own."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        yield thing
        inside = list(thing.values())
    else:
        inside = list(thing) if isinstance(thing, pikepdf.Array) else []
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _dictionaries(one)


def _bare(picture: Image.Image) -> Image.Image:
    """The picture's points the right way up and nothing else; a bomb is refused before it is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise Image.DecompressionBombError(picture.size)
    picture = ImageOps.exif_transpose(picture)
    bare = Image.new(picture.mode, picture.size)
    if picture.palette:
        bare.putpalette(picture.palette)
    bare.paste(picture)
    return bare
