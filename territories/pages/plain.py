"""What people write where only something plain is expected: an address, a name."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_ADDRESS = 254
# Letters and symbols to Unicode, and nothing to the eye: the blank of Braille, the fillers of Hangul.
BLANK = set("\u2800\u115f\u1160\u3164\uffa0")
# Embeddings, overrides and isolates of bidirectional text.
TURNING = set(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
ADDRESS_OF_A_PAGE = re.compile(r"://|\bwww\.", re.IGNORECASE)


def plain_address(email: str) -> str:
    """Lower case and ASCII: letters such as ı and ſ count as i and s to a database, and so as somebody else's.

    As long as mail servers pass on (RFC 5321), and as the database has room for.
    """
    if len(email) > LONGEST_ADDRESS:
        raise ValidationError(
            _("Enter an address of at most %(count)s characters.") % {"count": LONGEST_ADDRESS}
        )
    if not email.isascii():
        raise ValidationError(_("Enter the address in plain letters, without accents."))
    return email.lower()


def says_something(words: str) -> bool:
    """Whether anything of it leaves a mark on the page."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in BLANK for sign in words)


def why_not_said(words: str) -> str | None:
    """For every act that is done with a reason."""
    return None if says_something(words) else _("Say why, in words that can be read.")


def plain_words(words: str) -> None:
    """Refuses what can't be seen, or is not read in the order in which it is written."""
    if not says_something(words):
        raise ValidationError(_("Write something that can be read."))
    if not TURNING.isdisjoint(words):
        raise ValidationError(_("Leave out the hidden signs that turn the direction of reading."))


def plain_line(words: str) -> None:
    """The same for what is one line."""
    plain_words(words)
    # Of NUL, Django's own fields say that it can't be read.
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} and sign != "\0" for sign in words):
        raise ValidationError(_("Write it in one line."))


def plain_name(name: str) -> None:
    """Refuses what is not one line, or names a page: names stand in letters that we send."""
    if not says_something(name):
        raise ValidationError(_("Write a name that can be read."))
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in name):
        raise ValidationError(_("Write the name in one line."))
    if ADDRESS_OF_A_PAGE.search(name):
        raise ValidationError(_("Write a name, without the address of a page."))
