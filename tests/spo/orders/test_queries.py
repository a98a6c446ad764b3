"""Who reads which orders and lines, and what waits for whom."""

import pytest

from spo.orders import actions, queries
from tests.client import acting_in
from tests.seen import read
from tests.story import commitment


@pytest.fixture
def rivals(order_at, cast, north):
    """Two offered orders: ours to two providers, the rival's to one; and a draft of ours."""
    story, other = order_at("draft"), order_at("published", provider=cast.other_provider)
    with acting_in(north):
        actions.add_commitment(story.order, by=cast.supplier, **commitment(other.activity))
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    rival = order_at("offered", supplier=cast.rival)
    draft = order_at("draft")
    return {"ours": story.order, "theirs": rival.order, "draft": draft.order}


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("supplier", {"ours", "draft"}),
        ("traveller", {"ours", "draft"}),
        ("rival", {"theirs"}),
        ("provider", {"ours", "theirs"}),
        ("other_provider", {"ours"}),
        ("buyer", set()),
        ("evaluator", set()),
        ("lead", set()),
        ("colleague", set()),
        ("manager", set()),
        ("researcher", set()),
    ],
)
def test_orders_are_read_by_their_supplier_and_the_providers_in_them(rivals, cast, north, part, seen):
    with north:
        rows = set(queries.orders_seen_by(getattr(cast, part)))
    assert rows == {rivals[name] for name in seen}


@pytest.mark.parametrize(
    ("part", "numbers"), [("supplier", [1, 2]), ("provider", [1]), ("other_provider", [2]), ("rival", None)]
)
def test_a_provider_reads_the_lines_to_itself_only(rivals, cast, north, part, numbers):
    with north:
        order = queries.whole_order(getattr(cast, part)).filter(pk=rivals["ours"].pk).first()
        assert (order and [line.number for line in order.lines_seen]) == numbers
        found = queries.commitments_seen_by(getattr(cast, part)).filter(order=rivals["ours"])
        assert [line.number for line in found] == (numbers or [])


def test_the_list_counts_and_adds_the_lines(rivals, cast, north):
    with acting_in(north):
        line = rivals["ours"].commitments.get(number=1)
        actions.agree(line, seen=read(line), by=cast.provider)
        row = queries.order_list(cast.supplier).get(pk=rivals["ours"].pk)
        # A provider is told of the lines to itself, not what others get.
        own = queries.order_list(cast.other_provider).get(pk=rivals["ours"].pk)
    assert (row.lines, row.agreed, str(row.cost)) == (2, 1, "4800.00")
    assert (own.lines, own.agreed, str(own.cost)) == (1, 0, "2400.00")


def test_what_waits_is_said_to_the_one_who_can_go_on(rivals, cast, north):
    ours, theirs = rivals["ours"], rivals["theirs"]

    def waiting(part):
        return [entry.sentence for entry in queries.waiting_for(getattr(cast, part))]

    with acting_in(north):
        assert sorted(waiting("provider")) == sorted(
            [
                f"Decide on what Ridgeway Builders Ltd offers you in {ours.reference}",
                f"Decide on what Cherwell Facilities Ltd offers you in {theirs.reference}",
            ]
        )
        assert waiting("supplier") == waiting("buyer") == []
        actions.send_back(
            ours.commitments.get(number=1),
            note="Days",
            seen=read(ours.commitments.get(number=1)),
            by=cast.provider,
        )
        actions.agree(
            ours.commitments.get(number=2), seen=read(ours.commitments.get(number=2)), by=cast.other_provider
        )
        actions.agree(theirs.commitments.get(), seen=read(theirs.commitments.get()), by=cast.provider)
        assert waiting("supplier") == [f"Change what a provider returned in {ours.reference}"]
        assert waiting("rival") == [f"Submit {theirs.reference} in a tender: it is agreed"]
        assert waiting("provider") == []
