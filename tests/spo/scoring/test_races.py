"""Two people act in one tender at the same moment."""

from spo.orders.models import Order
from spo.scoring import actions
from spo.scoring.models import Bid, Consensus, Score
from spo.tenders import actions as tenders
from territories.journal.chain import verify
from territories.journal.models import Entry
from tests.client import acting_in
from tests.reading import at_once, done
from tests.seen import agenda_read, read, sheet_read
from tests.story import story_of, written_for


def test_two_evaluators_score_at_once_and_both_are_kept(committed, north, cast):
    story = story_of(cast).walk("declared")
    grades = dict.fromkeys(story.criteria, (4, "Named people"))
    kept, refused = at_once(
        north,
        story.tender,
        lambda: done(actions.score, story.bid, grades, by=cast.evaluator),
        lambda: done(actions.score, story.bid, grades, by=cast.evaluator2),
    )
    with north:
        assert Score.objects.count() == 4
        assert Entry.objects.filter(verb="score").count() == 2
        assert verify().broken is None
    assert (len(kept), refused) == (2, [])


def test_a_criterion_removed_twice_at_once_is_removed_once_and_the_other_is_told(committed, north, cast):
    story = story_of(cast).walk("prepared")
    criterion = story.criteria[0]
    with north:
        seen = read(criterion)

    def remove():
        return tenders.remove_criterion(criterion, seen=seen, by=cast.buyer)

    removed, refused = at_once(north, story.tender, remove, remove)
    assert (removed, refused) == ([None], ["This is not there any more: somebody removed it meanwhile."])


def test_of_two_tabs_that_save_at_once_the_second_is_told(committed, north, cast):
    story = story_of(cast).walk("declared")
    with north:
        seen = sheet_read(story.bid, cast.evaluator)

    def save(grade):
        grades = dict.fromkeys(story.criteria, (grade, "Named people"))
        return actions.score(story.bid, grades, seen=seen, by=cast.evaluator)

    kept, refused = at_once(north, story.tender, lambda: save(2), lambda: save(5))
    with north:
        assert Score.objects.count() == 2
        assert len(set(Score.objects.values_list("grade", flat=True))) == 1
    assert (len(kept), refused) == (1, ["This has changed since you opened the page."])


def test_who_is_taken_off_while_they_save_scores_before_it_or_not_at_all(committed, north, cast):
    story = story_of(cast).walk("declared")
    grades = dict.fromkeys(story.criteria, (4, "Named people"))
    with north:
        seen = sheet_read(story.bid, cast.evaluator2)
        off = read(story.panel[1])
    kept, refused = at_once(
        north,
        story.tender,
        lambda: actions.score(story.bid, grades, seen=seen, by=cast.evaluator2),
        lambda: actions.dismiss(story.panel[1], seen=off, by=cast.buyer),
    )
    with north:
        counted = Score.objects.counted().count()
    assert (len(kept), counted, refused) in [
        (1, 2, ["Ewan Kerr has scored already, and plays a part here: their scores count."]),
        (1, 0, ["Only the panel of this tender scores its bids."]),
    ]


def test_two_people_of_one_supplier_submit_at_once_and_one_bid_stands(committed, north, cast):
    story, other = story_of(cast).walk("open"), story_of(cast).walk("agreed")
    with acting_in(north):
        for order in (story.order, other.order):
            written_for(order, story.tender, cast.supplier, cast)
    kept, refused = at_once(
        north,
        story.tender,
        lambda: done(actions.submit, story.order, story.tender, by=cast.supplier),
        lambda: done(actions.submit, other.order, story.tender, by=cast.traveller),
    )
    with north:
        assert Bid.objects.count() == 1
        assert sorted(Order.objects.values_list("status", flat=True)) == ["agreed", "sealed"]
    assert (len(kept), refused) == (1, ["You have submitted an order in this tender already."])


def test_one_order_submitted_twice_at_once_is_sealed_once(committed, north, cast):
    story = story_of(cast).walk("open")
    with acting_in(north):
        written_for(story.order, story.tender, cast.supplier, cast)
    kept, refused = at_once(
        north,
        story.order,
        lambda: done(actions.submit, story.order, story.tender, by=cast.supplier),
        lambda: done(actions.submit, story.order, story.tender, by=cast.traveller),
    )
    with north:
        assert Bid.objects.count() == 1
    assert (len(kept), refused) == (1, ["This is not possible any more: the order is now “Sealed in a bid”."])


def test_a_score_sent_while_the_round_ends_counts_before_it_or_not_at_all(committed, north, cast):
    story = story_of(cast).walk("scored")
    with north:
        seen, whole = sheet_read(story.bid, cast.evaluator), read(story.tender)
    _done, refused = at_once(
        north,
        story.tender,
        lambda: actions.score(story.bid, {story.criteria[0]: (1, "Late")}, seen=seen, by=cast.evaluator),
        lambda: actions.settle(story.tender, seen=whole, by=cast.buyer),
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

    with north:
        seen = agenda_read(story.bid, cast.buyer)

    def record(grade):
        facts = {"grade": grade, "rationale": "r", "seen": seen}
        return actions.agree_grade(story.bid, story.criteria[0], **facts, by=cast.buyer)

    kept, refused = at_once(north, story.tender, lambda: record(3), lambda: record(4))
    with north:
        assert Consensus.objects.count() == 1
    assert (len(kept), refused) == (1, ["The panel's grade for this criterion is recorded already."])
