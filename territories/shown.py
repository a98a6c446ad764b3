"""Every act posts the version that it showed: what somebody read is what they act on.

A row says in `as_shown()` what one who acts on it has read, as plain facts by name. The digest of the facts and of
the row's name is the version: two rows that say the same are not taken for each other. A page carries the facts
themselves, signed, so that after a change both versions can be shown to whoever comes too late.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core import signing
from django.utils.translation import gettext as _

from territories.papers.digest import digest_of, plain
from territories.refusal import Stale

# The name of the hidden field in every form that acts on a row.
FIELD = "seen"
_SALT = "shown"


class Shown(Protocol):
    """A row, or something made of the rows `about` one, on which people act."""

    def as_shown(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Seen:
    """What a form carried: the version, and the facts behind it; nothing where it carried none of ours."""

    version: str = ""
    facts: dict = field(default_factory=dict)


def version_of(row: Shown) -> str:
    """The digest of what one who acts on the row has read."""
    return digest_of(_shown(row))


def carried(row: Shown) -> str:
    """The signed facts, for a form's hidden field."""
    return signing.dumps(_shown(row), salt=_SALT, compress=True)


def seen_in(posted) -> Seen:
    """What the form that was posted had shown."""
    try:
        shown = signing.loads(posted.get(FIELD, ""), salt=_SALT)
    except signing.BadSignature:
        return Seen()
    return Seen(digest_of(shown), shown["facts"])


def facts_of(row: Shown) -> dict:
    """What is read, as it will be read back from JSON: the body of a copy that is kept."""
    return plain(row.as_shown())


def require_seen(row: Shown, seen: str) -> None:
    """Stale, with the row as it now stands, unless `seen` is its version. Call it under the row's lock."""
    if version_of(row) != seen:
        raise Stale(_("This has changed since you opened the page."), row)


def _shown(row: Shown) -> dict:
    about: Any = getattr(row, "about", row)
    return {"of": f"{type(row).__name__} {about.pk}", "facts": facts_of(row)}
