"""Every URL × everybody × one's own and a foreign territory, against the table in tests/access.py."""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, get_resolver, reverse

from territories.access import ANY_ROLE
from territories.tenancy import tenant_models
from tests.access import EVERYONE, PUBLIC, TERRITORY, THIRD_PARTY, Row, public_world_of, rows, world_of
from tests.cast import Browser, Cast

ROWS = rows()


@dataclass(frozen=True)
class Stage:
    """Both worlds, and everybody's browser at both sites, signed in once."""

    cast: Cast
    things: dict[str, dict]
    browsers: dict[tuple[str, str], Browser]

    def at(self, site: str, who: str) -> Browser:
        return self.browsers[site, who]

    def role(self, who: str, site: str) -> str | None:
        """The role that somebody plays at a site, if any."""
        home, _, name = who.partition(" ")
        if name == "traveller" or home == site:
            company = self.cast if home == "north" else self.cast.south
            return company.parts()[name].role
        return None


@pytest.fixture(scope="module")
def stage(committed_module):
    cast = committed_module.cast
    people = {f"north {name}": part.user for name, part in cast.parts().items()}
    people |= {f"south {name}": part.user for name, part in cast.south.parts().items() if name != "traveller"}
    people |= {"stranger": cast.stranger, "nobody": None}
    sites = {"north": cast.territory, "south": cast.south.territory, "public": None}
    browsers = {}
    for who, user in people.items():
        signed_in = Browser(None)
        if user:
            signed_in.force_login(user)
        for site, territory in sites.items():
            browsers[site, who] = Browser(territory)
            browsers[site, who].cookies = signed_in.cookies
    things = {"north": world_of(cast), "south": world_of(cast.south), "public": public_world_of(cast)}
    return Stage(cast, things, browsers)


def address(row: Row, things: dict) -> str:
    args = [things[row.thing]] if row.thing else []
    return reverse(row.url, args=args, urlconf="dicm.urls") + (f"?{row.query}" if row.query else "")


def named(urlconf: str, patterns=None):
    """Every pattern of a site with its name."""
    for pattern in get_resolver(urlconf).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, pattern.callback
        else:
            yield from named(urlconf, pattern.url_patterns)


def refusal(row: Row, who: str) -> int | str:
    """404, but whoever is not signed in is sent to sign in where only members may be."""
    members_only = getattr(VIEWS[row.url], "access", None) is not None
    return "sign in" if who == "nobody" and members_only else 404


def answer(response) -> int | str:
    """The status, or that one is sent to the public site's sign-in page."""
    if response.status_code == 302 and response.url.startswith(f"{settings.LOGIN_URL}?next="):
        return "sign in"
    return response.status_code


def fingerprint(territory) -> str:
    """Changes with every change of any row of the territory."""
    tables = [model._meta.db_table for model in tenant_models()]
    sums = ", ".join(f'(SELECT sum(hashtextextended(t::text, 0)) FROM "{table}" t)' for table in tables)
    with territory, connection.cursor() as cursor:
        cursor.execute(f"SELECT {sums}")
        return str(cursor.fetchone())


VIEWS = dict(named("dicm.urls"))


# ---- the table is whole ----


@pytest.mark.parametrize(("urlconf", "table"), [("dicm.urls", TERRITORY), ("dicm.urls_public", PUBLIC)])
def test_every_url_stands_in_the_table(urlconf, table):
    assert sorted(name or "unnamed" for name, _view in named(urlconf)) == sorted(table)


@pytest.mark.parametrize("urlconf", ["dicm.urls", "dicm.urls_public"])
def test_every_view_of_ours_says_who_may(urlconf):
    silent = {name for name, view in named(urlconf) if not hasattr(view, "access")}
    assert silent - THIRD_PARTY == set()


def test_the_table_and_the_views_agree_on_roles(everyone):
    cast = everyone.cast
    for name in TERRITORY.keys() - THIRD_PARTY:
        mine = [row for row in ROWS if row.url == name]
        roles = {getattr(cast, who).role for row in mine for who in row.names}
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
    url, before = address(row, stage.things["north"]), fingerprint(stage.cast.territory)
    everybody = [who for site, who in stage.browsers if site == "north"]
    northerners = [who for who in everybody if not who.startswith("south")]
    southerners = [f"south {name}" for name in row.names or {"supplier"} if name != "traveller"]
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


@pytest.mark.parametrize("row", [row for row in ROWS if row.thing], ids=str)
def test_nobody_reaches_into_a_foreign_territory(stage, db, row, record_property):
    """At the south's site: with a thing of the north nobody gets anything, with one of the south no northerner."""
    before = [fingerprint(stage.cast.territory), fingerprint(stage.cast.south.territory)]
    theirs, ours = (address(row, stage.things[place]) for place in ("south", "north"))
    cases = []
    for name in row.names or {"supplier"}:
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
    url = address(row, stage.things["south"])
    names = {"nobody"} if row.may == EVERYONE else {f"south {name}" for name in row.names - {"traveller"}}
    got = {who: stage.at("south", who).get(url).status_code for who in names}
    record_property("checks", len(got))
    assert got == dict.fromkeys(names, row.status)


# ---- the public site ----


def public_address(name: str, things: dict) -> str:
    args = [things.get(arg, arg) for arg in PUBLIC[name].args]
    return reverse(name, args=args, urlconf="dicm.urls_public")


@pytest.mark.parametrize("name", PUBLIC)
def test_who_gets_what_on_the_public_site(stage, db, name, record_property):
    expected, url = PUBLIC[name].answers(), public_address(name, stage.things["public"])
    got = {who: stage.at("public", who).get(url).status_code for who in expected}
    record_property("checks", len(got))
    assert got == expected


@pytest.mark.parametrize("name", sorted(name for name in PUBLIC if PUBLIC[name].foreign == 404))
def test_nobody_changes_what_is_another_territorys(stage, db, name, record_property):
    """Whoever may not read a page about a territory can't send anything to it either."""
    url = public_address(name, stage.things["public"])
    refused = [who for who, status in PUBLIC[name].answers().items() if status == 404]
    got = {who: stage.at("public", who).post(url, {"answer": "x"}).status_code for who in refused}
    record_property("checks", len(got))
    assert got == dict.fromkeys(refused, 404)


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() - TERRITORY.keys() - {"home"}))
def test_a_territory_has_no_pages_of_the_public_site(stage, db, name):
    url = public_address(name, stage.things["public"])
    assert stage.at("north", "north supplier").get(url).status_code == 404


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.url not in PUBLIC and row.url != "territory" and not row.query],
    ids=str,
)
def test_the_public_site_has_no_pages_of_a_territory(stage, db, row):
    assert stage.at("public", "north lead").get(address(row, stage.things["north"])).status_code == 404
