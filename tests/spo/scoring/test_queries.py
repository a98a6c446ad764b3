"""Who sees what when: bids sealed until the close, scores apart until moderation, consensus after the award."""

import pytest

from spo.scoring import actions
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import seat_of
from spo.scoring.queries.scores import (
    missing_scores,
    my_progress,
    standing,
    unsettled_grades,
    visible_consensus,
    visible_scores,
)
from spo.scoring.queries.tenders import waiting_for
from spo.tenders.queries import tenders_seen_by
from tests.client import acting_in
from tests.reading import as_owner, done
from tests.seen import read

PARTS = [
    "buyer", "other_buyer", "evaluator", "evaluator2", "supplier", "traveller", "rival", "provider",
    "other_provider", "lead", "manager", "colleague", "researcher",
]  # fmt: skip


def seen(read, cast, tender) -> dict[str, int]:
    """How many rows each part sees; parts that see none are left out."""
    counts = {part: read(getattr(cast, part), tender).count() for part in PARTS}
    return {part: count for part, count in counts.items() if count}


OWN = {"supplier": 1, "traveller": 1, "rival": 1}


@pytest.mark.parametrize(
    ("stage", "bids", "scores", "consensus"),
    [
        pytest.param("sealed", OWN, {}, {}, id="open: sealed for everyone but who submitted"),
        pytest.param("scoring", OWN | {"buyer": 2}, {}, {}, id="scoring: closed to who has not declared"),
        pytest.param("declared", OWN | {"buyer": 2, "evaluator": 2, "evaluator2": 2}, {}, {}, id="declared"),
        pytest.param(
            "scored",
            OWN | {"buyer": 2, "evaluator": 2, "evaluator2": 2},
            {"evaluator": 4, "evaluator2": 4},
            {},
            id="scored: each their own, the buyer none",
        ),
        pytest.param(
            "moderation",
            OWN | {"buyer": 2, "evaluator": 2, "evaluator2": 2},
            {"buyer": 8, "evaluator": 8, "evaluator2": 8},
            {},
            id="moderation: panel and buyer all of them, suppliers none",
        ),
        pytest.param(
            "settled",
            OWN | {"buyer": 2, "evaluator": 2, "evaluator2": 2},
            {"buyer": 8, "evaluator": 8, "evaluator2": 8},
            {"buyer": 4, "evaluator": 4, "evaluator2": 4},
            id="settled: suppliers see no grade before the award",
        ),
        pytest.param(
            "awarded",
            OWN | {"buyer": 2, "evaluator": 2, "evaluator2": 2},
            {"buyer": 8, "evaluator": 8, "evaluator2": 8},
            {"buyer": 4, "evaluator": 4, "evaluator2": 4, "supplier": 2, "traveller": 2, "rival": 2},
            id="awarded: each supplier the panel's words on its own bid",
        ),
    ],
)
def test_blindness_by_phase_and_part(contest, cast, north, stage, bids, scores, consensus):
    ours, _theirs = contest(stage)
    with north:
        tender = ours.tender
        assert seen(bids_seen_by, cast, tender) == bids
        assert seen(visible_scores, cast, tender) == scores
        assert seen(visible_consensus, cast, tender) == consensus


def test_in_the_individual_round_an_evaluator_sees_their_own_scores_only(contest, cast, north):
    ours, _theirs = contest("scored")
    with north:
        own = visible_scores(cast.evaluator, ours.tender)
        assert set(own.values_list("seat__user", flat=True)) == {cast.evaluator.user_id}


def test_a_supplier_reads_its_own_bid_and_the_words_on_it_and_no_rivals(contest, cast, north):
    ours, theirs = contest("awarded")
    with north:
        assert list(bids_seen_by(cast.rival, ours.tender)) == [theirs.bid]
        words = visible_consensus(cast.rival, ours.tender)
        assert set(words.values_list("bid", "grade")) == {(theirs.bid.pk, 2)}


def test_who_declared_a_conflict_sees_nothing_ever(contest, cast, north):
    ours, _theirs = contest("scoring")
    with acting_in(north):
        actions.declare(ours.tender, conflict=True, words="Sister", by=cast.evaluator2)
        for part in (cast.evaluator, cast.buyer):
            actions.declare(ours.tender, conflict=False, words="", by=part)
        for bid in ours.tender.bids.all():
            grades = dict.fromkeys(ours.criteria, (3, "Fair"))
            done(actions.score, bid, grades, by=cast.evaluator)
        actions.settle(ours.tender, seen=read(ours.tender), by=cast.buyer)
    for stage in ("settled", "awarded"):
        ours.stage = "moderation" if stage == "settled" else ours.stage
        ours.walk(stage)
        with north:
            assert bids_seen_by(cast.evaluator2, ours.tender).count() == 0
            assert visible_scores(cast.evaluator2, ours.tender).count() == 0
            assert visible_consensus(cast.evaluator2, ours.tender).count() == 0
            seat = seat_of(cast.evaluator2, ours.tender)
            assert my_progress(cast.evaluator2, ours.tender, seat) == []
            assert visible_scores(cast.evaluator, ours.tender).count() == 4


def test_the_panel_of_another_tender_sees_nothing_of_this_one(contest, order_at, cast, north):
    ours, _theirs = contest("scored")
    tender = order_at("prepared").tender
    with as_owner(north):
        tender.panel.all().delete()
    with acting_in(north):
        actions.appoint(tender, cast.evaluator, by=cast.buyer)
    with north:
        assert seat_of(cast.evaluator2, tender) is None
        assert seat_of(cast.buyer, ours.tender) is None
        assert visible_scores(cast.evaluator, tender).count() == 0


def test_drafts_are_seen_by_their_buyer_only(order_at, cast, north):
    story = order_at("prepared")
    with north:
        can = {part for part in PARTS if tenders_seen_by(getattr(cast, part)).count()}
        assert can == {"buyer"}
    story.walk("open")
    with north:
        assert {part for part in PARTS if tenders_seen_by(getattr(cast, part)).count()} == set(PARTS)


def test_missing_scores_are_counted_for_the_panel_and_for_one(contest, cast, north):
    ours, _theirs = contest("declared")
    how, _where = ours.criteria
    with acting_in(north):
        seats = list(ours.tender.panel.all())
        before = [
            missing_scores(ours.tender),
            *(missing_scores(ours.tender, s) for s in seats),
        ]
        done(actions.score, ours.bid, {how: (3, "r")}, by=cast.evaluator)
        after = [
            missing_scores(ours.tender),
            *(missing_scores(ours.tender, s) for s in seats),
        ]
        mine = my_progress(cast.evaluator, ours.tender, seats[0])
        progress = [(row["given"], row["wanted"]) for row in mine]
    assert (before, after) == ([8, 4, 4], [7, 3, 4])
    assert progress == [(1, 2), (0, 2)]


def test_the_ranking_is_there_once_every_grade_is_agreed(contest, cast, north):
    ours, theirs = contest("moderation")
    with acting_in(north):
        assert (unsettled_grades(ours.tender), standing(ours.tender)) == (4, [])
        for bid, grades in ((ours.bid, (4, 3)), (theirs.bid, (2, 5))):
            for criterion, grade in zip(ours.criteria, grades, strict=True):
                done(actions.agree_grade, bid, criterion, grade=grade, rationale="r", by=cast.buyer)
        rows = [(row.rank, row.bid, str(row.points)) for row in standing(ours.tender)]
    # 60 × 4/5 + 40 × 3/5 and 60 × 2/5 + 40 × 5/5
    assert rows == [(1, ours.bid, "72.00"), (2, theirs.bid, "64.00")]


def test_what_waits_is_said_to_the_one_who_can_go_on(order_at, cast, north):
    story = order_at("sealed")
    title = story.tender.title

    def waiting(part):
        with north:
            return [entry.sentence for entry in waiting_for(getattr(cast, part))]

    assert waiting("evaluator") == [f"Declare your interests for “{title}”"]
    assert waiting("buyer") == waiting("supplier") == []
    story.walk("declared")
    assert waiting("evaluator") == [f"Score the bids of “{title}”"]
    assert waiting("buyer") == [f"Take “{title}” to its next step"]
    assert waiting("other_buyer") == []
    story.walk("scored")
    assert waiting("evaluator") == []
    story.walk("awarded")
    assert waiting("buyer") == []
