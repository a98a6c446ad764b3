"""Who is let in without waiting: only where address, name and number belong together, and no name is another's."""

from contextlib import nullcontext

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from territories import identifiers
from territories.founding import atlas
from territories.models import Application, Membership, Organisation, Territory, User
from territories.people.joining import actions, known, rules
from territories.shown import version_of
from tests.reading import Page, at_once, done, journalled, refusal
from tests.seen import read
from tests.territories.test_joining import QUEUE, TYPED, facts

FORCE = {
    "kind": "police",
    "name": "Thames Valley Police",
    "numbers": [["GB-PPON", "PABC-1234-DEFG"]],
    "email": "ann@thamesvalley.police.uk",
}
READING = {
    "kind": "university",
    "name": "University of Reading",
    "numbers": [["GB-UKPRN", "10007802"]],
    "email": "ann@reading.ac.uk",
}
COUNCIL = {"kind": "council", "name": "Reading", "numbers": [["GB-LAE", "RDG"]], "email": "a@reading.gov.uk"}
TRUST = {"kind": "nhs", "name": "A trust", "numbers": [["GB-NHS", "RTX"]], "email": "a@nhs.uk"}

UNPROVEN = "Nothing here proves that address, name and number belong together."
NUMBERLESS = "It has no public number that could be looked up."
NAMESAKE = (
    "DICM knows an organisation called “Cowley Road Youth Project” under another number. If it is yours, give that "
    "number; if yours is another one, say so below."
)


@pytest.fixture
def waiting(north):
    """waiting(name=…) → an application that its applicant has confirmed."""

    def make(**changed) -> Application:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return actions.confirm(actions.apply(**facts(changed.pop("territory", north), **changed)))

    return make


@pytest.fixture
def unnamed(cast):
    """The force of the cast is called otherwise, so that its name is free."""
    Organisation.objects.filter(pk=cast.lead.organisation.pk).update(name="As it was called before")


# ---- address, name and number ----


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (FORCE, None),
        (FORCE | {"name": "THAMES VALLEY POLICE"}, None),
        (READING, None),
        (READING | {"name": "The University of Reading"}, None),
        (FORCE | {"email": "ann@hampshire.police.uk"}, UNPROVEN),
        (FORCE | {"email": "ann@mail.thamesvalley.police.uk"}, UNPROVEN),
        (FORCE | {"name": "Hampshire and Isle of Wight Constabulary"}, UNPROVEN),
        (FORCE | {"numbers": [["XI", "TVP-TWO"]]}, NUMBERLESS),
        (READING | {"email": "ann@student.reading.ac.uk"}, UNPROVEN),
        (READING | {"email": "ann@maths.reading.ac.uk"}, UNPROVEN),
        (READING | {"email": "ann@brookes.ac.uk"}, UNPROVEN),
        (READING | {"name": "University of Life"}, UNPROVEN),
        (READING | {"numbers": [["GB-UKPRN", "10007801"]]}, UNPROVEN),
        (READING | {"numbers": [["GB-UKPRN", "10007802"], ["GB-COH", "10000001"]]}, UNPROVEN),
        (READING | {"kind": "council"}, UNPROVEN),
        (COUNCIL, UNPROVEN),
        (TRUST, UNPROVEN),
    ],
)
def test_only_what_belongs_together_is_let_in_at_once(waiting, unnamed, said, why):
    row = waiting(**said)
    assert (row.status, row.decided_by) == ("waiting" if why else "approved", None)
    if why:
        assert rules.why_not_at_once(row) == why


def test_a_force_is_known_in_its_own_territory_alone(waiting, unnamed, south):
    assert waiting(**FORCE, territory=south).status == "waiting"


def test_the_first_police_force_of_a_territory_leads_it_and_no_other_body_does(waiting, unnamed, cast):
    Membership.objects.filter(pk=cast.lead.pk).update(ended_at=timezone.now())
    assert waiting(**COUNCIL).status == "waiting"
    first = waiting(**FORCE)
    assert (first.status, first.membership.role) == ("approved", "lead")
    second = waiting(
        kind="police", name="A force", numbers=[["GB-PPON", "PXYZ-1234-DEFG"]], email="b@f.police.uk"
    )
    assert done(actions.approve, second, by=first.membership).membership.role == "buyer"


@pytest.mark.parametrize(
    ("email", "inside"),
    [
        ("a@ox.ac.uk", True),
        ("a@maths.ox.ac.uk", True),
        ("a@evilox.ac.uk", False),
        ("a@ox.ac.uk.evil.example", False),
        ("ox.ac.uk@evil.example", False),
        ("a@student.ox.ac.uk", False),
        ("a@mail.students.ox.ac.uk", False),
        ("a@stu.ox.ac.uk", False),
        ("a@my.ox.ac.uk", False),
        ("a@alumni.ox.ac.uk", False),
    ],
)
def test_what_is_at_a_domain_and_not_among_its_students(email, inside):
    assert known.is_at(email, "ox.ac.uk") is inside


def test_every_territory_has_the_domain_of_its_force_and_every_university_a_number():
    forces = known._forces()
    assert set(forces) == {row["slug"] for row in atlas("territories")}
    assert {domain.rpartition(".police.uk")[2] for domain in forces.values()} == {""}
    assert len(set(forces.values())) == len(forces)
    rows = atlas("universities")
    for row in rows:
        assert identifiers.normalised("GB-UKPRN", row["ukprn"]) == row["ukprn"]
        assert not row["ror"] or identifiers.normalised("ROR", row["ror"]) == row["ror"]
        assert row["domain"].endswith(".ac.uk")
    for column in ("ukprn", "domain", "name"):
        assert len({row[column] for row in rows}) == len(rows) > 90


# ---- what a territory's leads say ----


def set_welcome(*, by, **facts):
    """By somebody who has read what the territory says now."""
    return actions.set_welcome(**facts, seen=version_of(rules.welcome_of(by.territory)), by=by)


def test_an_older_tab_of_a_lead_switches_nothing_back_on(client_for, cast):
    browser, page = (
        client_for(cast.lead, territory=None),
        reverse("welcome", args=[cast.territory.slug], urlconf="dicm.urls_public"),
    )
    older = browser.hidden(page)
    assert browser.fill(page, {"automatic": "off", "domains": ""}).status_code == 302
    sent = {"automatic": "on", "domains": "oxford.example"}
    told = Page(browser.post(page, older | sent))
    assert told.told == {
        "": "This has changed since you opened the page. Read what it says now, then send it again."
    }
    assert rules.welcome_of(cast.territory).automatic is False
    assert browser.post(page, sent | {"seen": told.boxes["seen"][0]}).status_code == 302
    assert rules.welcome_of(cast.territory).domains == ["oxford.example"]


def test_a_lead_adds_domains_and_switches_the_rule_off(waiting, cast):
    welcome = set_welcome(automatic=True, domains=["oxfordshire.example"], by=cast.lead)
    journalled(welcome, "set welcome", cast.lead)
    assert waiting(email="ann@mail.oxfordshire.example").status == "approved"
    other = {"name": "Second", "numbers": [["GB-CHC", "1170002"]]}
    assert waiting(email="ann@students.oxfordshire.example", **other).status == "waiting"
    set_welcome(automatic=False, domains=["oxfordshire.example"], by=cast.lead)
    row = waiting(email="bob@oxfordshire.example", **other)
    assert rules.why_not_at_once(row) == "This territory lets nobody in at once."
    assert refusal(lambda: set_welcome(automatic=True, domains=[], by=cast.buyer)) == (
        "Only the leads of the territory decide whom it lets in."
    )


@pytest.mark.parametrize("domain", ["gmail.com", "ac.uk", "gov.uk", "police.uk", "nhs.net"])
def test_a_domain_of_many_is_refused_by_whatever_door(cast, domain):
    said = refusal(lambda: set_welcome(automatic=True, domains=[domain], by=cast.lead))
    assert said == "Anyone can have an address there. Name an organisation's own domain."


def test_nobody_is_let_in_at_once_under_the_number_of_another(waiting, cast):
    set_welcome(automatic=True, domains=["oxford.example"], by=cast.lead)
    council = cast.other_buyer.organisation
    Membership.objects.filter(participation__organisation=council).update(ended_at=timezone.now())
    row = waiting(kind="council", email="ann@oxford.example", numbers=[["GB-LAE", "OXO"]])
    assert (row.status, rules.why_not_at_once(row)) == (
        "waiting",
        "DICM knows its number, and not this person.",
    )


def test_a_territory_that_ends_takes_nobody_in(north):
    Territory.objects.filter(pk=north.pk).update(valid_to=timezone.localdate())
    assert refusal(lambda: actions.apply(**facts(north))) == (
        "Thames Valley ends, and takes nobody in. Choose another territory."
    )


# ---- names ----


@pytest.mark.parametrize(
    "name", ["cowley road youth project", "Cowley-Road Youth Project!", "Cówley Road Yoúth Project"]
)
def test_the_name_of_another_is_asked_about_and_waits_for_a_lead(north, cast, waiting, name):
    assert refusal(lambda: actions.apply(**facts(north, name=name))) == NAMESAKE
    set_welcome(automatic=True, domains=["barton.example"], by=cast.lead)
    row = waiting(name=name, another=True)
    assert (row.status, rules.why_not_at_once(row)) == ("waiting", "Another organisation has the same name.")


def test_an_organisation_under_its_own_number_has_its_own_name(north, cast):
    row = actions.apply(**facts(north, name="Cowley Road Youth Project", numbers=[["GB-CHC", "1164883"]]))
    assert row.status == "unconfirmed"


def test_a_changed_application_is_asked_about_its_name_as_well(waiting, cast):
    row = done(actions.send_back, waiting(), answer="The name, please.", by=cast.lead)
    again = {"kind": "provider", "numbers": [["GB-CHC", "1170001"]], "reason": "x"}
    assert (
        refusal(lambda: actions.change(row, name="Cowley Road Youth Project", seen=read(row), **again))
        == NAMESAKE
    )


def test_the_form_asks_about_a_name_and_keeps_what_was_typed(client_for, north):
    browser = client_for(None, territory=None)
    assert "id_another" not in Page(browser.get("/join/")).ids
    sent = TYPED | {"territory": str(north.pk), "name": "Cowley Road youth project"}
    page = Page(browser.post("/join/", sent))
    assert (page.told, "id_another" in page.ids) == ({"name": NAMESAKE}, True)
    assert page.kept({"number": ""}) == {"number": TYPED["number"]}
    assert browser.post("/join/", sent | {"another": "on"}).status_code == 302


def test_a_lead_reads_of_a_namesake_in_the_queue_and_on_the_page(client_for, cast, waiting):
    row = waiting(name="Cowley Road youth project", another=True)
    plain = waiting(name="Barton Bikes", numbers=[["GB-CHC", "1170009"]])
    lead = client_for(cast.lead, territory=None)
    queue = lead.get(QUEUE)
    assert queue.context["named_twice"] == {row.pk}
    assert queue.text.count("Another organisation has the same name.") == 1
    page = lead.get(f"{QUEUE}{row.pk}/").text
    assert "DICM knows another organisation of that name: Cowley Road Youth Project" in page
    assert "Why it waits for you: Another organisation has the same name." in page
    assert "another organisation of that name" not in lead.get(f"{QUEUE}{plain.pk}/").text


def test_a_name_of_punctuation_alone_is_nobodys(everyone):
    Organisation.objects.create(name="–", kind="provider")
    assert list(rules.namesakes("?", [])) == []


# ---- at the same moment ----


def test_two_applications_of_one_organisation_are_not_both_approved(committed, waiting, cast, north):
    first, second = waiting(), waiting(email="ann@barton.example")
    made, refused = at_once(
        nullcontext(),
        north,
        lambda: done(actions.approve, first, by=cast.lead),
        lambda: done(actions.approve, second, by=cast.lead),
    )
    assert (len(made), refused) == (
        1,
        ["Barton Repair Café takes part here already. Its own people can invite a colleague."],
    )


def test_one_organisation_is_let_into_two_territories_at_once_and_made_once(committed, waiting, cast, south):
    rows = waiting(), waiting(territory=south)
    made, refused = at_once(
        nullcontext(),
        "journal:public",
        lambda: done(actions.approve, rows[0], by=cast.lead),
        lambda: done(actions.approve, rows[1], by=cast.south.lead),
    )
    assert ([row.status for row in made], refused) == (["approved"] * 2, [])
    assert Organisation.objects.filter(name="Barton Repair Café").count() == 1
    assert User.objects.filter(email="nia@barton.example").count() == 1
