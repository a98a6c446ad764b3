"""The panel's grades and the award."""

from datetime import timedelta

import pytest
from django.utils import timezone

from spo.orders.models import Order
from spo.scoring import actions
from spo.scoring.models import Award
from spo.scoring.queries.scores import standing
from spo.scoring.standstill import earliest_end
from spo.tenders import actions as tenders
from spo.tenders.models import Declaration
from territories.refusal import Stale
from tests.client import acting_in
from tests.reading import as_owner, done, journalled, refusal
from tests.seen import agenda_read
from tests.story import closed


def test_the_panels_grade_is_recorded_once_and_for_good(order_at, cast, north):
    story = order_at("moderation")
    how = story.criteria[0]
    with acting_in(north):
        consensus = done(actions.agree_grade, story.bid, how, grade=4, rationale="We agreed.", by=cast.buyer)
        line = journalled(consensus, "agree grade", cast.buyer)
        said = refusal(actions.agree_grade, story.bid, how, grade=5, rationale="Or not", by=cast.buyer)
    assert (consensus.grade, consensus.rationale, consensus.chair) == (4, "We agreed.", cast.buyer.user)
    assert line.after == {"bid": str(story.bid.pk), "criterion": str(how.pk), "grade": 4}
    assert said == "The panel's grade for this criterion is recorded already."


@pytest.mark.parametrize("stage", ["moderation", "settled"])
def test_who_chairs_or_awards_has_declared_that_they_have_no_conflict(order_at, cast, north, stage):
    story = order_at("scored")
    with as_owner(north):
        Declaration.objects.filter(user=cast.buyer.user).delete()
    with acting_in(north):
        done(actions.settle, story.tender, by=cast.buyer)

        def said():
            if stage == "moderation":
                facts = {"grade": 3, "rationale": "r"}
                return refusal(actions.agree_grade, story.bid, story.criteria[0], **facts, by=cast.buyer)
            return refusal(
                actions.award, story.tender, story.bid, reason="r", standstill_until=None, by=cast.buyer
            )

        first = said()
        actions.declare(story.tender, conflict=True, words="A friend bids.", by=cast.buyer)
        then = said()
    assert first == "Declare your interests first: whoever chairs or awards does."
    assert then == "You declared a conflict of interest, so somebody else has to do this."


@pytest.mark.parametrize(
    ("stage", "steer"),
    [
        ("prepared", lambda s, by: refusal(tenders.change_tender, s.tender, version=1, title="New", by=by)),
        ("prepared", lambda s, by: refusal(tenders.open_tender, s.tender, by=by)),
        ("sealed", lambda s, by: closed(s.tender) or refusal(actions.begin_scoring, s.tender, by=by)),
        ("open", lambda s, by: refusal(actions.appoint, s.tender, s.cast.evaluator2, by=by)),
        ("declared", lambda s, by: refusal(actions.dismiss, s.panel[1], by=by)),
        ("scored", lambda s, by: refusal(actions.settle, s.tender, by=by)),
    ],
)
def test_whoever_declared_a_conflict_steers_nothing(order_at, cast, north, stage, steer):
    story = order_at(stage)
    with acting_in(north):
        actions.declare(story.tender, conflict=False, words="", by=cast.buyer)
        actions.declare(story.tender, conflict=True, words="A friend bids.", by=cast.buyer)
        said = steer(story, cast.buyer)
    assert said == "You declared a conflict of interest, so somebody else has to do this."


def test_a_chair_whose_panel_changed_meanwhile_is_told(order_at, cast, north):
    story = order_at("moderation")
    with acting_in(north):
        seen = agenda_read(story.bid, cast.buyer)
        actions.declare(story.tender, conflict=True, words="Sister", by=cast.evaluator)
        with pytest.raises(Stale):
            actions.agree_grade(
                story.bid, story.criteria[0], grade=5, rationale="r", seen=seen, by=cast.buyer
            )


def test_what_stands_against_a_consensus_is_said(order_at, cast, north):
    story, other = order_at("moderation"), order_at("scored")
    with acting_in(north):

        def said(bid, criterion, grade):
            return refusal(actions.agree_grade, bid, criterion, grade=grade, rationale="r", by=cast.buyer)

        scale = "Give every grade on the tender's own scale."
        assert said(story.bid, story.criteria[0], 6) == scale
        assert said(story.bid, other.criteria[0], 3) == "Give grades for this tender's own criteria."
        assert said(other.bid, other.criteria[0], 3) == "Moderation is not running."


def test_the_award_voids_the_other_orders_and_says_why(contest, cast, north):
    ours, _theirs = contest("settled")
    last = timezone.localdate() + timedelta(days=30)
    with acting_in(north):
        decision = done(
            actions.award,
            ours.tender,
            ours.bid,
            reason="The most points.",
            standstill_until=last,
            by=cast.buyer,
        )
        line = journalled(ours.tender, "award", cast.buyer)
        statuses = dict(Order.objects.values_list("supplier__name", "status"))
        decision.refresh_from_db()
        ours.tender.refresh_from_db()
    assert statuses == {"Ridgeway Builders Ltd": "sealed", "Cherwell Facilities Ltd": "void"}
    assert (ours.tender.status, decision.bid_id, decision.decided_by) == (
        "awarded",
        ours.bid.pk,
        cast.buyer.user,
    )
    assert (decision.reason, decision.standstill_until) == ("The most points.", last)
    assert (line.before, line.after) == (
        {"status": "moderation"},
        {"status": "awarded", "bid": str(ours.bid.pk)},
    )


def test_a_standstill_is_neither_too_short_nor_mistyped(order_at, cast, north):
    story = order_at("settled")
    today = timezone.localdate()
    first, last = earliest_end(today), today + timedelta(days=90)
    with acting_in(north):

        def said(until):
            return refusal(
                actions.award, story.tender, story.bid, reason="r", standstill_until=until, by=cast.buyer
            )

        short = said(first - timedelta(days=1))
        assert said(today) == said(today - timedelta(days=1)) == short
        assert short == (
            f"A standstill lasts at least 8 working days from the award notice: until {first:%-d %B %Y}, or later. "
            "Leave it empty where none applies."
        )
        assert said(last + timedelta(days=1)) == (
            f"A standstill of more than 90 days is not meant. Give {last:%-d %B %Y}, or earlier."
        )
        facts = {"reason": "r", "standstill_until": first}
        assert done(actions.award, story.tender, story.bid, **facts, by=cast.buyer).standstill_until == first


def test_what_stands_against_an_award_is_said(contest, order_at, cast, north):
    ours, theirs = contest("moderation")
    other = order_at("settled")
    with acting_in(north):

        def said(bid):
            return refusal(actions.award, ours.tender, bid, reason="r", standstill_until=None, by=cast.buyer)

        assert said(ours.bid) == "Agreed grades that are still missing: 4."
        ours.walk("settled")
        best = "Only a bid with the most points can be awarded."
        assert said(theirs.bid) == said(other.bid) == best
        ours.walk("awarded")
        assert said(ours.bid) == "Moderation is not running."
        assert Award.objects.count() == 1


def test_of_bids_with_equal_points_the_buyer_chooses(contest, cast, north):
    ours, theirs = contest("moderation")
    with acting_in(north):
        for bid in (ours.bid, theirs.bid):
            for criterion in ours.criteria:
                done(actions.agree_grade, bid, criterion, grade=4, rationale="Equal", by=cast.buyer)
        ranks = [(row.rank, str(row.points)) for row in standing(ours.tender)]
        decision = done(
            actions.award,
            ours.tender,
            theirs.bid,
            reason="Closer to the place.",
            standstill_until=None,
            by=cast.buyer,
        )
    assert ranks == [(1, "80.00"), (1, "80.00")]
    assert decision.bid == theirs.bid
