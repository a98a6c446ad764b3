"""Two people act in one tender at the same moment."""

from spo.orders.models import Order
from spo.tenders import actions
from spo.tenders.models import Bid, Consensus, Score
from territories.journal.chain import verify
from territories.journal.models import Entry
from tests.cast import read, story_of
from tests.reading import at_once


def test_two_evaluators_score_at_once_and_both_are_kept(committed, north, cast):
    story = story_of(cast).walk("declared")
    with north:
        first, second = story.tender.panel.all()
    grades = dict.fromkeys(story.criteria, (4, "Named people"))
    done, refused = at_once(
        north,
        story.tender,
        lambda: actions.score(story.bid, first, grades, by=cast.evaluator),
        lambda: actions.score(story.bid, second, grades, by=cast.evaluator2),
    )
    with north:
        assert Score.objects.count() == 4
        assert Entry.objects.filter(verb="score").count() == 2
        assert verify().broken is None
    assert (len(done), refused) == (2, [])


def test_one_evaluator_who_saves_twice_at_once_has_one_score_each(committed, north, cast):
    story = story_of(cast).walk("declared")
    with north:
        seat = story.tender.panel.first()
    grades = dict.fromkeys(story.criteria, (4, "Named people"))

    def save():
        return actions.score(story.bid, seat, grades, by=cast.evaluator)

    done, refused = at_once(north, story.tender, save, save)
    with north:
        assert Score.objects.count() == 2
    assert (len(done), refused) == (2, [])


def test_two_people_of_one_supplier_submit_at_once_and_one_bid_stands(committed, north, cast):
    story, other = story_of(cast).walk("open"), story_of(cast).walk("agreed")
    done, refused = at_once(
        north,
        story.tender,
        lambda: actions.submit(story.order, story.tender, seen=read(story.order), by=cast.supplier),
        lambda: actions.submit(other.order, story.tender, seen=read(other.order), by=cast.traveller),
    )
    with north:
        assert Bid.objects.count() == 1
        assert sorted(Order.objects.values_list("status", flat=True)) == ["agreed", "sealed"]
    assert (len(done), refused) == (1, ["You have submitted an order in this tender already."])


def test_one_order_submitted_in_two_tenders_at_once_is_sealed_in_one(committed, north, cast):
    story, other = story_of(cast).walk("open"), story_of(cast).walk("open")
    done, refused = at_once(
        north,
        story.order,
        lambda: actions.submit(story.order, story.tender, seen=read(story.order), by=cast.supplier),
        lambda: actions.submit(story.order, other.tender, seen=read(story.order), by=cast.traveller),
    )
    with north:
        assert Bid.objects.count() == 1
    assert (len(done), refused) == (1, ["This is not possible any more: the order is now “Sealed in a bid”."])


def test_a_score_sent_while_the_round_ends_counts_before_it_or_not_at_all(committed, north, cast):
    story = story_of(cast).walk("scored")
    with north:
        seat = story.tender.panel.first()
    _done, refused = at_once(
        north,
        story.tender,
        lambda: actions.score(story.bid, seat, {story.criteria[0]: (1, "Late")}, by=cast.evaluator),
        lambda: actions.settle(story.tender, seen=read(story.tender), by=cast.buyer),
    )
    with north:
        verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))[-2:]
        late = Score.objects.filter(rationale="Late").count()
    assert (verbs, late, refused) in [
        (["score", "settle"], 1, []),
        (["score", "settle"], 0, ["The individual round is not running."]),
    ]


def test_two_chairs_record_one_grade_at_once_and_one_stands(committed, north, cast):
    story = story_of(cast).walk("moderation")

    def record(grade):
        return actions.agree_grade(story.bid, story.criteria[0], grade=grade, rationale="r", by=cast.buyer)

    done, refused = at_once(north, story.tender, lambda: record(3), lambda: record(4))
    with north:
        assert Consensus.objects.count() == 1
    assert (len(done), refused) == (1, ["The panel's grade for this criterion is recorded already."])
