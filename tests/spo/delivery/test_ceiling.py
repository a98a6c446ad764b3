"""The ceiling of a term: quantities and money by hand, then proved against the acts."""

import io
from decimal import Decimal
from zlib import crc32

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from spo.contracts.models import Term
from spo.delivery import actions
from spo.delivery.ceiling import Ceiling, share
from spo.delivery.models import Decision, Delivery
from spo.delivery.queries import ceiling_of, with_counts
from territories.papers.uploads import checked
from tests.client import acting_in
from tests.reading import at_once, refusal
from tests.seen import read
from tests.story import story_of


def ceiling(counted="0", cost="0", promised="3", promised_cost="100") -> Ceiling:
    return Ceiling(*map(Decimal, (promised, promised_cost, counted, cost)))


def test_all_parts_together_cost_the_whole_to_the_penny():
    costs, counted, spent = [], Decimal(0), Decimal(0)
    for _part in range(3):
        cost = ceiling(counted, spent).cost_of(Decimal(1))
        costs, counted, spent = [*costs, str(cost)], counted + 1, spent + cost
    assert (costs, str(spent)) == (["33.33", "33.34", "33.33"], "100.00")


def test_what_was_stated_for_less_frees_no_money_for_more():
    assert str(ceiling("1", "0.00").cost_of(Decimal(1))) == "33.34"


def test_no_part_costs_more_than_the_money_that_is_left():
    assert str(ceiling("2", "99.50").cost_of(Decimal(1))) == "0.50"
    assert str(ceiling("2", "100.50").cost_of(Decimal(1))) == "0"


def test_a_part_of_a_claim_costs_its_share():
    assert str(share(Decimal("10.00"), Decimal(1), Decimal(3))) == "3.33"


# ---- the acts: 120 hours for £2,400 ----


def claim(story, quantity, cost=None, note="Given."):
    """A claim with evidence like no other's."""
    paper = SimpleUploadedFile("note.png", picture_of(note + str(quantity) + str(cost)))
    return actions.claim(
        story.term,
        quantity=Decimal(quantity),
        donor_cost=None if cost is None else Decimal(cost),
        delivered_on=timezone.localdate(),
        note=note,
        evidence=checked(paper, settings.EVIDENCE_MAX_BYTES),
        by=story.supplier,
    )


def picture_of(words: str) -> bytes:
    """A small picture that differs with the words."""
    content = io.BytesIO()
    colour = f"#{crc32(words.encode()) & 0xFFFFFF:06x}"
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


def test_more_than_was_promised_is_claimed_by_no_door(order_at, north):
    story = order_at("active")
    with acting_in(north):
        claim(story, "100")
        said = refusal(claim, story, "20.01")
        claim(story, "20")
        nothing = refusal(claim, story, "0.25", "0")
        assert str(ceiling_of(story.term).left) == "0.00"
    assert said == "Only 20 of the 120 promised are left to be delivered."
    assert nothing == "Only 0 of the 120 promised are left to be delivered."


@pytest.mark.parametrize(
    ("quantity", "cost", "sentence"),
    [
        ("0.25", "9999999999.99", "At what was agreed, 0.25 cost £5. State that or less, not more."),
        ("30", "600.01", "At what was agreed, 30 cost £600. State that or less, not more."),
        ("30", "-1", "Give a cost of £0 or more."),
        ("0", "0", "Give an amount above 0."),
        ("-1", "0", "Give an amount above 0."),
    ],
)
def test_a_delivery_costs_what_was_agreed_or_less(order_at, north, quantity, cost, sentence):
    story = order_at("active")
    with acting_in(north):
        assert refusal(claim, story, quantity, cost) == sentence


def test_without_a_cost_it_is_what_was_agreed(order_at, north):
    story = order_at("active")
    with acting_in(north):
        assert [str(claim(story, "30", cost).donor_cost) for cost in (None, "450.50")] == ["600.00", "450.50"]


def test_what_is_disputed_and_claimed_again_is_not_confirmed_twice(order_at, cast, north):
    story = order_at("active")
    with acting_in(north):
        first = claim(story, "120")
        actions.dispute(first, what="It did not come.", seen=read(first), by=cast.provider)
        second = claim(story, "120", note="Once more.")
        actions.confirm(second, seen=read(second), by=cast.provider)
        said = refusal(actions.confirm, first, by=cast.provider)
        left = ceiling_of(story.term)
    assert said == "Only 0 of the 120 promised are left to be delivered."
    assert (str(left.counted), str(left.counted_cost)) == ("120.00", "2400.00")


def test_a_part_is_confirmed_and_the_rest_can_be_claimed_again(order_at, cast, north):
    story = order_at("active")
    with acting_in(north):
        delivery = claim(story, "120")
        silent = refusal(actions.confirm, delivery, quantity=Decimal(90), by=cast.provider)
        more = refusal(actions.confirm, delivery, quantity=Decimal(121), by=cast.provider)
        actions.confirm(
            delivery,
            quantity=Decimal(90),
            words="Two people were ill.",
            seen=read(delivery),
            by=cast.provider,
        )
        delivery = Delivery.objects.get()
        assert (delivery.status, str(delivery.confirmed), str(delivery.confirmed_cost)) == (
            "confirmed", "90.00", "1800.00",
        )  # fmt: skip
        assert str(claim(story, "30").donor_cost) == "600.00"
    assert silent == "Say what is missing, so that the supplier knows."
    assert more == "Only 120 were claimed."


def test_a_confirmation_is_corrected_by_an_entry_of_its_own(order_at, cast, north):
    story = order_at("active")
    with acting_in(north):
        delivery = claim(story, "60")
        actions.confirm(delivery, seen=read(delivery), by=cast.provider)
        for quantity, reason in (("45.5", "One evening was cancelled."), ("50", "It was made up for.")):
            actions.correct(
                delivery, quantity=Decimal(quantity), reason=reason, seen=read(delivery), by=cast.provider
            )
        ledger = [
            (row.verb, str(row.quantity), str(row.donor_cost), row.words) for row in Decision.objects.all()
        ]
        same = refusal(actions.correct, delivery, quantity=Decimal(50), reason="r", by=cast.provider)
        more = refusal(actions.correct, delivery, quantity=Decimal(61), reason="r", by=cast.provider)
        claim(story, "70")
        full = refusal(actions.correct, delivery, quantity=Decimal(60), reason="r", by=cast.provider)
        actions.correct(
            delivery, quantity=Decimal(0), reason="None of it.", seen=read(delivery), by=cast.provider
        )
        assert str(Delivery.objects.get(pk=delivery.pk).confirmed) == "0.00"
    assert ledger == [
        ("confirm", "60.00", "1200.00", ""),
        ("correct", "-14.50", "-290.00", "One evening was cancelled."),
        ("correct", "4.50", "90.00", "It was made up for."),
    ]
    assert same == "That is what is confirmed already."
    assert more == "Give an amount from 0 to 60, which is what was claimed."
    assert full == "Only 50 of the 120 promised are left to be delivered."


@pytest.mark.parametrize("stage", ["claimed", "disputed"])
def test_a_claim_is_withdrawn_until_it_is_confirmed_and_claimed_anew(order_at, cast, north, stage):
    story = order_at("claimed")
    with acting_in(north):
        if stage == "disputed":
            actions.dispute(story.delivery, what="No.", seen=read(story.delivery), by=cast.provider)
        theirs = refusal(actions.withdraw, story.delivery, words="", by=cast.provider)
        row = actions.withdraw(
            story.delivery, words="Wrong day.", seen=read(story.delivery), by=cast.traveller
        )
        assert (row.status, str(ceiling_of(story.term).left)) == ("withdrawn", "120.00")
        assert refusal(actions.confirm, row, by=cast.provider) == (
            "This is not possible any more: the delivery is now “Withdrawn by the supplier”."
        )
        assert str(claim(story, "120").donor_cost) == "2400.00"
    assert theirs == "Only the supplier that claimed this delivery can withdraw it."


def test_what_is_confirmed_is_not_withdrawn(order_at, cast, north):
    story = order_at("confirmed")
    with acting_in(north):
        assert refusal(actions.withdraw, story.delivery, words="", by=cast.supplier) == (
            "This is not possible any more: the delivery is now “Confirmed by the provider”."
        )


@pytest.mark.parametrize("pretended", ["claimed", "disputed", "withdrawn"])
def test_a_state_that_somebody_wrote_into_the_row_is_nobodys_word(order_at, cast, north, pretended):
    """The role may update `status`; the ledger says how a delivery stands and what of the term is left."""
    story = order_at("confirmed")
    with acting_in(north):
        Delivery.objects.update(status=pretended)
        said = [
            refusal(act, story.delivery, by=by, **given)
            for act, by, given in (
                (actions.confirm, cast.provider, {}),
                (actions.dispute, cast.provider, {"what": "No."}),
                (actions.withdraw, cast.supplier, {"words": ""}),
            )
        ]
        left = ceiling_of(story.term)
        same_again = refusal(claim, story, "90.01")
        story.delivery.refresh_from_db()
        states = story.delivery.state, story.delivery.status
    assert set(said) == {"This is not possible any more: the delivery is now “Confirmed by the provider”."}
    assert (str(left.counted), str(left.counted_cost)) == ("30.00", "600.00")
    assert same_again == "Only 90 of the 120 promised are left to be delivered."
    assert states == ("confirmed", pretended)


def test_a_claim_that_is_called_confirmed_is_still_a_claim(order_at, cast, north):
    story = order_at("claimed")
    with acting_in(north):
        Delivery.objects.update(status="confirmed")
        term = with_counts(Term.objects.filter(pk=story.term.pk)).get()
        left = str(ceiling_of(story.term).left)
        row = actions.confirm(story.delivery, seen=read(story.delivery), by=cast.provider)
    assert (term.claimed, term.confirmed, left, row.status) == (30, 0, "90.00", "confirmed")


def test_what_is_withdrawn_by_its_row_alone_is_claimed_once(order_at, north, cast):
    story = order_at("active")
    with acting_in(north):
        first = claim(story, "30")
        Delivery.objects.update(status="withdrawn")
        assert refusal(claim, story, "30") == f"You claimed this delivery already, as {first.reference}."


def test_five_claims_of_everything_at_once_leave_one(committed, north, cast):
    story = story_of(cast).walk("active")
    acts = [lambda n=n: claim(story, "120", note=f"Claim {n}") for n in range(5)]
    done, refused = at_once(north, story.contract, *acts)
    with north:
        assert str(ceiling_of(story.term).counted) == "120.00"
    assert (len(done), refused) == (1, ["Only 0 of the 120 promised are left to be delivered."] * 4)


def test_two_disputed_claims_confirmed_at_once_leave_one(committed, north, cast):
    story = story_of(cast).walk("active")
    with acting_in(north):
        rows = [claim(story, "120", note="First")]
        actions.dispute(rows[0], what="No.", seen=read(rows[0]), by=cast.provider)
        rows.append(claim(story, "120", note="Second"))
        actions.dispute(rows[1], what="No.", seen=read(rows[1]), by=cast.provider)
    acts = [lambda row=row: actions.confirm(row, seen=read(row), by=cast.provider) for row in rows]
    done, refused = at_once(north, story.contract, *acts)
    with north:
        assert str(ceiling_of(story.term).counted) == "120.00"
    assert (len(done), refused) == (1, ["Only 0 of the 120 promised are left to be delivered."])
