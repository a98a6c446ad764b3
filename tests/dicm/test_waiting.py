"""“Waiting for you” is right for every role, in one request and few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dicm.waiting import waiting_for
from spo.reports.models import Report
from territories.notices.models import Notice
from territories.people.joining import actions as joining
from territories.tenancy import PUBLIC_SITE
from tests.client import acting_in
from tests.reading import Page, done
from tests.story import closed

# What waits for whom at which stage of the story, by its first words; whoever is not named has nothing to do.
WAITS = {
    "registered": {"colleague": ["Finish and publish"], "provider": ["Finish and publish"]},
    "offered": {"provider": ["Decide on what"]},
    "agreed": {"supplier": ["Submit"]},
    "prepared": {"buyer": ["Take"], "supplier": ["Submit"]},
    "open": {"evaluator": ["Declare your interests"], "supplier": ["Submit"]},
    "declared": {"evaluator": ["Score the bids"], "buyer": ["Take"]},
    "scored": {"buyer": ["Take"]},
    "moderation": {"buyer": ["Take"]},
    "awarded": {"buyer": ["Lock in"]},
    "locked": {"buyer": ["Sign"], "supplier": ["Sign"], "provider": ["Sign"]},
    "claimed": {"provider": ["Confirm or dispute"]},
    "reported": {"manager": ["Read report"]},
}
ROLES = ("lead", "colleague", "manager", "researcher", "buyer", "evaluator", "supplier", "provider")


@pytest.mark.parametrize("stage", WAITS)
def test_whoever_has_something_to_do_next_sees_it_and_nobody_else(order_at, cast, north, stage):
    order_at(stage)
    with north:
        found = {who: [entry.sentence for entry in waiting_for(getattr(cast, who))] for who in ROLES}
    said = {who: sentences for who, sentences in found.items() if sentences}
    assert said.keys() == WAITS[stage].keys()
    for who, begins in WAITS[stage].items():
        assert [sentence.startswith(begin) for sentence, begin in zip(said[who], begins, strict=True)] == [
            True for _ in begins
        ]


@pytest.mark.parametrize("stage", ["offered", "open", "declared", "locked", "claimed", "reported"])
def test_all_rooms_together_ask_at_most_six_times(order_at, cast, north, stage):
    order_at(stage)
    counts = {}
    with north:
        for who in ROLES:
            reader = getattr(cast, who)
            with CaptureQueriesContext(connection) as said:
                waiting_for(reader)
            counts[who] = len(said)
    assert {who: number for who, number in counts.items() if number > 6} == {}


def test_it_says_since_when_and_until_when(order_at, cast, north, client_for):
    story = order_at("open")
    with north:
        (entry,) = waiting_for(cast.evaluator)
        assert entry.due == story.tender.closes_at
        assert timezone.now() - entry.since < timedelta(minutes=5)
    page = client_for(cast.evaluator).get("/waiting/").text
    assert "1 thing waits for you." in " ".join(page.split())
    assert "since today" in page and "Due by" in page and "dicm-waiting__late" not in page
    with acting_in(north):
        closed(story.tender)
    page = client_for(cast.evaluator).get("/waiting/").text
    assert "dicm-waiting__late" not in page or "Due by" in page


def test_the_first_page_asks_once(cast, client_for):
    page = client_for(cast.provider).get("/").text
    assert page.count("hx-get") == 2  # what waits, and what is being delivered
    assert 'href="/waiting/"' in page


def test_what_is_due_stands_first_then_what_has_waited_longest(order_at, cast, north):
    order_at("claimed")
    with north:
        urgent = [entry.sentence for entry in waiting_for(cast.provider)]
        Notice.objects.filter(letter="delivery_claimed").update(read_at=timezone.now())
        assert [entry.sentence for entry in waiting_for(cast.provider)] == urgent


def test_a_lead_sees_in_the_territory_who_asks_to_join_until_it_is_answered(cast, north, client_for):
    from tests.territories.test_joining import facts

    connection.set_tenant(PUBLIC_SITE)
    with TestCase.captureOnCommitCallbacks(execute=True):
        row = joining.confirm(joining.apply(**facts(north)))
    with north:
        (entry,) = waiting_for(cast.lead)
        assert entry.sentence == f"{row.name} asks to take part"
        assert entry.url.endswith(f"/t/{north.slug}/applications/{row.pk}/")
    assert f"{row.name} asks to take part" in Page(client_for(cast.lead).get("/waiting/")).html
    connection.set_tenant(PUBLIC_SITE)
    with TestCase.captureOnCommitCallbacks(execute=True):
        done(joining.refuse, row, answer="Not here.", by=cast.lead)
    with north:
        assert waiting_for(cast.lead) == []


def test_a_report_that_failed_waits_for_whoever_ordered_it(order_at, cast, north):
    story = order_at("reported")
    with north:
        Report.objects.filter(pk=story.report.pk).update(status="failed")
        (entry,) = waiting_for(cast.manager)
    assert entry.sentence == f"Report {story.report.reference} failed: try again"
