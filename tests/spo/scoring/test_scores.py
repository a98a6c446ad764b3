"""The individual round: declarations, scores, and how it ends."""

import pytest

from spo.contracts import actions as contracts
from spo.scoring import actions
from spo.scoring.models import Bid, Score
from spo.scoring.queries.scores import visible_scores
from spo.tenders.models import Declaration, TenderVersion
from territories.models import Membership
from territories.papers.digest import digest_of
from territories.refusal import Stale
from tests.cast import played_for
from tests.client import acting_in
from tests.reading import as_owner, done, journalled, refusal
from tests.seen import read, sheet_read
from tests.story import closed

NEVER_MORE = "This is not possible any more: the tender is now “{}”."


def test_scoring_begins_after_the_closing_time(order_at, cast, north):
    story = order_at("sealed")
    with acting_in(north):
        early = refusal(actions.begin_scoring, story.tender, by=cast.buyer)
        closed(story.tender)
        tender = actions.begin_scoring(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "close", cast.buyer)
        again = refusal(actions.begin_scoring, story.tender, by=cast.buyer)
        tender.refresh_from_db()
    assert early == "Bids stay sealed until the closing time has passed."
    assert (tender.status, line.after) == ("scoring", {"status": "scoring"})
    assert again == NEVER_MORE.format("Individual scoring")


def test_a_tender_without_a_bid_has_nothing_to_score(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        closed(story.tender)
        assert refusal(actions.begin_scoring, story.tender, by=cast.buyer) == "There is no bid to score."


def test_interests_are_declared_by_whoever_scores_chairs_or_awards_and_by_nobody_else(order_at, cast, north):
    story = order_at("scoring")
    with acting_in(north):
        said = {
            refusal(actions.declare, story.tender, conflict=False, words="", by=getattr(cast, part))
            for part in ("supplier", "provider", "other_buyer", "lead", "manager")
        }
        for part in (cast.evaluator, cast.buyer):
            declaration = actions.declare(story.tender, conflict=False, words="", by=part)
            line = journalled(declaration, "declare", part)
            assert line.after == {"tender": story.tender.reference, "conflict": False}
        seats = dict(story.tender.panel.values_list("person", "conflict"))
    assert said == {"Whoever scores, chairs or awards declares their own interests."}
    assert seats == {"Eva Lindqvist": False, "Ewan Kerr": None}


def test_a_conflict_is_declared_at_any_time_stays_and_sets_the_scores_aside(order_at, cast, north):
    story = order_at("scored")
    with acting_in(north):
        before = Score.objects.counted().count()
        actions.declare(story.tender, conflict=True, words="My sister joined.", by=cast.evaluator)
        back = refusal(actions.declare, story.tender, conflict=False, words="", by=cast.evaluator)
        said = [
            (row.number, row.conflict, row.words)
            for row in Declaration.objects.filter(user=cast.evaluator.user)
        ]
        kept, counted = Score.objects.count(), Score.objects.counted()
        assert {score.seat.person for score in counted} == {"Ewan Kerr"}
        tender = done(actions.settle, story.tender, by=cast.buyer)
        seen = visible_scores(cast.buyer, tender)
        assert {score.seat.person for score in seen} == {"Ewan Kerr"}
    assert (before, kept, len(counted)) == (4, 4, 2)
    assert said == [(1, False, ""), (2, True, "My sister joined.")]
    assert (
        back == "You declared a conflict of interest, which stands. Ask the buyer to let somebody else do it."
    )


def test_a_conflict_declared_in_another_part_is_the_seats_as_well(order_at, cast, north):
    story = order_at("scored")
    played_for(cast.evaluator.user, cast.buyer.participation, "buyer")
    chair = Membership.objects.get(user=cast.evaluator.user, role="buyer")
    with acting_in(north):
        actions.declare(story.tender, conflict=True, words="Sister", by=chair)
        assert {score.seat.person for score in Score.objects.counted()} == {"Ewan Kerr"}


def test_scores_are_kept_one_after_another_and_the_journal_never_says_what(order_at, cast, north):
    story = order_at("declared")
    how, where = story.criteria
    with acting_in(north):
        seat = story.tender.panel.get(user=cast.evaluator.user)
        both = {how: (4, "Names people."), where: (0, "No place.")}
        done(actions.score, story.bid, both, by=cast.evaluator)
        line = journalled(seat, "score", cast.evaluator)
        changed = {how: (3, "On reflection."), where: (0, "No place.")}
        done(actions.score, story.bid, changed, by=cast.evaluator)
        given = set(Score.objects.values_list("criterion", "number", "grade", "rationale"))
        counted = set(Score.objects.counted().values_list("criterion", "grade"))
    assert given == {
        (how.pk, 1, 4, "Names people."),
        (how.pk, 2, 3, "On reflection."),
        (where.pk, 1, 0, "No place."),
    }
    assert counted == {(how.pk, 3), (where.pk, 0)}
    assert (line.before, line.after) == ({}, {"bid": str(story.bid.pk), "criteria": 2})


def test_an_older_tab_does_not_put_old_grades_back(order_at, cast, north):
    story = order_at("declared")
    how = story.criteria[0]
    with acting_in(north):
        older = sheet_read(story.bid, cast.evaluator)
        done(actions.score, story.bid, {how: (5, "Read twice.")}, by=cast.evaluator)
        with pytest.raises(Stale) as stale:
            actions.score(story.bid, {how: (1, "At first.")}, seen=older, by=cast.evaluator)
        grades = list(Score.objects.values_list("grade", flat=True))
    assert grades == [5]
    assert stale.value.current.as_shown()["grades"] == {
        "HOW: Deliverability": {"grade": 5, "rationale": "Read twice."}
    }


def test_two_sheets_of_a_bid_that_say_the_same_are_two_versions(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        assert sheet_read(story.bid, cast.evaluator) != sheet_read(story.bid, cast.evaluator2)


def test_nobody_scores_from_anothers_seat(order_at, cast, north):
    """A supplier's grades through an evaluator's seat: the seat is found from whoever acts, never given."""
    story = order_at("declared")
    grades = {story.criteria[0]: (0, "Worse than ours.")}
    with acting_in(north):
        said = {
            refusal(actions.score, story.bid, grades, by=getattr(cast, part))
            for part in ("rival", "supplier", "buyer", "lead", "provider")
        }
        assert Score.objects.count() == 0
    assert said == {"Only the panel of this tender scores its bids."}


def test_what_stands_against_scoring_is_said(order_at, cast, north):
    story, other = order_at("scoring"), order_at("declared")
    how = story.criteria[0]
    with acting_in(north):

        def said(by, grades=None):
            return refusal(actions.score, story.bid, grades or {how: (3, "r")}, by=by)

        assert said(cast.evaluator) == "Declare your interests first."
        actions.declare(story.tender, conflict=True, words="Sister", by=cast.evaluator2)
        assert said(cast.evaluator2) == (
            "You declared a conflict of interest, so you can't score in this tender."
        )
        actions.declare(story.tender, conflict=False, words="", by=cast.evaluator)
        scale = "Give every grade on the tender's own scale."
        assert said(cast.evaluator, {how: (6, "r")}) == said(cast.evaluator, {how: (-1, "r")}) == scale
        assert said(cast.evaluator, {how: (3, " ")}) == "Say for every grade why."
        strange = {other.criteria[0]: (3, "r")}
        assert said(cast.evaluator, strange) == "Give grades for this tender's own criteria."
        # One wrong grade, and none of the others is kept.
        assert said(cast.evaluator, {how: (3, "r"), story.criteria[1]: (6, "r")}) == scale
        assert Score.objects.filter(bid=story.bid).count() == 0


def other_quantity(body):
    body["lines"][0]["quantity"] = "1.00"


def other_weights(body):
    first, last = body["criteria"]
    first["weight"], last["weight"] = last["weight"], first["weight"]


UNTRUE = [
    (Bid, other_quantity, " is not what was sealed. Don't go on; tell the service's support."),
    (
        TenderVersion,
        other_weights,
        "What is published of this tender is not what was. Don't go on; tell the service's support.",
    ),
]


GRADE = {"grade": 3, "rationale": "r"}


AWARD = {"reason": "r", "standstill_until": None}


JUDGING = {
    "sealed": lambda s, c: refusal(actions.begin_scoring, s.tender, by=c.buyer),
    "declared": lambda s, c: refusal(actions.score, s.bid, {s.criteria[0]: (3, "r")}, by=c.evaluator),
    "moderation": lambda s, c: refusal(actions.agree_grade, s.bid, s.criteria[0], **GRADE, by=c.buyer),
    "settled": lambda s, c: refusal(actions.award, s.tender, s.bid, **AWARD, by=c.buyer),
    "awarded": lambda s, c: refusal(contracts.lock_in, s.tender, by=c.buyer),
}


@pytest.mark.parametrize("digest", [True, False], ids=["with its digest", "the body alone"])
@pytest.mark.parametrize(("model", "change", "sentence"), UNTRUE)
@pytest.mark.parametrize("stage", JUDGING)
def test_what_is_not_what_was_published_or_sealed_is_judged_by_nobody(
    order_at, cast, north, stage, model, change, sentence, digest
):
    story = order_at(stage)
    if stage == "sealed":
        with acting_in(north):
            closed(story.tender)
    with as_owner(north):  # the role that requests run under can't
        row = model.objects.last()
        change(row.body)
        changed = {"digest": digest_of(row.body)} if digest else {}
        model.objects.filter(pk=row.pk).update(body=row.body, **changed)
    with acting_in(north):
        assert JUDGING[stage](story, cast).endswith(sentence)


@pytest.mark.parametrize("stage", ["moderation", "awarded"])
def test_no_score_changes_after_the_individual_round(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        said = refusal(actions.score, story.bid, {story.criteria[0]: (1, "r")}, by=cast.evaluator)
        grades = set(Score.objects.values_list("grade", flat=True))
    assert (said, grades) == ("The individual round is not running.", {5})


def test_the_individual_round_ends_once_every_score_is_there(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        missing = refusal(actions.settle, story.tender, by=cast.buyer)
        story.walk("scored")
        tender = actions.settle(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "settle", cast.buyer)
        again = refusal(actions.settle, story.tender, by=cast.buyer)
    assert missing == "Scores that are still missing: 4."
    assert (tender.status, line.after) == ("moderation", {"status": "moderation"})
    assert again == NEVER_MORE.format("Moderation")


def test_the_round_does_not_end_before_everyone_has_declared_and_someone_may_score(order_at, cast, north):
    story = order_at("scoring")
    conflict = {"conflict": True, "words": "Sister"}
    with acting_in(north):
        actions.declare(story.tender, **conflict, by=cast.evaluator)
        undeclared = refusal(actions.settle, story.tender, by=cast.buyer)
        actions.declare(story.tender, **conflict, by=cast.evaluator2)
        nobody = refusal(actions.settle, story.tender, by=cast.buyer)
    assert undeclared == "Someone on the panel has not declared their interests yet."
    assert nobody == "Nobody on the panel may score. Every member declared a conflict of interest."
