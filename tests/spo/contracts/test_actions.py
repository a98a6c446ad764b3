"""Locking in and signing: what is written, its line in the journal, its refusals."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from community.models import Activity
from spo.contracts import actions, queries
from spo.contracts.flows import CONTRACT
from spo.contracts.models import Contract, Signature, Snapshot, Term
from spo.contracts.parties import seats
from spo.orders import actions as orders
from spo.orders.models import Answer
from spo.scoring import actions as scoring
from spo.scoring.models import Award
from territories.papers.digest import digest_of
from territories.refusal import Refused, Stale
from tests.client import acting_in
from tests.reading import as_owner, broken, done, edges, forbidden, journalled, promises, refusal
from tests.seen import award_read, read, standing_read
from tests.story import commitment, support


@pytest.fixture
def two_providers(order_at, cast, north):
    """An awarded tender whose order supports two providers."""
    story, other = order_at("draft"), order_at("published", provider=cast.other_provider)
    with acting_in(north):
        facts = commitment(
            other.activity, quantity=Decimal("8.50"), donor_cost=Decimal("99.99"), how="Once a week."
        )
        line = orders.add_commitment(story.order, by=cast.supplier, **facts)
        orders.offer(story.order, seen=read(story.order), by=cast.supplier)
        orders.agree(story.line, seen=read(story.line), by=cast.provider)
        orders.agree(line, seen=read(line), by=cast.other_provider)
    story.stage = "agreed"
    return story.walk("awarded")


# ---- locking in ----


def test_locking_in_freezes_the_order_line_by_line(two_providers, cast, north):
    story = two_providers
    with acting_in(north):
        contract = done(actions.lock_in, story.tender, by=cast.buyer)
        line = journalled(contract, "lock in", cast.buyer)
        story.order.refresh_from_db()
        same = [name for name in actions.FROZEN if name != "provider_id"]
        lines = list(story.order.commitments.values_list(*same))
        assert list(contract.terms.values_list(*same)) == lines
        assert [str(term.provider) for term in contract.terms.all()] == [
            "Cowley Road Youth Project",
            "Iffley Food Bank",
        ]
        assert contract.snapshot.digest == digest_of(contract.snapshot.body)
        assert line.after == {"reference": contract.reference, "digest": contract.snapshot.digest}
    assert (contract.status, contract.signed_at, story.order.status) == ("signing", None, "locked")
    assert (contract.title, contract.buyer, contract.supplier) == (
        story.order.title, cast.buyer.organisation, cast.supplier.organisation,
    )  # fmt: skip


def test_the_snapshot_can_be_read_without_another_table(two_providers, cast, north):
    story = two_providers
    with acting_in(north):
        contract = done(actions.lock_in, story.tender, by=cast.buyer)
        body = Snapshot.objects.get(contract=contract).body
        agreed = list(Answer.objects.filter(order=story.order).order_by("-number", "line_number")[:2])
        place = Activity.objects.get(
            title="Friday night football", provider__organisation__name="Iffley Food Bank"
        )
    first, second = body.pop("lines")
    assert body == {
        "contract": contract.reference,
        "order": story.order.reference,
        "tender": story.tender.reference,
        "title": story.order.title,
        "approach": story.order.approach,
        "buyer": "Thames Valley Police",
        "supplier": "Ridgeway Builders Ltd",
        "sealed": story.bid.digest,
    }
    assert (first["quantity"], first["donor_cost"], first["agreed"]["digest"]) == (
        "120.00",
        "2400.00",
        agreed[0].digest,
    )
    assert second == line_for(cast.other_provider, place, agreed[1], commitment(story.activity))


def line_for(provider, place, answer, promised) -> dict:
    """The second line of the story's order, as a snapshot has it."""
    return {
        "number": 2,
        "activity_id": str(place.pk),
        "provider_id": str(place.provider_id),
        "provider_organisation": provider.organisation.pk,
        "provider": "Iffley Food Bank",
        "activity": "Friday night football",
        "support": "Staff volunteering",
        "support_id": support().pk,
        "support_code": "volunteering",
        "unit": "hours",
        "quantity": "8.50",
        "donor_cost": "99.99",
        "starts_on": promised["starts_on"].isoformat(),
        "ends_on": promised["ends_on"].isoformat(),
        "how": "Once a week.",
        "district": "Oxford",
        "district_code": "E07000178",
        "postcode": "OX4 1AA",
        "agreed": {
            "person": "Oti Mensah",
            "office": "provider",
            "on_behalf_of": "Iffley Food Bank",
            "digest": answer.digest,
            "at": answer.answered_at.isoformat().replace("+00:00", "Z")[:23] + "Z",
        },
    }


def test_the_digest_is_that_of_one_canonical_spelling():
    # printf '{"a":"ŵ","b":[1,"2.50"]}' | sha256sum
    known = "ff063bf0522355a5d5a976b53f65518b5627206e9ede43db781e0ce35409912c"
    assert digest_of({"b": [1, "2.50"], "a": "ŵ"}) == digest_of({"a": "ŵ", "b": [1, "2.50"]}) == known


def test_what_stands_against_locking_in_is_said(order_at, cast, north):
    story = order_at("settled")
    with acting_in(north):
        early = refusal(actions.lock_in, story.tender, by=cast.buyer)
        strangers = {
            refusal(actions.lock_in, story.tender, by=getattr(cast, part))
            for part in ("other_buyer", "supplier", "lead", "manager")
        }
        story.walk("locked")
        again = refusal(actions.lock_in, story.tender, by=cast.buyer)
    assert early == "The tender is not awarded yet."
    assert strangers == {"Only the buyer that awarded the tender can lock its order in."}
    assert again == "The order is locked into a contract already."


# ---- signing ----


def test_everyone_signs_the_digest_and_with_the_last_signature_delivery_begins(two_providers, cast, north):
    story = two_providers
    with acting_in(north):
        contract = done(actions.lock_in, story.tender, by=cast.buyer)
        wanted = [(seat.party, str(seat.organisation), seat.signature) for seat in seats(contract)]
        stages = []
        for by in (cast.provider, cast.buyer, cast.traveller, cast.other_provider):
            signature = actions.sign(contract, seen=read(contract), by=by)
            line = journalled(contract, "sign", by)
            contract.refresh_from_db()
            stages.append((signature.party, signature.user, contract.status, contract.signed_at is not None))
            assert line.after == {
                "party": signature.party, "digest": contract.snapshot.digest, "status": contract.status,
            }  # fmt: skip
            assert signature.digest == contract.snapshot.digest
    assert wanted == [
        ("buyer", "Thames Valley Police", None),
        ("supplier", "Ridgeway Builders Ltd", None),
        ("provider", "Cowley Road Youth Project", None),
        ("provider", "Iffley Food Bank", None),
    ]
    assert stages == [
        ("provider", cast.provider.user, "signing", False),
        ("buyer", cast.buyer.user, "signing", False),
        ("supplier", cast.traveller.user, "signing", False),
        ("provider", cast.other_provider.user, "active", True),
    ]


def test_what_stands_against_signing_is_said(order_at, cast, north):
    story = order_at("locked")
    with acting_in(north):
        strangers = {
            refusal(actions.sign, story.contract, by=getattr(cast, part))
            for part in ("rival", "other_provider", "other_buyer", "lead", "manager", "evaluator")
        }
        actions.sign(story.contract, seen=read(story.contract), by=cast.supplier)
        again = {
            refusal(actions.sign, story.contract, by=cast.supplier),
            refusal(actions.sign, story.contract, by=cast.traveller),
        }
        assert Signature.objects.count() == 1
    assert strangers == {"Only the parties of this contract sign it."}
    assert again == {"Ridgeway Builders Ltd has signed already."}


@pytest.mark.parametrize(("days", "waits"), [(0, True), (3, True), (-1, False)])
def test_nobody_signs_before_the_standstill_is_over(order_at, cast, north, days, waits):
    story = order_at("settled")
    until = timezone.localdate() + timedelta(days=days)
    with acting_in(north):
        scoring.award(
            story.tender,
            story.bid,
            reason="r",
            standstill_until=None,
            seen=standing_read(story.tender),
            by=cast.buyer,
        )
    with as_owner(north):  # time passes
        Award.objects.filter(tender=story.tender).update(standstill_until=until)
    with acting_in(north):
        contract = done(actions.lock_in, story.tender, by=cast.buyer)
        if waits:
            said = refusal(actions.sign, contract, by=cast.buyer)
            assert (
                said == f"The standstill runs until the end of {until:%-d %B %Y}. Nobody signs before that."
            )
        else:
            assert actions.sign(contract, seen=read(contract), by=cast.buyer).party == "buyer"


def test_an_award_that_is_not_what_the_page_showed_is_not_locked_in(order_at, cast, north):
    story = order_at("awarded")
    with acting_in(north):
        seen = award_read(story.tender)
    with as_owner(north):  # the role that requests run under can't
        Award.objects.update(reason="Another")
    with acting_in(north), pytest.raises(Stale):
        actions.lock_in(story.tender, seen=seen, by=cast.buyer)


@pytest.mark.parametrize("stage", ["awarded", "locked"])
def test_a_buyer_who_declared_a_conflict_neither_locks_in_nor_signs(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        scoring.declare(story.tender, conflict=True, words="A friend bids.", by=cast.buyer)
        if stage == "awarded":
            said = refusal(actions.lock_in, story.tender, by=cast.buyer)
        else:
            said = refusal(actions.sign, story.contract, by=cast.buyer)
            assert done(actions.sign, story.contract, by=cast.supplier).party == "supplier"
    assert said == "You declared a conflict of interest, so somebody else has to do this."


def test_nobody_signs_what_is_not_as_it_was_locked(order_at, cast, north):
    story = order_at("locked")
    with north:
        body = Snapshot.objects.get().body
    body["lines"][0]["quantity"] = "1.00"
    # Only the owner of the tables could do that; the role that requests run under can't.
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{north.schema_name}".contracts_snapshot SET body = %s', [json.dumps(body)])
    with acting_in(north):
        said = refusal(actions.sign, story.contract, by=cast.buyer)
    assert said == "The snapshot no longer fits its digest. Do not sign; tell the service's support."


def test_nobody_signs_terms_that_are_not_those_of_the_snapshot(order_at, cast, north):
    story = order_at("locked")
    with as_owner(north):
        Term.objects.update(quantity=Decimal("1.00"))
    with acting_in(north):
        said = refusal(actions.sign, story.contract, by=cast.buyer)
    assert said == "The commitments are not those of the snapshot. Do not sign; tell the service's support."


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Term, {"quantity": 1}),
        (Snapshot, {"digest": "0"}),
        (Signature, {"digest": "0"}),
        (Contract, {"title": "Other"}),
    ],
)
def test_what_was_agreed_is_never_changed_or_taken_back(order_at, north, model, column):
    order_at("active")
    with north:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(**column)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


# ---- flow ----


def test_the_flow_of_a_contract_has_one_edge():
    assert edges(CONTRACT) == {("complete", "signing", "active")}
    assert forbidden(CONTRACT) == [("complete", "active")]
    with pytest.raises(Refused) as caught:
        CONTRACT.after("active", "complete")
    assert str(caught.value.reason) == "This is not possible any more: the contract is now “In delivery”."


# ---- what the database keeps ----


def again(row, **changed):
    """The same row once more, with something changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


VIOLATED = {
    "contract.award_id": lambda s: again(s.contract, reference="CON-NEW"),
    "contract.reference": lambda s: again(s.contract, award_id=s.another),
    "active_once_signed": lambda s: Contract.objects.filter(pk=s.contract.pk).update(signed_at=None),
    "term_number_once": lambda s: again(s.term),
    "snapshot.contract_id": lambda s: again(Snapshot.objects.get(contract=s.contract)),
    "each_party_signs_once": lambda s: again(Signature.objects.filter(contract=s.contract).first()),
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("active")
    other = order_at("awarded")
    with north:
        story.another = Award.objects.get(tender=other.tender).pk
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story)


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("contracts")


# ---- who reads contracts ----


def test_contracts_are_read_by_their_parties_and_those_who_watch_over_the_territory(order_at, cast, north):
    story = order_at("locked")
    with north:
        readers = {
            name
            for name, part in cast.parts().items()
            if queries.contracts_seen_by(part).filter(pk=story.contract.pk)
        }
    assert readers == {
        "buyer", "other_buyer", "manager", "lead", "supplier", "traveller", "provider",
    }  # fmt: skip


def test_what_waits_is_said_to_those_who_have_not_signed(order_at, cast, north):
    story = order_at("awarded")

    def waiting(part):
        with north:
            return [entry.sentence for entry in queries.waiting_for(getattr(cast, part))]

    assert waiting("buyer") == [f"Lock in the award of “{story.tender.title}”"]
    assert waiting("other_buyer") == []
    story.walk("locked")
    sign = [f"Sign contract {story.contract.reference}"]
    parts = ("buyer", "supplier", "provider", "other_buyer", "rival", "manager")
    assert [waiting(part) for part in parts] == [sign, sign, sign, [], [], []]
    with acting_in(north):
        actions.sign(story.contract, seen=read(story.contract), by=cast.supplier)
    assert (waiting("supplier"), waiting("traveller"), waiting("provider")) == ([], [], sign)
