"""Locking in and signing: what is written, its line in the journal, its refusals."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from spo.contracts import actions, queries
from spo.contracts.flows import CONTRACT
from spo.contracts.models import Contract, Signature, Snapshot, Term
from spo.contracts.parties import digest_of, seats
from spo.orders import actions as orders
from spo.tenders import actions as tenders
from spo.tenders.models import Award
from territories.refusal import Refused
from tests.cast import acting_in, commitment
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal


@pytest.fixture
def two_providers(order_at, cast, north):
    """An awarded tender whose order supports two providers."""
    story, other = order_at("draft"), order_at("published", provider=cast.other_provider)
    with acting_in(north):
        facts = commitment(
            other.activity, quantity=Decimal("8.50"), donor_cost=Decimal("99.99"), how="Once a week."
        )
        line = orders.add_commitment(story.order, by=cast.supplier, **facts)
        orders.offer(story.order, by=cast.supplier)
        orders.agree(story.line, by=cast.provider)
        orders.agree(line, by=cast.other_provider)
    story.stage = "agreed"
    return story.walk("awarded")


# ---- locking in ----


def test_locking_in_freezes_the_order_line_by_line(two_providers, cast, north):
    story = two_providers
    with acting_in(north):
        contract = actions.lock_in(story.tender, by=cast.buyer)
        line = journalled(contract, "lock in", cast.buyer)
        story.order.refresh_from_db()
        lines = list(story.order.commitments.values_list(*actions.FROZEN))
        assert list(contract.terms.values_list(*actions.FROZEN)) == lines
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
        contract = actions.lock_in(story.tender, by=cast.buyer)
        body = Snapshot.objects.get(contract=contract).body
        decided = [line.decided_at.isoformat() for line in story.order.commitments.all()]
    first, second = body.pop("commitments")
    assert body == {
        "contract": contract.reference,
        "order": story.order.reference,
        "tender": story.tender.reference,
        "title": story.order.title,
        "approach": story.order.approach,
        "buyer": "Thames Valley Police",
        "supplier": "Ridgeway Builders Ltd",
    }
    assert (first["quantity"], first["donor_cost_gbp"], first["agreed_at"]) == (
        "120.00",
        "2400.00",
        decided[0],
    )
    assert second == {
        "number": 2,
        "provider": "Iffley Food Bank",
        "activity": "Friday night football",
        "support": "volunteering",
        "unit": "hours",
        "quantity": "8.50",
        "donor_cost_gbp": "99.99",
        "starts_on": commitment(story.activity)["starts_on"].isoformat(),
        "ends_on": commitment(story.activity)["ends_on"].isoformat(),
        "how": "Once a week.",
        "district": "Oxford",
        "postcode": "OX4 1AA",
        "agreed_at": decided[1],
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
        contract = actions.lock_in(story.tender, by=cast.buyer)
        wanted = [(seat.party, str(seat.organisation), seat.signature) for seat in seats(contract)]
        stages = []
        for by in (cast.provider, cast.buyer, cast.traveller, cast.other_provider):
            signature = actions.sign(contract, by=by)
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
        actions.sign(story.contract, by=cast.supplier)
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
        tenders.award(story.tender, story.bid, reason="r", standstill_until=until, by=cast.buyer)
        contract = actions.lock_in(story.tender, by=cast.buyer)
        if waits:
            said = refusal(actions.sign, contract, by=cast.buyer)
            assert (
                said == f"The standstill runs until the end of {until:%-d %B %Y}. Nobody signs before that."
            )
        else:
            assert actions.sign(contract, by=cast.buyer).party == "buyer"


def test_nobody_signs_what_is_not_as_it_was_locked(order_at, cast, north):
    story = order_at("locked")
    with north:
        body = Snapshot.objects.get().body
    body["commitments"][0]["quantity"] = "1.00"
    # Only the owner of the tables could do that; the role that requests run under can't.
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{north.schema_name}".contracts_snapshot SET body = %s', [json.dumps(body)])
    with acting_in(north):
        said = refusal(actions.sign, story.contract, by=cast.buyer)
    assert said == "The snapshot no longer fits its digest. Do not sign; tell the service's support."


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
        actions.sign(story.contract, by=cast.supplier)
    assert (waiting("supplier"), waiting("traveller"), waiting("provider")) == ([], [], sign)
