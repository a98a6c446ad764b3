"""What people write where only something plain is expected: an address, a name."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_ADDRESS = 254
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


def plain_name(name: str) -> None:
    """Refuses what is not one line, or names a page: names stand in letters that we send."""
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in name):
        raise ValidationError(_("Write the name in one line."))
    if ADDRESS_OF_A_PAGE.search(name):
        raise ValidationError(_("Write a name, without the address of a page."))
