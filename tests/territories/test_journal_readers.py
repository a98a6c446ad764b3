"""Who reads what in the journal: the same people who may open the page of the thing."""

import re

import pytest
from django.conf import settings
from django.db import connection

from dicm.verbs import TOLD
from territories.journal.chain import record
from territories.journal.concern import CONCERNS, entries_told_to
from territories.journal.models import Entry
from territories.journal.words import VERBS
from territories.tenancy import PUBLIC_SITE
from tests.client import acting_in


def told(member) -> list[tuple[str, str]]:
    with member.territory:
        return [(entry.verb, entry.subject) for entry in reversed(entries_told_to(member))]


def test_every_verb_that_is_recorded_has_words():
    code = "".join(
        path.read_text()
        for room in ("community", "research", "spo", "territories")
        for path in (settings.BASE_DIR / room).rglob("*.py")
    )
    literal = set(re.findall(r'record\(\s*"([^"]+)"', code))
    flows = {"open", "close", "settle", "award", "return", "refuse", "leave", "remove"}
    assert (literal | flows) - VERBS.keys() == set()


def test_rooms_that_share_a_verb_tell_it_in_the_same_words():
    said = {}
    for words in TOLD:
        for verb, told_as in words.items():
            assert said.setdefault(verb, told_as) == told_as, verb
    assert said == VERBS


def test_a_supplier_and_its_provider_read_about_an_order_and_a_rival_does_not(order_at, cast):
    order_at("agreed")
    assert told(cast.supplier) == [
        ("draft", "orders.order"),
        ("add commitment", "orders.order"),
        ("offer", "orders.order"),
        ("agree", "orders.commitment"),
    ]
    assert told(cast.provider)[-1] == ("agree", "orders.commitment")
    assert told(cast.rival) == told(cast.evaluator) == told(cast.south.lead) == []


def test_an_evaluator_reads_of_no_score_but_their_own(order_at, cast):
    order_at("scored")
    scores = [line for line in told(cast.evaluator) if line[0] == "score"]
    assert scores == [("score", "scoring.panelmember")]
    assert [line for line in told(cast.buyer) if line[0] == "score"] == scores * 2
    assert [line for line in told(cast.supplier) + told(cast.lead) if line[0] == "score"] == []


@pytest.mark.parametrize(("stage", "grades"), [("settled", 0), ("awarded", 2)])
def test_a_supplier_reads_of_the_panels_grades_after_the_award_only(order_at, cast, stage, grades):
    order_at(stage)
    assert told(cast.supplier).count(("agree grade", "scoring.consensus")) == grades
    assert told(cast.buyer).count(("agree grade", "scoring.consensus")) == 2


def test_a_sealed_bid_is_told_to_its_supplier_alone(order_at, cast):
    order_at("sealed")
    readers = [name for name, part in cast.parts().items() if ("submit", "scoring.bid") in told(part)]
    assert readers == ["supplier", "traveller"]  # two people of the same firm


def test_on_the_public_site_a_lead_reads_of_the_whole_territory_and_others_of_their_own(client_for, cast):
    lead, supplier = (client_for(part, territory=None) for part in (cast.lead, cast.supplier))
    people = {"participation": cast.supplier.participation_id, "role": "supplier", "email": "new@example.org"}
    assert supplier.post("/t/thames-valley/people/invite/", people).status_code == 302
    for browser, seen in ((lead, True), (supplier, True), (client_for(cast.rival, territory=None), False)):
        page = browser.get("/t/thames-valley/journal/").content.decode()
        assert ("invited someone" in page.partition("<tbody")[2]) is seen
    assert client_for(cast.south.lead, territory=None).get("/t/thames-valley/journal/").status_code == 404


def test_the_page_says_who_did_what_and_how_it_stood_before(order_at, cast, client_for):
    order_at("agreed")
    page = client_for(cast.supplier).get("/journal/?verb=offer").content.decode()
    line = page.partition("<tbody")[2].partition("</tbody")[0]
    assert all(
        words in line for words in ("Sam Carter", "Ridgeway Builders Ltd", "put an order to its providers")
    )
    assert "<del>draft</del> → offered" in line
    assert "Ridgeway Builders Ltd: coaches for Fridays" in line


def test_the_file_has_the_same_lines(order_at, cast, client_for):
    order_at("agreed")
    text = client_for(cast.supplier).get("/journal/?format=csv").content.decode()
    assert text.count("\r\n") == 1 + len(told(cast.supplier))
    assert "put an order to its providers" in text


def test_how_much_others_do_is_not_told_by_numbers(order_at, cast, client_for):
    """A line's number counts everybody's lines before it, and a digest can be guessed from the next one."""
    order_at("agreed")
    numbered = {}
    for who in ("supplier", "buyer", "lead"):
        browser = client_for(getattr(cast, who))
        head = browser.get("/journal/?format=csv").content.decode().partition("\r\n")[0]
        page = browser.get("/journal/").content.decode()
        numbered[who] = ["Number" in head, "Digest" in head, bool(re.search(r">\s*Number\s*<", page))]
    assert numbered == {"supplier": [False] * 3, "buyer": [False] * 3, "lead": [True] * 3}


def test_one_thing_can_be_asked_for_and_nonsense_is_no_filter(order_at, cast, client_for):
    story = order_at("agreed")
    browser = client_for(cast.supplier)
    assert (
        browser.get(f"/journal/?subject=orders.order&key={story.order.pk}").content.decode().count("<tr") == 4
    )
    assert browser.get("/journal/?verb=nonsense&subject=x.y").content.decode().count("<tr") == 5


def test_every_thing_belongs_to_one_site(north):
    with north:
        inside = {model._meta.label_lower for model in (one.model for one in CONCERNS.values())}
    assert inside == CONCERNS.keys()
    connection.set_tenant(PUBLIC_SITE)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("lines", [1, 30])
def test_the_page_asks_as_often_whatever_its_length(
    order_at, cast, client_for, django_assert_num_queries, lines
):
    story = order_at("published")
    with acting_in(cast.territory):
        for _line in range(lines):
            record("describe", story.activity, by=cast.provider)
    browser = client_for(cast.provider)
    browser.get("/journal/")
    with django_assert_num_queries(11):
        assert browser.get("/journal/").status_code == 200


def test_every_kind_of_thing_that_is_recorded_has_its_readers(order_at, cast, north):
    order_at("reported")
    with north:
        assert {entry.subject for entry in Entry.objects.all()} <= CONCERNS.keys()
