"""Every act on orders and their lines: what it writes, its line in the journal, its refusals."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from community.models import Activity
from spo.orders import actions
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from spo.orders.rules import why_not_seal
from territories.refusal import Refused, Stale
from tests.cast import acting_in, commitment
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal

NEVER_MORE = "This is not possible any more: the {thing} is now “{state}”."


def put(order: Order, status: str) -> None:
    Order.objects.filter(pk=order.pk).update(status=status)


# ---- drafting ----


def test_an_order_starts_as_a_draft_of_its_supplier(north, cast):
    with acting_in(north):
        order = actions.draft_order(title="Coaches", approach="We meet monthly.", by=cast.supplier)
        line = journalled(order, "draft", cast.supplier)
    assert (order.status, order.version, order.supplier) == ("draft", 1, cast.supplier.organisation)
    assert (order.reference[:4], len(order.reference)) == ("SPO-", 13)
    assert line.after == {"reference": order.reference}


def test_a_draft_is_described_anew_by_any_of_the_suppliers_people(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        order = actions.describe_order(story.order, version=1, title="T", approach="A", by=cast.traveller)
        line = journalled(order, "describe", cast.traveller)
        order.refresh_from_db()
    assert (order.title, order.approach, order.version, line.after) == ("T", "A", 2, {"version": 2})


def test_a_save_over_someone_elses_is_stale(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        actions.describe_order(story.order, version=1, title="Theirs", approach="A", by=cast.traveller)
        with pytest.raises(Stale) as order:
            actions.describe_order(story.order, version=1, title="Mine", approach="A", by=cast.supplier)
        facts = commitment(story.activity)
        actions.rewrite_commitment(story.line, version=1, by=cast.traveller, **facts)
        with pytest.raises(Stale) as line:
            actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        story.order.refresh_from_db()
    assert str(order.value.reason) == "Someone else saved this order meanwhile."
    assert (order.value.current.title, story.order.title) == ("Theirs", "Theirs")
    assert str(line.value.reason) == "Someone else saved this commitment meanwhile."
    assert line.value.current.version == 2


def test_lines_are_numbered_as_they_are_added(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        second = actions.add_commitment(story.order, by=cast.supplier, **commitment(story.activity))
        line = journalled(story.order, "add commitment", cast.supplier)
    assert (second.number, second.status, second.version, second.decided_by_id) == (2, "proposed", 1, None)
    assert line.after == {"number": 2, "activity": str(story.activity.pk)}
    assert str(second) == "120 hours, Staff volunteering"


def test_a_line_keeps_the_title_that_the_activity_had_when_it_was_written(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        Activity.objects.filter(pk=story.activity.pk).update(title="Saturday rugby")
        story.line.refresh_from_db()
        kept = story.line.activity_title
        facts = commitment(Activity.objects.get(pk=story.activity.pk))
        line = actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        line.refresh_from_db()
    assert (kept, line.activity_title) == ("Friday night football", "Saturday rugby")


def test_a_line_is_removed(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        actions.remove_commitment(story.line, by=cast.supplier)
        line = journalled(story.order, "remove commitment", cast.supplier)
        assert (line.before, story.order.commitments.count()) == ({"number": 1}, 0)


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_a_published_activity_is_open_to_support(order_at, cast, north, status):
    story = order_at("draft")
    with acting_in(north):
        time = None if status == "draft" else story.activity.published_at
        Activity.objects.filter(pk=story.activity.pk).update(status=status, published_at=time)
        story.activity.refresh_from_db()
        facts = commitment(story.activity)
        said = {
            refusal(actions.add_commitment, story.order, by=cast.supplier, **facts),
            refusal(actions.rewrite_commitment, story.line, version=1, by=cast.supplier, **facts),
        }
    assert said == {"The activity “Friday night football” is not open to support."}


def writings(story, by):
    """Every act that writes in an order."""
    facts = commitment(story.activity)
    return [
        lambda: actions.describe_order(story.order, version=1, title="T", approach="A", by=by),
        lambda: actions.add_commitment(story.order, by=by, **facts),
        lambda: actions.rewrite_commitment(story.line, version=1, by=by, **facts),
        lambda: actions.remove_commitment(story.line, by=by),
    ]


@pytest.mark.parametrize("part", ["rival", "provider", "buyer", "lead"])
def test_nobody_but_its_supplier_writes_in_an_order(order_at, cast, north, part):
    story = order_at("draft")
    with acting_in(north):
        said = {refusal(act) for act in writings(story, getattr(cast, part))}
    assert said == {"Only the supplier whose order it is can change it."}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("offered", "The order is with the providers. Take it back to change it."),
        ("agreed", "The order is with the providers. Take it back to change it."),
        ("sealed", "The order is sealed, so it can't be changed any more."),
        ("locked", "The order is sealed, so it can't be changed any more."),
        ("void", "The order is sealed, so it can't be changed any more."),
    ],
)
def test_an_order_is_written_in_while_it_is_a_draft(order_at, cast, north, status, sentence):
    story = order_at("draft")
    with acting_in(north):
        put(story.order, status)
        assert {refusal(act) for act in writings(story, cast.supplier)} == {sentence}


# ---- offering ----


def test_offering_puts_the_order_before_the_providers(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        order = actions.offer(story.order, by=cast.supplier)
        line = journalled(order, "offer", cast.supplier)
        order.refresh_from_db()
    assert (order.status, line.before, line.after) == ("offered", {"status": "draft"}, {"status": "offered"})


def test_an_order_whose_lines_are_all_agreed_already_is_agreed_at_once(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        actions.take_back(story.order, by=cast.supplier)
        order = actions.offer(story.order, by=cast.supplier)
        line = journalled(order, "offer", cast.supplier)
        order.refresh_from_db()
    assert (order.status, line.after) == ("agreed", {"status": "agreed"})


def test_what_stands_against_an_offer_is_said(order_at, cast, north):
    story = order_at("offered")
    with acting_in(north):
        assert refusal(actions.offer, story.order, by=cast.rival) == (
            "Only the supplier whose order it is can offer it."
        )
        assert refusal(actions.offer, story.order, by=cast.supplier) == NEVER_MORE.format(
            thing="order", state="With the providers"
        )
        actions.send_back(story.line, note="Other days", by=cast.provider)
        assert (
            refusal(actions.offer, story.order, by=cast.supplier)
            == "Change the returned commitments first: 1."
        )
        actions.remove_commitment(story.line, by=cast.supplier)
        assert refusal(actions.offer, story.order, by=cast.supplier) == "Add at least one commitment first."


@pytest.mark.parametrize("stage", ["offered", "agreed"])
def test_an_order_is_taken_back_to_change_it(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        order = actions.take_back(story.order, by=cast.supplier)
        line = journalled(order, "take back", cast.supplier)
        order.refresh_from_db()
    assert (order.status, line.before, line.after) == ("draft", {"status": stage}, {"status": "draft"})


def test_what_stands_against_taking_back_is_said(order_at, cast, north):
    story = order_at("sealed")
    with acting_in(north):
        assert refusal(actions.take_back, story.order, by=cast.rival) == (
            "Only the supplier whose order it is can take it back."
        )
        assert refusal(actions.take_back, story.order, by=cast.supplier) == NEVER_MORE.format(
            thing="order", state="Sealed in a bid"
        )


# ---- deciding ----


def two_lines(order_at, cast, north):
    """An order with a line for each of two providers, offered."""
    story, other = order_at("draft"), order_at("published", provider=cast.other_provider)
    with acting_in(north):
        second = actions.add_commitment(story.order, by=cast.supplier, **commitment(other.activity))
        actions.offer(story.order, by=cast.supplier)
    return story, second


def test_the_order_is_agreed_with_its_last_line(order_at, cast, north):
    story, second = two_lines(order_at, cast, north)
    with acting_in(north):
        line = actions.agree(story.line, by=cast.provider)
        entry = journalled(line, "agree", cast.provider)
        half_way = Order.objects.get(pk=story.order.pk).status
        actions.agree(second, by=cast.other_provider)
        whole = Order.objects.get(pk=story.order.pk).status
        line.refresh_from_db()
    assert (half_way, whole) == ("offered", "agreed")
    assert (line.status, line.decided_by_id, line.decided_at is None) == (
        "agreed",
        cast.provider.user_id,
        False,
    )
    assert entry.after == {"order": story.order.reference, "number": 1}


def test_a_returned_line_makes_it_a_draft_once_all_are_decided(order_at, cast, north):
    story, second = two_lines(order_at, cast, north)
    with acting_in(north):
        line = actions.send_back(story.line, note="Other days", by=cast.provider)
        entry = journalled(line, "return", cast.provider)
        half_way = Order.objects.get(pk=story.order.pk).status
        actions.agree(second, by=cast.other_provider)
        line.refresh_from_db()
        order = Order.objects.get(pk=story.order.pk)
        lines = list(order.commitments.values_list("status", "decision_note"))
    assert (half_way, order.status) == ("offered", "draft")
    assert lines == [("returned", "Other days"), ("agreed", "")]
    assert entry.after == {"order": story.order.reference, "number": 1}


def test_only_the_provider_itself_decides_on_what_is_given_to_it(order_at, cast, north):
    story = order_at("offered")
    with acting_in(north):
        said = {
            part: refusal(actions.agree, story.line, by=getattr(cast, part))
            for part in ("supplier", "lead", "colleague", "other_provider")
        }
    nobody_else = "Only the provider decides on this commitment."
    assert said == {
        "supplier": nobody_else,
        "lead": nobody_else,
        "colleague": nobody_else,
        "other_provider": "This commitment is for another provider.",
    }


def test_a_line_is_decided_on_once_and_while_the_order_is_offered(order_at, cast, north):
    story, _second = two_lines(order_at, cast, north)
    with acting_in(north):
        actions.agree(story.line, by=cast.provider)
        again = {
            refusal(actions.agree, story.line, by=cast.provider),
            refusal(actions.send_back, story.line, note="After all", by=cast.provider),
        }
        actions.take_back(story.order, by=cast.supplier)
        withdrawn = refusal(actions.agree, story.line, by=cast.provider)
    assert again == {NEVER_MORE.format(thing="commitment", state="Agreed")}
    assert withdrawn == "The supplier is not offering this order now."


def test_what_is_rewritten_is_to_be_decided_anew(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        actions.take_back(story.order, by=cast.supplier)
        facts = commitment(story.activity, quantity=Decimal("80.00"))
        line = actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        entry = journalled(story.order, "rewrite commitment", cast.supplier)
        line.refresh_from_db()
        order = actions.offer(story.order, by=cast.supplier)
    assert (line.status, line.decided_by, line.decided_at) == ("proposed", None, None)
    assert (line.quantity, line.version, order.status) == (Decimal("80.00"), 2, "offered")
    assert entry.after == {"number": 1, "version": 2}


# ---- sealing, a rule that tenders ask ----


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "Every commitment has to be agreed by its provider before the order can be submitted."),
        ("offered", "Every commitment has to be agreed by its provider before the order can be submitted."),
        ("agreed", None),
        ("sealed", NEVER_MORE.format(thing="order", state="Sealed in a bid")),
        ("locked", NEVER_MORE.format(thing="order", state="Locked into a contract")),
        ("void", NEVER_MORE.format(thing="order", state="Void")),
    ],
)
def test_an_order_is_sealed_once_it_is_agreed(cast, status, sentence):
    order = Order(supplier=cast.supplier.organisation, status=status)
    said = why_not_seal(order, cast.supplier)
    assert (said if said is None else str(said)) == sentence
    assert str(why_not_seal(order, cast.rival)) == "Only the supplier whose order it is can submit it."


# ---- flows ----


def test_the_flow_of_an_order_has_these_edges_and_no_others():
    assert edges(ORDER) == {
        ("offer", "draft", "offered"),
        ("complete", "offered", "agreed"),
        ("return", "offered", "draft"),
        ("take back", "offered", "draft"),
        ("take back", "agreed", "draft"),
        ("seal", "agreed", "sealed"),
        ("lock", "sealed", "locked"),
        ("void", "sealed", "void"),
    }


def test_the_flow_of_a_line_has_these_edges_and_no_others():
    assert edges(COMMITMENT) == {
        ("agree", "proposed", "agreed"),
        ("return", "proposed", "returned"),
        ("rewrite", "proposed", "proposed"),
        ("rewrite", "agreed", "proposed"),
        ("rewrite", "returned", "proposed"),
    }


@pytest.mark.parametrize(
    ("flow", "verb", "state"),
    [(flow, *wrong) for flow in (ORDER, COMMITMENT) for wrong in forbidden(flow)],
    ids=lambda value: getattr(value, "name", value) and str(getattr(value, "name", value)),
)
def test_a_forbidden_edge_is_a_sentence(flow, verb, state):
    label = flow.states(state).label
    assert str(flow.why_not(state, verb)) == NEVER_MORE.format(thing=flow.name, state=label)
    with pytest.raises(Refused):
        flow.after(state, verb)


# ---- what the database keeps ----


def lines(story):
    return Commitment.objects.filter(pk=story.line.pk)


def the_same_number(story):
    story.line.pk, story.line._state.adding = None, True
    story.line.save(force_insert=True)


def the_same_reference(story):
    Order.objects.create(
        reference=story.order.reference, supplier=story.order.supplier, title="T", approach="A"
    )


VIOLATED = {
    "order.reference": the_same_reference,
    "commitment_number_once": the_same_number,
    "commitment_is_positive": lambda s: lines(s).update(quantity=0),
    "donor_cost_not_negative": lambda s: lines(s).update(donor_cost=Decimal("-0.01")),
    "commitment_ends_after_start": lambda s: lines(s).update(ends_on=date(2020, 1, 1)),
    "decision_has_who_and_when": lambda s: lines(s).update(status="agreed"),
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("draft")
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story)


@pytest.mark.parametrize(
    "half",
    [
        {"decided_by": None},
        {"decided_at": None},
        {"status": "proposed"},
        {"decided_by": None, "decided_at": None},
    ],
)
def test_a_decision_has_who_and_when_or_is_none(order_at, north, half):
    story = order_at("agreed")
    with as_owner(north), broken("decision_has_who_and_when"), transaction.atomic():
        lines(story).update(**half)


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("orders")
