"""What PDFs need of the system: named where it is missing, found where it was unpacked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from territories.papers import pango

MODULE = Path(pango.__file__)


def asked(**environment):
    """What set-up hears when it asks, with the standard library alone."""
    asking = subprocess.run(
        [sys.executable, "-I", "-S", MODULE],
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
    )
    return asking.returncode, asking.stdout.strip()


def fonts_conf(folder: Path, fonts: Path) -> str:
    conf = folder / "fonts.conf"
    conf.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{folder}/cache</cachedir></fontconfig>")
    return str(conf)


def test_nothing_is_missing_here():
    assert asked() == (0, "")


def test_a_system_without_any_font_is_told_so(tmp_path):
    assert asked(FONTCONFIG_FILE=fonts_conf(tmp_path, tmp_path / "nowhere")) == (1, "a font")


def test_one_font_is_enough(tmp_path):
    folders = (Path("/usr/share/fonts"), pango.UNPACKED, Path("/System/Library/Fonts"))
    shutil.copy(next(font for folder in folders for font in folder.glob("**/*.ttf")), tmp_path)
    assert asked(FONTCONFIG_FILE=fonts_conf(tmp_path, tmp_path)) == (0, "")


def test_missing_libraries_are_named_and_no_font_is_asked_for(monkeypatch):
    numbers = pango.LIBRARIES | {"pango-1.0": 99, "harfbuzz-subset": 99}
    monkeypatch.setattr(pango, "LIBRARIES", numbers)
    monkeypatch.setattr(pango.ctypes.util, "find_library", lambda name: None)
    assert pango.missing() == [name for name in numbers if sys.platform == "darwin" or numbers[name] == 99]


@pytest.mark.skipif(sys.platform != "linux", reason="Debian's packages are unpacked on Linux")
def test_what_was_unpacked_is_loaded_in_the_order_of_its_needs(tmp_path, monkeypatch):
    """Of two libraries the first by name needs the second, and neither is where the loader looks."""
    if not shutil.which("cc"):
        pytest.skip("no compiler to make the libraries with")
    folder = tmp_path / "usr" / "lib" / "somewhere"
    folder.mkdir(parents=True)
    for name, code, needs in (
        ("zz", "int zz(void) { return 7; }", []),
        ("aa", "int zz(void); int aa(void) { return zz(); }", ["-lzz"]),
    ):
        file = folder / f"libdicm{name}.so.1"
        words = [
            "cc",
            "-shared",
            "-fPIC",
            "-xc",
            "-",
            "-o",
            file,
            f"-Wl,-soname,{file.name}",
            f"-L{tmp_path}",
        ]
        subprocess.run([*words, *(f"-ldicm{need[2:]}" for need in needs)], input=code, text=True, check=True)
        (tmp_path / f"libdicm{name}.so").symlink_to(file)
    assert pango.loaded("libdicmaa.so.1") is None
    monkeypatch.setattr(pango, "UNPACKED", tmp_path / "usr")
    pango.prepare()
    assert pango.loaded("libdicmaa.so.1").aa() == 7
