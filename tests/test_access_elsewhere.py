"""Nobody reaches from one territory into another, nor from one site to the other; the table holds everywhere."""

import re
import uuid

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dicm.access.public import PUBLIC
from dicm.access.territory import TERRITORY, rows
from dicm.access.words import EVERYONE, PEOPLE
from tests.access import fingerprint, one_of_each, path_of, public_path_of

ROWS = rows()
# Tokens and nonces are new in every answer.
BY_CHANCE = re.compile(r'nonce(="|-)[\w=-]+|\b\w{64}\b')


@pytest.mark.parametrize("row", [row for row in ROWS if row.thing], ids=str)
def test_nobody_reaches_into_a_foreign_territory(stage, db, row, record_property):
    """At the south's site: with a thing of the north nobody gets anything, with one of the south no northerner."""
    before = [fingerprint(stage.cast.territory), fingerprint(stage.cast.south.territory)]
    theirs, ours = (path_of(row, stage.things[place]) for place in ("south", "north"))
    cases = []
    for name in one_of_each(stage.cast, row.names) or {"supplier"}:
        cases.append((f"north {name}", "ours", ours))
        if name != "traveller":
            cases.append((f"south {name}", "ours", ours))
        if row.may != EVERYONE:
            cases.append((f"north {name}", "theirs", theirs))
    # The traveller is at home in both, and there sees what every supplier sees.
    if {"rival", "traveller"} <= row.names:
        cases = [case for case in cases if case != ("north traveller", "theirs", theirs)]
    got = {}
    for who, whose, url in cases:
        for method in row.takes.split():
            response = getattr(stage.at("south", who), method.lower())(url)
            got[who, whose, method] = response.status_code
    record_property("checks", len(got))
    assert got == dict.fromkeys(got, 404)
    assert [fingerprint(stage.cast.territory), fingerprint(stage.cast.south.territory)] == before


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_south_has_the_same_rules(stage, db, row, record_property):
    url = path_of(row, stage.things["south"])
    names = {"nobody"} if row.may == EVERYONE else {f"south {name}" for name in row.names - {"traveller"}}
    got = {who: stage.at("south", who).get(url).status_code for who in names}
    record_property("checks", len(got))
    assert got == dict.fromkeys(names, row.status)


# ---- the public site ----


@pytest.mark.parametrize("name", PUBLIC)
def test_who_gets_what_on_the_public_site(stage, db, name, record_property):
    expected, url = PUBLIC[name].answers(), public_path_of(name, stage.things["public"])
    got = {who: stage.at("public", who).get(url).status_code for who in expected}
    record_property("checks", len(got))
    assert got == expected


@pytest.mark.parametrize("name", sorted(name for name in PUBLIC if PUBLIC[name].foreign == 404))
def test_nobody_changes_what_is_another_territorys(stage, db, name, record_property):
    """Whoever may not read a page about a territory can't send anything to it either."""
    url = public_path_of(name, stage.things["public"])
    refused = [who for who, status in PUBLIC[name].answers().items() if status == 404]
    got = {who: stage.at("public", who).post(url, {"answer": "x"}).status_code for who in refused}
    record_property("checks", len(got))
    assert got == dict.fromkeys(refused, 404)


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - TERRITORY.keys() - {"home"}))
def test_a_territory_has_no_pages_of_the_public_site(stage, db, name):
    url = public_path_of(name, stage.things["public"])
    assert stage.at("north", "north supplier").get(url).status_code == 404


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.url not in PUBLIC and row.url != "territory" and not row.query],
    ids=str,
)
def test_the_public_site_has_no_pages_of_a_territory(stage, db, row):
    assert stage.at("public", "north lead").get(path_of(row, stage.things["north"])).status_code == 404


# ---- not yours, or not there ----


@pytest.mark.parametrize("row", [row for row in ROWS if row.thing and row.may != EVERYONE], ids=str)
def test_not_yours_and_not_there_cannot_be_told_apart(stage, db, row, record_property, monkeypatch):
    """Status, headers and words are the same, and as many statements were asked, so it takes as long."""
    # A visit that is written down, and a host that is looked up anew each minute, would be a statement more.
    monkeypatch.setattr("territories.sessions.GRAIN", 3600)
    caches["hosts"].clear()
    mine, absent = stage.things["north"][row.thing], uuid.uuid4() if row.thing != "part" else 987654321
    refused = {f"north {name}" for name in PEOPLE if name not in row.names | knows(row.thing)}
    got, expected = {}, {}
    for who in sorted(refused | {"stranger"}):
        browser = stage.at("north", who)
        for method in row.takes.split():
            ask = getattr(browser, method.lower())
            ask(path_of(row, {row.thing: absent}))  # fills the caches
            expected[who, method] = told(ask, path_of(row, {row.thing: absent}), absent)
            got[who, method] = told(ask, path_of(row, {row.thing: mine}), mine)
    record_property("checks", len(got))
    assert got == expected
    assert {status for status, *_rest in got.values()} == {404}


def knows(thing) -> set[str]:
    """Who may know that it is there, because some page shows it to them."""
    shown = [row for row in ROWS if row.thing == thing and row.takes != "POST"]
    return (
        set(PEOPLE)
        if any(row.may == EVERYONE for row in shown)
        else set().union(*(row.names for row in shown))
    )


def told(ask, path, key) -> tuple:
    """All that an answer tells: status, headers, words without the key and what differs by chance, statements."""
    with CaptureQueriesContext(connection) as statements:
        response = ask(path)
    words = BY_CHANCE.sub("", response.content.decode()).replace(f"/{key}/", "")
    headers = {
        name: BY_CHANCE.sub("", value) for name, value in response.headers.items() if name != "Content-Length"
    }
    return response.status_code, words, headers, len(statements)
