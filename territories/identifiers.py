"""The numbers that organisations carry in public registers, and the form of each.

Sources: org-id.guide register codes; Find a Tender (PPON); NHS ODS; UKRLP; ROR.
"""

import re

from django.utils.translation import gettext_lazy as _

SCHEMES = [
    ("GB-COH", _("Companies House")),
    ("GB-CHC", _("Charity Commission for England and Wales")),
    ("GB-SC", _("Office of the Scottish Charity Regulator")),
    ("GB-NIC", _("Charity Commission for Northern Ireland")),
    ("GB-MPR", _("Mutuals Public Register")),
    ("GB-PPON", _("Central Digital Platform")),
    ("GB-NHS", _("NHS organisation code")),
    ("GB-UKPRN", _("UK Register of Learning Providers")),
    ("GB-LAE", _("Local authority, England")),
    ("ROR", _("Research Organization Registry")),
    ("XI", _("No public number: named by this service")),
]

_FORMS = {
    "GB-COH": (r"(\d{8}|[A-Z]{2}\d{6}|R0\d{6})", _("8 digits, or 2 letters and 6 digits, such as 09121572")),
    "GB-CHC": (r"\d{6,7}(-\d{1,3})?", _("6 or 7 digits, such as 1164883")),
    "GB-SC": (r"SC\d{6}", _("SC and 6 digits, such as SC012345")),
    "GB-NIC": (r"10\d{4}", _("6 digits that start with 10, such as 100123")),
    "GB-MPR": (r"\d{4,5}[A-Z]?|RS\d{6}", _("4 or 5 digits, perhaps with a letter, such as 31234R")),
    "GB-PPON": (r"P[A-Z]{3}-\d{4}-[A-Z]{4}", _("letters and digits in the form PBCP-5168-ZDGP")),
    "GB-NHS": (r"[A-Z0-9]{3,6}", _("3 to 6 letters and digits, such as RTH")),
    "GB-UKPRN": (r"1\d{7}", _("8 digits that start with 1, such as 10007774")),
    "GB-LAE": (r"[A-Z]{3}", _("3 letters, such as OXF")),
    "ROR": (r"0[A-HJ-NP-TV-Z0-9]{6}\d{2}", _("9 letters and digits that start with 0, such as 052gg0110")),
    "XI": (r"[A-Z0-9-]{3,36}", _("3 to 36 letters, digits and hyphens")),
}


def normalised(scheme: str, value: str) -> str:
    """The identifier as its register writes it; ValueError with a sentence for the reader otherwise."""
    value = re.sub(r"\s+", "", value).upper()
    if scheme == "GB-COH" and re.fullmatch(r"\d{6,7}", value, re.ASCII):
        value = value.zfill(8)
    form, example = _FORMS[scheme]
    if not re.fullmatch(form, value, re.ASCII):
        raise ValueError(
            _("A number from %(register)s has %(example)s.")
            % {"register": dict(SCHEMES)[scheme], "example": example}
        )
    return value
