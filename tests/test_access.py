"""Every URL of a territory × everybody there, against the table in tests/access.py; and the table is whole."""

import pytest

from dicm.access.checks import TABLES, THIRD_PARTY, silent, unlisted
from dicm.access.territory import TERRITORY, rows
from dicm.access.words import EVERYONE, PEOPLE
from territories.access import ANY_ROLE
from tests.access import VIEWS, answer, fingerprint, one_of_each, path_of, refusal

ROWS = rows()


# ---- the table is whole ----


@pytest.mark.parametrize("urlconf", TABLES)
def test_every_url_stands_in_the_table(urlconf):
    assert unlisted(urlconf) == []


@pytest.mark.parametrize("urlconf", TABLES)
def test_every_view_of_ours_says_who_may(urlconf):
    assert silent(urlconf) == []


def test_the_people_of_the_table_are_the_cast(everyone):
    assert {name: part.role for name, part in everyone.cast.parts().items()} == PEOPLE


def test_the_table_and_the_views_agree_on_roles():
    for name in TERRITORY.keys() - THIRD_PARTY:
        mine = [row for row in ROWS if row.url == name]
        roles = {PEOPLE[who] for row in mine for who in row.names}
        access = VIEWS[name].access
        if access is None:
            assert (name, EVERYONE in {row.may for row in mine}) == (name, True)
        elif set(access) == set(ANY_ROLE):
            assert (name, roles - set(access)) == (name, set())
        else:
            assert (name, sorted(roles)) == (name, sorted(access))


# ---- a territory's site ----


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_gets_what(stage, db, row, record_property):
    """In one's own territory, as everybody there, and as the same people from the south; refusals change nothing."""
    url, before = path_of(row, stage.things["north"]), fingerprint(stage.cast.territory)
    everybody = [who for site, who in stage.browsers if site == "north"]
    northerners = [who for who in everybody if not who.startswith("south")]
    southerners = [
        f"south {name}" for name in one_of_each(stage.cast, row.names) or {"supplier"} if name != "traveller"
    ]
    expected, got = {}, {}
    for who in (*northerners, *southerners):
        browser = stage.at("north", who)
        welcome = row.may == EVERYONE or who in {f"north {name}" for name in row.names}
        if row.takes != "POST":
            expected[who, "GET"] = row.status if welcome else refusal(row, who)
            got[who, "GET"] = answer(browser.get(url))
        elif stage.role(who, "north") in VIEWS[row.url].access:
            expected[who, "GET"], got[who, "GET"] = 405, answer(browser.get(url))
        if row.takes != "GET" and not welcome:
            expected[who, "POST"], got[who, "POST"] = refusal(row, who), answer(browser.post(url))
    record_property("checks", len(got))
    assert got == expected
    assert fingerprint(stage.cast.territory) == before
