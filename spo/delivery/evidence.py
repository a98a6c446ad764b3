"""Files that show that something was delivered: checked by content, cleaned, never trusted by name."""

import hashlib
import io
import threading

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image

PDF = (".pdf", "application/pdf")
IMAGES = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png")}
CONTENT_TYPES = dict([PDF, *IMAGES.values()])
# A picture's size in memory is not that of its file.
MAX_PIXELS = 24_000_000
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
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF[0], content
    try:
        picture = Image.open(io.BytesIO(content), formats=list(IMAGES))
        bare = _bare(picture)
    except Image.DecompressionBombError as bomb:
        raise ValueError(_("The picture is too large. Make it smaller than 24 megapixels.")) from bomb
    # What a damaged picture raises; an unknown format is an OSError, unreadable names in it a ValueError.
    except (OSError, SyntaxError, ValueError) as wrong:
        raise ValueError(
            _("Give a PDF, JPEG or PNG file. This one is something else, whatever its name says.")
        ) from wrong
    # Phones write several pictures into one JPEG; the first is the picture.
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    written = io.BytesIO()
    bare.save(written, kind)
    return IMAGES[kind][0], written.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The picture's points and nothing else; a bomb is refused before it is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise Image.DecompressionBombError(picture.size)
    bare = Image.new(picture.mode, picture.size)
    if picture.palette:
        bare.putpalette(picture.palette)
    bare.paste(picture)
    return bare
