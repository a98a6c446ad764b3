"""The atlas: every territory once, every district in one, and every postcode in a district."""

import re
import string
from collections import Counter

import pytest
from django.conf import settings
from django.utils import translation

from territories import postcodes
from territories.founding import atlas, schema_for
from territories.models import Domain, Oversight, Region, SupportType, Territory
from territories.postcodes import District, district_of, districts, normalised, outcode
from territories.queries import region_of, standing_territories
from tests.conftest import SLUGS

TERRITORIES = atlas("territories")
REGIONS = {row["code"] for row in atlas("regions")}


def test_there_are_45_territories_in_12_regions():
    assert (len(TERRITORIES), len(REGIONS)) == (45, 12)
    assert {row["region"] for row in TERRITORIES} == REGIONS


def test_the_nations_have_their_territories():
    assert Counter(row["country"] for row in TERRITORIES) == {
        "England": 39, "Wales": 4, "Scotland": 1, "Northern Ireland": 1,
    }  # fmt: skip


def test_the_law_follows_the_nation():
    regimes = {(row["country"], row["regime"]) for row in TERRITORIES}
    assert regimes == {
        ("England", "PA23-ENG"), ("Wales", "PA23-WAL"), ("Scotland", "SCOT"), ("Northern Ireland", "PA23-NI"),
    }  # fmt: skip
    assert sorted(Territory.Regime.values) == sorted(regime for _country, regime in regimes)


@pytest.mark.parametrize(
    "fact", ["slug", "name", "label", "police_area", "police_force", "ons_code", "oversight"]
)
def test_a_fact_that_names_one_territory_names_no_other(fact):
    assert [
        value for value, times in Counter(row[fact] for row in TERRITORIES).items() if times > 1 or not value
    ] == []


def test_no_two_territories_share_a_tile():
    assert len({(row["column"], row["row"]) for row in TERRITORIES}) == 45


def test_schemas_are_names_that_postgresql_and_its_shards_take():
    schemas = [schema_for(row) for row in TERRITORIES]
    assert len(set(schemas)) == 45
    assert [schema for schema in schemas if not re.fullmatch(r"t_[a-z0-9_]{2,40}", schema)] == []


def test_no_schema_is_a_trap_for_the_replacement_of_another():
    """docs/architecture.md: a name is replaced as a whole word, so none may be another one as a word."""
    schemas = [schema_for(row) for row in TERRITORIES]
    assert [(a, b) for a in schemas for b in schemas if a != b and re.search(rf"\b{a}\b", b)] == []


def test_slugs_are_labels_of_a_host_name():
    assert [
        row["slug"] for row in TERRITORIES if not re.fullmatch(r"[a-z]([a-z-]*[a-z])?", row["slug"])
    ] == []


def test_labels_fit_on_a_tile():
    longest = Territory._meta.get_field("label").max_length
    assert [row["label"] for row in TERRITORIES if len(row["label"]) > longest] == []


# ---- districts ----


def test_every_districts_territory_exists_and_every_territory_has_a_district():
    assert {district.territory for district in districts().values()} == {row["slug"] for row in TERRITORIES}


def test_districts_have_ons_codes_and_names():
    wrong = [d for d in districts().values() if not re.fullmatch(r"[EWSN]\d{8}", d.code) or not d.name]
    assert wrong == []


@pytest.mark.parametrize(("letter", "territories"), [("S", {"scotland"}), ("N", {"northern-ireland"})])
def test_scotland_and_northern_ireland_are_one_territory_each(letter, territories):
    assert {d.territory for d in districts().values() if d.code.startswith(letter)} == territories


def test_welsh_districts_are_in_welsh_territories():
    welsh = {row["slug"] for row in TERRITORIES if row["country"] == "Wales"}
    assert {d.territory for d in districts().values() if d.code.startswith("W")} == welsh


# ---- postcodes ----

WRITTEN = [
    ("OX1 1PT", "OX1 1PT"), ("ox11pt", "OX1 1PT"), ("  oX1  1 pt ", "OX1 1PT"), ("SW1A-1AA", "SW1A 1AA"),
    ("M1 1AE", "M1 1AE"), ("m11ae", "M1 1AE"), ("CR2 6XH", "CR2 6XH"), ("DN55 1PT", "DN55 1PT"),
    ("W1A 0AX", "W1A 0AX"), ("EC1A 1BB", "EC1A 1BB"), ("GIR 0AA", "GIR 0AA"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), WRITTEN)
def test_a_postcode_is_read_however_it_is_typed(typed, meant):
    assert normalised(typed) == meant


NOT_WRITTEN = ["", "OX1", "OX1 1P", "1OX 1PT", "QX1 1PT", "OX1 1CT", "OX111 1PT", "Oxford", "OX1 1PTT", "🙂"]


@pytest.mark.parametrize("typed", NOT_WRITTEN)
def test_what_is_no_postcode_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"^Enter a full postcode, such as OX1 1PT\.$"):
        normalised(typed)


# Town halls, parliaments and the like.
KNOWN = {
    "OX1 1PT": ("E07000178", "Oxford", "thames-valley"),
    "OX4 1AA": ("E07000178", "Oxford", "thames-valley"),
    "RG1 3BD": ("E06000038", "Reading", "thames-valley"),
    "SO14 7LY": ("E06000045", "Southampton", "hampshire"),
    "PO30 1UD": ("E06000046", "Isle of Wight", "hampshire"),
    "SW1A 1AA": ("E09000033", "Westminster", "metropolitan"),
    "EC2V 7HH": ("E09000001", "City of London", "city-of-london"),
    "M1 1AE": ("E08000003", "Manchester", "greater-manchester"),
    "TR21 0PS": ("E06000053", "Isles of Scilly", "devon-and-cornwall"),
    "CF10 1EP": ("W06000015", "Cardiff", "south-wales"),
    "LL11 1AU": ("W06000006", "Wrexham", "north-wales"),
    "EH1 1YZ": ("S12000036", "City of Edinburgh", "scotland"),
    "ZE1 0LA": ("S12000027", "Shetland Islands", "scotland"),
    "BT1 5GS": ("N09000003", "Belfast", "northern-ireland"),
}


@pytest.mark.parametrize("postcode", KNOWN)
def test_a_real_postcode_is_in_its_district(postcode):
    assert district_of(postcode) == District(*KNOWN[postcode])


@pytest.mark.parametrize("postcode", ["OX99 9ZZ", "GIR 0AA", "JE2 3AB", "IM1 1AA"])
def test_a_postcode_that_ons_does_not_place_has_no_district(postcode):
    """Not in use, or of islands that have no police area in the United Kingdom."""
    assert district_of(normalised(postcode)) is None


def test_every_letter_that_a_postcode_can_begin_with_can_be_looked_up():
    letters = [letter for letter in string.ascii_uppercase if postcodes._FORM.fullmatch(f"{letter}1 1AA")]
    assert "".join(letters) == "ABCDEFGHIJKLMNOPRSTUWYZ"
    assert [
        letter for letter in letters if not isinstance(district_of(f"{letter}1 1AA"), District | None)
    ] == []


@pytest.mark.parametrize(("postcode", "shown"), [("OX4 1AA", "OX4"), ("SW1A 1AA", "SW1A"), ("M1 1AE", "M1")])
def test_only_the_outward_half_is_for_the_public(postcode, shown):
    assert outcode(postcode) == shown


# ---- what is planted ----


def test_regions_and_support_types_are_planted_as_shipped(everyone):
    assert sorted(Region.objects.values_list("code", "name")) == sorted(
        (r["code"], r["name"]) for r in atlas("regions")
    )
    shipped = [(row["code"], row["unit"]) for row in atlas("support_types")]
    assert list(SupportType.objects.order_by("position").values_list("code", "unit")) == shipped


def test_a_territory_is_founded_as_the_atlas_has_it(north, south):
    for territory, slug in zip((north, south), SLUGS, strict=True):
        facts = next(row for row in TERRITORIES if row["slug"] == slug)
        for name in ("name", "ons_code", "police_force", "country", "regime", "label"):
            assert str(getattr(Territory.objects.get(pk=territory.pk), name)) == facts[name]
        domains = Domain.objects.filter(tenant=territory)
        assert list(domains.values_list("domain", "is_primary")) == [
            (f"{slug}.{settings.DICM_BASE_DOMAIN}", True)
        ]
        bodies = Oversight.objects.filter(territory=territory, valid_to=None)
        assert list(bodies.values_list("body", flat=True)) == [facts["oversight"]]


def test_the_standing_territories_come_with_their_region_and_oversight(
    north, south, django_assert_num_queries
):
    Region.objects.count()  # so that the connection has taken its schema
    with django_assert_num_queries(2):
        found = [(t.name, t.region.code, [body.body for body in t.now]) for t in standing_territories()]
    rows = {row["slug"]: row for row in TERRITORIES}
    expected = [(rows[slug]["name"], rows[slug]["region"], [rows[slug]["oversight"]]) for slug in SLUGS]
    assert found == sorted(expected)


def test_a_territory_that_was_merged_no_longer_stands(north, south):
    Territory.objects.filter(pk=south.pk).update(valid_to="2026-12-31", successor=north)
    assert [territory.slug for territory in standing_territories()] == [north.slug]


def test_a_territorys_partners_are_its_public_bodies_and_its_university(north, cast):
    names = [str(partner) for partner in region_of(north)["partners"]]
    assert sorted(names) == ["Oxford City Council", "Thames Valley Police", "University of Oxford"]


def test_a_place_is_named_in_the_readers_language(everyone):
    wales = Region.objects.get(code="TLL")
    assert str(wales) == "Wales"
    with translation.override("cy"):
        assert str(wales) == "Cymru"
        assert str(Region(name="Somewhere")) == "Somewhere"
