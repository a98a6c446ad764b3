"""Two people act on one order at the same moment: one effect, and one sentence."""

from spo.orders import actions
from spo.orders.models import Commitment, Order
from territories.journal.chain import verify
from territories.journal.models import Entry
from tests.client import acting_in
from tests.reading import at_once
from tests.seen import read
from tests.story import commitment, story_of


def test_two_providers_agree_the_last_lines_at_once_and_the_order_is_agreed(committed, north, cast):
    story, other = (
        story_of(cast).walk("draft"),
        story_of(cast, provider=cast.other_provider).walk("published"),
    )
    with acting_in(north):
        second = actions.add_commitment(story.order, by=cast.supplier, **commitment(other.activity))
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    done, refused = at_once(
        north,
        story.order,
        lambda: actions.agree(story.line, seen=read(story.line), by=cast.provider),
        lambda: actions.agree(second, seen=read(second), by=cast.other_provider),
    )
    with north:
        assert Order.objects.get().status == "agreed"
        assert set(Commitment.objects.values_list("status", flat=True)) == {"agreed"}
        assert verify().broken is None
    assert (len(done), refused) == (2, [])


def test_a_line_agreed_while_the_order_is_taken_back_is_agreed_or_refused_never_both(committed, north, cast):
    story = story_of(cast).walk("offered")
    _done, refused = at_once(
        north,
        story.order,
        lambda: actions.agree(story.line, seen=read(story.line), by=cast.provider),
        lambda: actions.take_back(story.order, seen=read(story.order), by=cast.supplier),
    )
    with north:
        order, line = Order.objects.get(), Commitment.objects.get()
        verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))[-2:]
    # Whoever was first did it, and the other had not seen that.
    assert (order.status, line.status, refused, verbs) in [
        ("agreed", "agreed", ["This has changed since you opened the page."], ["offer", "agree"]),
        ("draft", "proposed", ["The supplier is not offering this order now."], ["offer", "take back"]),
    ]


def test_an_order_offered_twice_at_once_is_offered_once(committed, north, cast):
    story = story_of(cast).walk("draft")
    done, refused = at_once(
        north,
        story.order,
        lambda: actions.offer(story.order, seen=read(story.order), by=cast.supplier),
        lambda: actions.offer(story.order, seen=read(story.order), by=cast.traveller),
    )
    with north:
        assert Entry.objects.filter(verb="offer").count() == 1
    assert (len(done), refused) == (
        1,
        ["This is not possible any more: the order is now “With the providers”."],
    )


def test_lines_added_at_once_have_numbers_of_their_own(committed, north, cast):
    story = story_of(cast).walk("draft")
    one, other = (commitment(story.activity, how=how) for how in ("Twice a week.", "In June."))
    done, refused = at_once(
        north,
        story.order,
        lambda: actions.add_commitment(story.order, by=cast.supplier, **one),
        lambda: actions.add_commitment(story.order, by=cast.traveller, **other),
    )
    assert (sorted(line.number for line in done), refused) == ([2, 3], [])


def test_a_line_removed_while_it_is_rewritten_is_rewritten_or_said_to_be_gone(committed, north, cast):
    story = story_of(cast).walk("draft")
    with north:
        seen = read(story.line)
    facts = commitment(story.activity, how="Twice a week.")
    _done, refused = at_once(
        north,
        story.order,
        lambda: actions.remove_commitment(story.line, seen=seen, by=cast.supplier),
        lambda: actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts),
    )
    with north:
        lines = list(Commitment.objects.values_list("how", flat=True))
    assert (lines, refused) in [
        ([], ["This is not there any more: somebody removed it meanwhile."]),
        (["Twice a week."], ["This has changed since you opened the page."]),
    ]


def test_a_line_that_is_sent_twice_at_once_is_added_once(committed, north, cast):
    story = story_of(cast).walk("draft")
    facts = commitment(story.activity, how="Twice a week.")

    def add():
        return actions.add_commitment(story.order, by=cast.supplier, **facts)

    _added, refused = at_once(north, story.order, add, add)
    with north:
        assert Commitment.objects.filter(how="Twice a week.").count() == 1
    assert refused == ["This order has this very line already. Change it there, or make this one different."]
