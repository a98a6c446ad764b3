"""What PDFs are made with and Python packages don't bring: Pango and its kin, and a font; the system's, or unpacked in `.dicm`.

    python territories/papers/pango.py     names what is missing, and fails if anything is

The standard library is enough: set-up asks before anything is installed.
"""

import ctypes
import ctypes.util
import os
import sys
from pathlib import Path

UNPACKED = Path(__file__).resolve().parents[2] / ".dicm" / "system"
LIBRARIES = {  # and the number in the names of their files
    "gobject-2.0": 0,
    "pango-1.0": 0,
    "harfbuzz": 0,
    "harfbuzz-subset": 0,
    "fontconfig": 1,
    "pangoft2-1.0": 0,
}


class FontSet(ctypes.Structure):
    """The beginning of fontconfig's FcFontSet."""

    _fields_ = (("count", ctypes.c_int),)


def missing() -> list[str]:
    """Libraries that can't be loaded, or "a font" where they can but would end the process for want of one."""
    prepare()
    return [name for name in LIBRARIES if library(name) is None] or ([] if has_font() else ["a font"])


def prepare() -> None:
    """Let this process find what Homebrew installed or set-up unpacked. To be done before WeasyPrint is imported."""
    if sys.platform == "darwin":
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    if (fonts := UNPACKED / "fonts.conf").exists():
        os.environ.setdefault("FONTCONFIG_FILE", str(fonts))
    # Each finds those it needs among the loaded ones, by name: so again, until no more can be loaded.
    waiting = sorted(UNPACKED.glob("**/lib*.so.*"))
    while waiting != (left := [file for file in waiting if loaded(str(file)) is None]):
        waiting = left


def library(name: str) -> ctypes.CDLL | None:
    if sys.platform == "darwin":
        return loaded(ctypes.util.find_library(name) or "")
    return loaded(f"lib{name}.so.{LIBRARIES[name]}")


def loaded(file: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(file) if file else None
    except OSError:
        return None


def has_font() -> bool:
    """Whether fontconfig knows any font that is installed."""
    fontconfig = library("fontconfig")
    if fontconfig is None:
        return False
    for function in (fontconfig.FcInitLoadConfigAndFonts, fontconfig.FcConfigGetFonts):
        function.restype = ctypes.c_void_p
    config = ctypes.c_void_p(fontconfig.FcInitLoadConfigAndFonts())
    if not config:
        return False
    fonts = ctypes.cast(fontconfig.FcConfigGetFonts(config, 0), ctypes.POINTER(FontSet))
    found = bool(fonts) and fonts.contents.count > 0
    fontconfig.FcConfigDestroy(config)
    return found


if __name__ == "__main__":
    lacking = missing()
    print(*lacking, sep=", ")
    sys.exit(1 if lacking else 0)
