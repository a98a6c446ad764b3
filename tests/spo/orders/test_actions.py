"""Every act on orders and their lines: what it writes, its line in the journal, its refusals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from community import actions as community
from community.models import Activity
from spo.orders import actions
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Answer, Commitment, Order
from spo.orders.rules import why_not_seal
from territories.papers.digest import digest_of
from territories.refusal import Refused, Stale
from territories.shown import facts_of
from tests.cast import PLACES
from tests.client import acting_in
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal
from tests.seen import read
from tests.story import commitment

NEVER_MORE = "This is not possible any more: the {thing} is now “{state}”."


def put(order: Order, status: str) -> None:
    Order.objects.filter(pk=order.pk).update(status=status)


# ---- drafting ----


@pytest.mark.parametrize("part", ["provider", "buyer", "evaluator", "lead", "researcher"])
def test_only_suppliers_draft_orders(north, cast, part):
    with acting_in(north):
        said = refusal(actions.draft_order, title="T", approach="A", by=getattr(cast, part))
    assert said == "Only suppliers draft Social Purchase Orders."


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
        facts = commitment(story.activity, how="Twice a week.")
        second = actions.add_commitment(story.order, by=cast.supplier, **facts)
        line = journalled(story.order, "add commitment", cast.supplier)
    assert (second.number, second.status, second.version) == (2, "proposed", 1)
    assert line.after == {"number": 2, "activity": str(story.activity.pk)}
    assert str(second) == "120 hours, Staff volunteering"


def test_a_line_keeps_the_title_that_the_activity_had_when_it_was_written(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        said = {"title": "Saturday rugby", "what": "Rugby.", "who": "Everyone"} | PLACES["thames-valley"]
        community.describe_activity(story.activity, version=1, by=cast.provider, **said)
        story.line.refresh_from_db()
        kept = story.line.activity_title
        facts = commitment(Activity.objects.get(pk=story.activity.pk))
        line = actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        line.refresh_from_db()
    assert (kept, line.activity_title) == ("Friday night football", "Saturday rugby")


def test_a_line_is_removed(order_at, cast, north):
    story = order_at("draft")
    with acting_in(north):
        actions.remove_commitment(story.line, seen=read(story.line), by=cast.supplier)
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
        lambda: actions.remove_commitment(story.line, seen=read(story.line), by=by),
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
        order = actions.offer(story.order, seen=read(story.order), by=cast.supplier)
        line = journalled(order, "offer", cast.supplier)
        order.refresh_from_db()
    assert (order.status, line.before, line.after) == ("offered", {"status": "draft"}, {"status": "offered"})


def test_an_order_whose_lines_are_all_agreed_already_is_agreed_at_once(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        order = actions.offer(story.order, seen=read(story.order), by=cast.supplier)
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
        actions.send_back(story.line, note="Other days", seen=read(story.line), by=cast.provider)
        assert (
            refusal(actions.offer, story.order, by=cast.supplier)
            == "Change the returned commitments first: 1."
        )
        actions.remove_commitment(story.line, seen=read(story.line), by=cast.supplier)
        assert refusal(actions.offer, story.order, by=cast.supplier) == "Add at least one commitment first."


@pytest.mark.parametrize("stage", ["offered", "agreed"])
def test_an_order_is_taken_back_to_change_it(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        order = actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
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
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    return story, second


def test_a_line_that_is_over_is_not_offered(order_at, cast, north):
    story = order_at("draft")
    yesterday = timezone.localdate() - timedelta(days=1)
    with as_owner(north):
        Commitment.objects.filter(pk=story.line.pk).update(starts_on=yesterday, ends_on=yesterday)
    with acting_in(north):
        reason = refusal(actions.offer, story.order, by=cast.supplier)
    assert reason == "The last day of these commitments has passed: 1. Change them first."


def test_the_order_is_agreed_with_its_last_line(order_at, cast, north):
    story, second = two_lines(order_at, cast, north)
    with acting_in(north):
        said = facts_of(Commitment.objects.get(pk=story.line.pk))
        answer = actions.agree(story.line, seen=read(story.line), by=cast.provider)
        entry = journalled(story.line, "agree", cast.provider)
        half_way = Order.objects.get(pk=story.order.pk).status
        actions.agree(second, seen=read(second), by=cast.other_provider)
        whole = Order.objects.get(pk=story.order.pk).status
        line = Commitment.objects.get(pk=story.line.pk)
    assert (half_way, whole, line.status) == ("offered", "agreed", "agreed")
    assert (answer.verb, answer.number, answer.user_id) == ("agree", 1, cast.provider.user_id)
    assert answer.signatory == "Priya Shah, Provider, Cowley Road Youth Project"
    assert entry.after == {"order": story.order.reference, "number": 1, "digest": digest_of(said)}


def test_a_yes_covers_line_approach_buyer_and_tender_and_not_the_title(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        answer = Answer.objects.get()
        assert answer.digest == digest_of(answer.body)
    assert set(answer.body) == {
        *("activity", "provider", "support", "unit", "quantity", "donor_cost", "starts_on", "ends_on", "how"),
        *("district", "postcode", "approach", "supplier", "buyer", "tender"),
    }
    assert (answer.body["quantity"], answer.body["approach"]) == ("120.00", story.order.approach)


def test_a_returned_line_makes_it_a_draft_once_all_are_decided(order_at, cast, north):
    story, second = two_lines(order_at, cast, north)
    with acting_in(north):
        said = facts_of(Commitment.objects.get(pk=story.line.pk))
        actions.send_back(story.line, note="Other days", seen=read(story.line), by=cast.provider)
        entry = journalled(story.line, "return", cast.provider)
        half_way = Order.objects.get(pk=story.order.pk).status
        actions.agree(second, seen=read(second), by=cast.other_provider)
        order = Order.objects.get(pk=story.order.pk)
        lines = list(order.commitments.values_list("status", "answers__note"))
    assert (half_way, order.status) == ("offered", "draft")
    assert lines == [("returned", "Other days"), ("agreed", "")]
    assert entry.after == {"order": story.order.reference, "number": 1, "digest": digest_of(said)}


def test_what_was_said_to_a_line_stays_when_it_is_rewritten_agreed_and_removed(order_at, cast, north):
    story = order_at("offered")
    with acting_in(north):
        actions.send_back(story.line, note="Other days", seen=read(story.line), by=cast.provider)
        facts = commitment(story.activity, quantity=Decimal("80.00"))
        actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
        actions.agree(story.line, seen=read(story.line), by=cast.provider)
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        actions.remove_commitment(story.line, seen=read(story.line), by=cast.supplier)
        new = actions.add_commitment(story.order, by=cast.supplier, **facts)
        said = Answer.objects.filter(order=story.order)
        heard = [(a.line_number, a.number, a.verb, a.note, a.body["quantity"]) for a in said]
        assert (new.number, list(new.answers.all())) == (2, [])
    assert heard == [(1, 1, "return", "Other days", "120.00"), (1, 2, "agree", "", "80.00")]


@pytest.mark.parametrize(
    ("changed", "statuses"),
    [
        ({"title": "Another name", "approach": None}, ["agreed"]),
        ({"title": None, "approach": "We meet once."}, ["proposed"]),
    ],
)
def test_another_approach_asks_again_another_title_does_not(order_at, cast, north, changed, statuses):
    story = order_at("agreed")
    with acting_in(north):
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        facts = {name: value or getattr(story.order, name) for name, value in changed.items()}
        actions.describe_order(story.order, version=1, **facts, by=cast.supplier)
        assert list(story.order.commitments.values_list("status", flat=True)) == statuses


def test_agreeing_to_what_one_has_not_read_is_refused_and_shows_both(order_at, cast, north):
    """A page that was opened before: it said 120 hours, the provider would have agreed to 1,000."""
    story = order_at("offered")
    with acting_in(north):
        seen = read(story.line)
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        facts = commitment(story.activity, quantity=Decimal("1000.00"))
        actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
        with pytest.raises(Stale) as stale:
            actions.agree(story.line, seen=seen, by=cast.provider)
        assert stale.value.current.as_shown()["quantity"] == "1000.00"
        assert list(Answer.objects.all()) == []


def test_a_line_that_was_tampered_with_is_not_what_its_provider_agreed_to(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        Commitment.objects.filter(pk=story.line.pk).update(quantity=Decimal("1.00"))
        order = Order.objects.get(pk=story.order.pk)
        assert str(why_not_seal(order, cast.supplier)) == (
            "These commitments are not what their providers agreed to: 1. Offer them again."
        )
        actions.take_back(order, seen=read(order), by=cast.supplier)
        order = actions.offer(order, seen=read(order), by=cast.supplier)
    assert order.status == "offered"


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
        actions.agree(story.line, seen=read(story.line), by=cast.provider)
        again = {
            refusal(actions.agree, story.line, by=cast.provider),
            refusal(actions.send_back, story.line, note="After all", by=cast.provider),
        }
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        withdrawn = refusal(actions.agree, story.line, by=cast.provider)
    assert again == {NEVER_MORE.format(thing="commitment", state="Agreed")}
    assert withdrawn == "The supplier is not offering this order now."


def test_what_is_rewritten_is_to_be_decided_anew(order_at, cast, north):
    story = order_at("agreed")
    with acting_in(north):
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        facts = commitment(story.activity, quantity=Decimal("80.00"))
        line = actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        entry = journalled(story.order, "rewrite commitment", cast.supplier)
        line.refresh_from_db()
        order = actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    assert line.status == "proposed"
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
def test_an_order_is_sealed_once_it_is_agreed(order_at, cast, north, status, sentence):
    story = order_at("agreed")
    with acting_in(north):
        story.order.status = status
        said = why_not_seal(story.order, cast.supplier)
        rival = why_not_seal(story.order, cast.rival)
    assert (said if said is None else str(said)) == sentence
    assert str(rival) == "Only the supplier whose order it is can submit it."


# ---- flows ----


def test_the_flow_of_an_order_has_these_edges_and_no_others():
    assert edges(ORDER) == {
        ("offer", "draft", "offered"),
        ("complete", "offered", "agreed"),
        ("return", "offered", "draft"),
        ("take back", "offered", "draft"),
        ("take back", "agreed", "draft"),
        ("write for", "draft", "draft"),
        ("write for", "offered", "offered"),
        ("write for", "agreed", "offered"),
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
        ("ask again", "agreed", "proposed"),
        ("ask again", "returned", "proposed"),
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


def the_same_answer(story):
    for _time in range(2):
        Answer.objects.create(
            order=story.order,
            line=story.line,
            line_number=1,
            number=1,
            verb="agree",
            body={},
            user=story.provider.user,
            answered_at=story.activity.published_at,
        )


VIOLATED = {
    "order.reference": the_same_reference,
    "commitment_number_once": the_same_number,
    "commitment_is_positive": lambda s: lines(s).update(quantity=0),
    "donor_cost_not_negative": lambda s: lines(s).update(donor_cost=Decimal("-0.01")),
    "commitment_ends_after_start": lambda s: lines(s).update(ends_on=date(2020, 1, 1)),
    "answer_number_once": the_same_answer,
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("draft")
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story)


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("orders")


# ---- what the form says, the act says by itself ----


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ends_on": date(2020, 1, 1)}, "The last day must be on or after the first day."),
        ({"postcode": "SO14 7LY"}, "SO14 7LY is in Southampton, which is outside this territory."),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_the_act_as_well(order_at, cast, north, changed, reason):
    story = order_at("draft")
    with acting_in(north):
        facts = commitment(story.activity, **changed)
        assert refusal(actions.add_commitment, story.order, by=cast.supplier, **facts) == reason
        kept = commitment(story.activity, **changed)
        rewritten = refusal(
            actions.rewrite_commitment, story.line, version=story.line.version, by=cast.supplier, **kept
        )
    assert rewritten == reason


@pytest.mark.parametrize("note", ["", "   ", "\u200b"])
def test_a_line_is_not_returned_without_a_word(order_at, cast, north, note):
    story = order_at("offered")
    with acting_in(north):
        assert refusal(actions.send_back, story.line, note=note, by=cast.provider)
