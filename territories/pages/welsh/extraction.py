"""The words to translate: from the code and from Django's templates, read the way Django itself reads them."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "locale" / "cy" / "LC_MESSAGES" / "django.po"
# Only what stays the same from run to run; the plural forms are those of Django's own Welsh.
HEADER = r"""# Welsh words of DICM. Collected by `make messages`; the glossary is in docs/glossary.md.
msgid ""
msgstr ""
"Project-Id-Version: dicm\n"
"Language: cy\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;\n"

"""
_KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def templates(file, keywords, comment_tags, options):
    """Messages of a Django template, as Babel's extractors yield them."""
    python = templatize(file.read().decode(), origin=getattr(file, "name", None))
    # In brackets, because a template's indentation is not Python's.
    yield from extract_python(io.BytesIO(f"({python}\n)".encode()), keywords, comment_tags, options)


def collect() -> Catalog:
    """Every message of the code and the templates, without translations."""
    with (settings.BASE_DIR / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(
        settings.BASE_DIR, methods, options, _KEYWORDS
    ):
        found.add(message, context=context)
    return found


def read(path: Path = CATALOGUE) -> Catalog:
    """The committed catalogue, or an empty one."""
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else HEADER.encode()), locale="cy")


def merge(path: Path = CATALOGUE) -> tuple[int, int]:
    """Write the collected messages with the Welsh that is known; how many there are, how many lack it."""
    known = read(path)
    known.update(collect(), no_fuzzy_matching=True)
    body = io.BytesIO()
    write_po(body, known, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode(), encoding="utf-8")
    messages = [message for message in known if message.id]
    return len(messages), sum(not translated(message) for message in messages)


def translated(message) -> bool:
    """Whether every form of the message has Welsh that somebody looked at."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy
