"""Where there is no mail server, letters are files: whoever tries the demo reads them at an address."""

from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from dicm.letters import BETWEEN
from territories.access import everyone

MOST = 50


class Kept(NamedTuple):
    to: str
    subject: str
    text: str


def kept_in(folder: Path) -> list[Kept]:
    """The last letters, the last first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    found: list[Kept] = []
    for file in files[:MOST]:
        letters = file.read_text(encoding="utf-8").split(BETWEEN)
        found += [_read(letter) for letter in reversed(letters) if letter.strip()]
    return found[:MOST]


def _read(letter: str) -> Kept:
    head, _line, text = letter.strip().partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return Kept(facts["To"], facts["Subject"], text)


@everyone
@never_cache
def demo_letters(request):
    """404 wherever letters go out by mail."""
    options: Any = settings.MAILERS["default"].get("OPTIONS", {})
    folder = options.get("file_path")
    if not settings.DICM_LOCAL or folder is None:
        raise Http404
    return render(request, "notices/demo.html", {"letters": kept_in(Path(folder))})
