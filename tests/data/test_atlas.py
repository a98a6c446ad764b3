"""Our atlas against the published tables, where these are at hand."""

import csv
from pathlib import Path

import pytest

from territories.founding import atlas
from territories.postcodes import districts

DATA = Path(__file__).parents[2].parent / "shared" / "data"
OURS = {row["slug"]: row for row in atlas("territories")}


def published(name: str) -> list[dict]:
    """The rows of a published table, or the test is skipped."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"The published table {name} is not at hand.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_code(rows: list[dict], code: str, fact: str) -> dict[str, str]:
    return {row[code]: row[fact] for row in rows}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("police_force", "police_force"),
        ("country", "country"),
        ("population", "population_mid_2024"),
        ("police_area", "id"),
        ("oversight", "oversight_body"),
    ],
)
def test_each_territory_is_as_published(ours, theirs):
    rows = published("territories.csv")
    assert len(rows) == 45
    assert by_code(list(OURS.values()), "ons_code", ours) == by_code(rows, "ons_code", theirs)


def test_each_territory_is_in_the_published_region():
    names = {row["code"]: row["name"] for row in atlas("regions")}
    here = {row["ons_code"]: names[row["region"]] for row in OURS.values()}
    assert here == by_code(published("territories.csv"), "ons_code", "region")


# Districts that got new codes after the published table: postcodes of today carry these, old ones the others.
RENUMBERED = {"E08000038": "E08000016", "E08000039": "E08000019"}


def english_and_welsh(fact) -> dict[str, str]:
    return {code: fact(district) for code, district in districts().items() if code[0] in "EW"}


@pytest.mark.data
def test_each_district_of_england_and_wales_is_in_the_published_police_area():
    theirs = by_code(published("geography/lad_csp_pfa_2023.csv"), "LAD23CD", "PFA23CD")
    assert len(theirs) == 318
    theirs |= {new: theirs[old] for new, old in RENUMBERED.items()}
    assert english_and_welsh(lambda district: OURS[district.territory]["ons_code"]) == theirs


@pytest.mark.data
def test_each_district_of_england_and_wales_has_its_published_name():
    theirs = by_code(published("geography/lad_csp_pfa_2023.csv"), "LAD23CD", "LAD23NM")
    theirs |= {new: theirs[old] for new, old in RENUMBERED.items()}
    assert english_and_welsh(lambda district: district.name) == theirs
