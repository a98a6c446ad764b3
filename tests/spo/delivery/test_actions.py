"""Every act on deliveries: what it writes, its line in the journal, its refusals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DataError, transaction
from django.utils import timezone

from spo.delivery import actions
from spo.delivery.flows import DELIVERY
from spo.delivery.models import Decision, Delivery, Progress
from territories.journal.models import Entry
from territories.papers.uploads import checked
from territories.refusal import Refused, Stale
from tests.client import acting_in
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal
from tests.seen import read
from tests.story import picture


def claimed(story, by=None, **changed):
    facts = {
        "quantity": Decimal("30.00"),
        "donor_cost": Decimal("600.00"),
        "delivered_on": timezone.localdate(),
        "note": "Three evenings.",
        "evidence": checked(picture(), settings.EVIDENCE_MAX_BYTES),
    }
    return actions.claim(story.term, by=by or story.supplier, **facts | changed)


# ---- claiming ----


def test_a_claim_keeps_its_evidence_under_a_name_of_ours(order_at, cast, north):
    story = order_at("active")
    with acting_in(north):
        delivery = claimed(story, by=cast.traveller)
        line = journalled(delivery, "claim", cast.traveller)
        delivery.refresh_from_db()
    assert (delivery.status, delivery.claimed_by, delivery.signatory) == (
        "claimed",
        cast.traveller.user,
        "Tara Traveller, Supplier, Ridgeway Builders Ltd",
    )
    assert delivery.evidence.name == f"{north.schema_name}/evidence/{delivery.evidence_key}.png"
    assert "IMG_0042" not in delivery.evidence.name
    assert line.after == {
        "term": str(story.term.pk), "quantity": "30.00", "donor_cost": "600.00",
        "evidence": delivery.evidence_digest,
    }  # fmt: skip


def test_deliveries_are_claimed_by_the_supplier_of_a_contract_that_all_have_signed(order_at, cast, north):
    active, signing = order_at("active"), order_at("locked")
    with acting_in(north):
        said = {
            refusal(claimed, active, by=getattr(cast, part))
            for part in ("rival", "provider", "buyer", "lead")
        }
        early = refusal(claimed, signing)
    assert said == {"Only the supplier of this contract claims deliveries."}
    assert early == "Deliveries can be claimed once every party has signed."


def test_a_delivery_lies_inside_its_term_and_not_in_the_future(order_at, north):
    story = order_at("active")
    first, last = story.term.starts_on, story.term.ends_on
    today = timezone.localdate()
    with acting_in(north):
        future = refusal(claimed, story, delivered_on=today + timedelta(days=1))
        before = refusal(claimed, story, delivered_on=first - timedelta(days=1))
        assert [claimed(story, delivered_on=day).delivered_on for day in (first, today)] == [first, today]
    assert future == "The day of delivery can't be in the future."
    assert before == f"This commitment runs from {first:%-d %B %Y} to {last:%-d %B %Y}."


def test_the_same_delivery_is_claimed_once(order_at, cast, north):
    story = order_at("claimed")
    yesterday = timezone.localdate() - timedelta(days=1)
    with acting_in(north):
        said = {refusal(claimed, story), refusal(claimed, story, by=cast.traveller, note="Other words")}
        for differs in ({"quantity": Decimal("29.50")}, {"delivered_on": yesterday}):
            claimed(story, **{"donor_cost": None} | differs)
        assert Delivery.objects.count() == 3
    assert said == {f"You claimed this delivery already, as {story.delivery.reference}."}


# ---- confirming and disputing ----


def test_the_provider_confirms_what_came(order_at, cast, north):
    story = order_at("claimed")
    with acting_in(north):
        delivery = actions.confirm(story.delivery, seen=read(story.delivery), by=cast.provider)
        line = journalled(delivery, "confirm", cast.provider)
        entry = Decision.objects.get()
        delivery.refresh_from_db()
    assert (delivery.status, str(entry.quantity), str(entry.donor_cost)) == ("confirmed", "30.00", "600.00")
    assert entry.signatory == "Priya Shah, Provider, Cowley Road Youth Project"
    assert line.before == {"status": "claimed"}
    assert line.after == {"status": "confirmed", "entry": 1, "quantity": "30.00", "donor_cost": "600.00"}


def test_a_dispute_says_what_is_wrong_and_stays_when_it_is_settled_by_confirming(order_at, cast, north):
    story = order_at("claimed")
    with acting_in(north):
        disputed = actions.dispute(
            story.delivery, what="Two evenings only.", seen=read(story.delivery), by=cast.provider
        )
        line = journalled(disputed, "dispute", cast.provider)
        assert disputed.status == "disputed"
        confirmed = actions.confirm(story.delivery, seen=read(story.delivery), by=cast.provider)
        settled = journalled(confirmed, "confirm", cast.provider)
        said = [(row.number, row.verb, row.words, str(row.quantity)) for row in Decision.objects.all()]
    assert said == [(1, "dispute", "Two evenings only.", "0.00"), (2, "confirm", "", "30.00")]
    assert (line.after, settled.before) == ({"status": "disputed", "entry": 1}, {"status": "disputed"})


def test_confirming_what_has_been_decided_meanwhile_is_refused(order_at, cast, north):
    story = order_at("claimed")
    with acting_in(north):
        seen = read(story.delivery)
        actions.dispute(story.delivery, what="Not yet.", seen=seen, by=cast.provider)
        with pytest.raises(Stale) as stale:
            actions.confirm(story.delivery, seen=seen, by=cast.provider)
        assert stale.value.current.as_shown()["decisions"]["1"]["words"] == "Not yet."
        assert Decision.objects.count() == 1


def test_only_the_provider_that_received_it_can_say_whether_it_came(order_at, cast, north):
    story = order_at("claimed")
    parts = ("supplier", "traveller", "other_provider", "buyer", "lead", "colleague")
    with acting_in(north):
        said = {refusal(actions.confirm, story.delivery, by=getattr(cast, part)) for part in parts}
        said |= {refusal(actions.dispute, story.delivery, what="w", by=getattr(cast, part)) for part in parts}
    assert said == {"Only the provider that received the delivery can say whether it came."}


def test_what_is_decided_is_not_decided_again(order_at, cast, north):
    story = order_at("confirmed")
    with acting_in(north):
        said = {
            refusal(actions.confirm, story.delivery, by=cast.provider),
            refusal(actions.dispute, story.delivery, what="After all", by=cast.provider),
        }
    assert said == {"This is not possible any more: the delivery is now “Confirmed by the provider”."}


def test_the_flow_of_a_delivery_has_these_edges_and_no_others():
    assert edges(DELIVERY) == {
        ("confirm", "claimed", "confirmed"),
        ("confirm", "disputed", "confirmed"),
        ("dispute", "claimed", "disputed"),
        ("withdraw", "claimed", "withdrawn"),
        ("withdraw", "disputed", "withdrawn"),
        ("correct", "confirmed", "confirmed"),
    }


def test_the_ledger_leads_where_the_flow_does():
    assert {
        verb: {to for name, _source, to in edges(DELIVERY) if name == verb} for verb in Decision.Verb.values
    } == {verb: {state} for verb, state in Decision.LEADS_TO.items()}


@pytest.mark.parametrize(("verb", "state"), forbidden(DELIVERY))
def test_a_forbidden_edge_is_a_sentence(verb, state):
    label = DELIVERY.states(state).label
    assert (
        str(DELIVERY.why_not(state, verb)) == f"This is not possible any more: the delivery is now “{label}”."
    )
    with pytest.raises(Refused):
        DELIVERY.after(state, verb)


# ---- due in the same transaction ----


def test_progress_is_due_in_the_same_transaction_as_the_act(order_at, cast, north):
    story = order_at("claimed")
    with acting_in(north):
        assert Progress.objects.get().due_at is None  # the claim's own task has done its work
    with north:  # the task that waits for the commit is lost
        actions.confirm(story.delivery, seen=read(story.delivery), by=cast.provider)
        assert Progress.objects.get().due_at is not None


def test_a_claim_that_fails_half_way_leaves_nothing_due_and_no_line(order_at, north):
    story = order_at("active")
    with acting_in(north):
        lines = Entry.objects.count()
        with pytest.raises(DataError):
            claimed(story, note="No sign \0 of life")
        assert (Progress.objects.count(), Delivery.objects.count(), Entry.objects.count()) == (0, 0, lines)


# ---- what the database keeps ----


def again(row, **changed):
    """The same row once more, with something changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def delivery(story):
    return Delivery.objects.filter(pk=story.delivery.pk)


VIOLATED = {
    "delivery.reference": lambda s: again(s.delivery, evidence_key="another"),
    "delivery.evidence_key": lambda s: again(s.delivery, reference="DEL-NEW"),
    "delivery_is_positive": lambda s: delivery(s).update(quantity=0),
    "delivery_cost_not_negative": lambda s: delivery(s).update(donor_cost=Decimal("-0.01")),
    "decision_number_once": lambda s: again(Decision.objects.get()),
    "decision_counts_what_its_verb_says": lambda s: Decision.objects.update(verb="dispute"),
    "progress.contract_id": lambda s: again(Progress.objects.get()),
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("confirmed")
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story)


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("delivery")
