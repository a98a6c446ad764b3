"""Who is known by an address: what belongs to whom, as public registers say it.

territories/atlas/forces.csv: the domain of each force's own site, as police.uk leads to it. universities.csv: number and site
of each university in the UK's list of learning providers (learning-provider.data.ac.uk), with the identifier of those that
ROR was asked about; both under the Open Government Licence v3.0. Whoever isn't in them waits for a lead.
"""

import csv
import re
import unicodedata
from functools import cache

from territories.models import Organisation, Territory
from territories.postcodes import ATLAS

Kind = Organisation.Kind
# Below a domain, these are of people who study there, or once did, or of everybody.
STUDENTS = {
    "student",
    "students",
    "stu",
    "my",
    "alumni",
    "alumnus",
    "alum",
    "pupil",
    "pupils",
    "learner",
    "live",
}


def domain_of(email: str) -> str:
    return email.lower().rpartition("@")[2]


def is_at(email: str, domain: str) -> bool:
    """Whether an address is at a domain or below it, and not below it among its students."""
    below, _dot, rest = domain_of(email).rpartition(domain)
    return rest == "" and (below == "" or below.endswith(".")) and STUDENTS.isdisjoint(below.split("."))


def belongs(territory: Territory, kind: str, name: str, numbers: list, email: str) -> bool:
    """Whether domain, name and number are one organisation's. `numbers` are [scheme, value] as registers write them."""
    if kind == Kind.POLICE:
        own = _forces().get(territory.slug) == domain_of(email)
        return own and _plain(name) == _plain(territory.police_force)
    if kind == Kind.UNIVERSITY:
        named = {_universities().get((scheme, value)) for scheme, value in numbers}
        return named == {(domain_of(email), _plain(name))}
    return False


@cache
def _forces() -> dict[str, str]:
    return {row["territory"]: row["domain"] for row in _rows("forces")}


@cache
def _universities() -> dict[tuple[str, str], tuple[str, str]]:
    """(scheme, number) → (domain, plain name)."""
    found = {}
    for row in _rows("universities"):
        for scheme, number in (("GB-UKPRN", row["ukprn"]), ("ROR", row["ror"])):
            if number:
                found[scheme, number] = row["domain"], _plain(row["name"])
    return found


def _rows(name: str) -> list[dict]:
    with open(ATLAS / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _plain(name: str) -> str:
    """Without case, accents, punctuation and the article: "The University of York" is "universityofyork"."""
    letters = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^\s*the\s", "", letters))
