"""Orders are written for a tender and sealed into it: what is written, its line in the journal, its refusals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from spo.orders import actions as orders
from spo.orders.models import Order
from spo.scoring import actions
from spo.scoring.rules.bids import why_not_submit
from spo.tenders.models import Tender
from spo.tenders.published import as_published
from territories.papers.digest import digest_of
from tests.client import acting_in
from tests.reading import done, journalled, refusal
from tests.seen import read
from tests.story import closed, written_for


def test_submitting_seals_an_agreed_order(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        written_for(story.order, story.tender, cast.supplier, cast)
        bid = done(actions.submit, story.order, story.tender, by=cast.traveller)
        line = journalled(bid, "submit", cast.traveller)
        story.order.refresh_from_db()
    assert story.order.status == "sealed"
    assert (bid.supplier, bid.submitted_by) == (cast.supplier.organisation, cast.traveller.user)
    assert bid.signatory == "Tara Traveller, Supplier, Ridgeway Builders Ltd"
    facts = {"tender": story.tender.reference, "order": story.order.reference, "digest": bid.digest}
    assert (line.after, digest_of(bid.body)) == (facts, bid.digest)


def test_an_order_that_was_agreed_for_no_tender_or_another_is_agreed_for_this_one_first(
    order_at, cast, north
):
    story, another = order_at("open"), order_at("open")
    with acting_in(north):
        first = refusal(actions.submit, story.order, story.tender, by=cast.supplier)
        order = done(orders.write_for, story.order, another.tender, by=cast.supplier)
        line = journalled(order, "write for", cast.supplier)
        assert (order.status, order.tender.buyer) == ("offered", cast.buyer.organisation)
        done(orders.agree, story.line, by=cast.provider)
        other = refusal(actions.submit, story.order, story.tender, by=cast.supplier)
        written_for(story.order, story.tender, cast.supplier, cast)
        assert done(actions.submit, story.order, story.tender, by=cast.supplier).body["lines"][0]["agreed"]
    assert (
        first
        == other
        == ("The providers agreed to this order, but not for this tender. Ask them again for it first.")
    )
    assert line.before == {"tender": "", "status": "agreed"}
    assert line.after == {"tender": another.tender.reference, "status": "offered"}


def test_writing_for_a_tender_that_one_is_in_already_asks_nobody_again(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        written_for(story.order, story.tender, cast.supplier, cast)
        order = done(orders.write_for, story.order, story.tender, by=cast.supplier)
    assert order.status == "agreed"


def test_what_stands_against_writing_for_a_tender_is_said(order_at, cast, north):
    story, sealed, draft = order_at("open"), order_at("sealed"), order_at("prepared")
    with acting_in(north):

        def said(order, tender, by=cast.supplier):
            return refusal(orders.write_for, order, tender, by=by)

        assert said(story.order, story.tender, cast.provider) == (
            "Only the supplier whose order it is can change it."
        )
        assert said(story.order, story.tender, cast.rival) == (
            "Only the supplier whose order it is can change it."
        )
        assert said(story.order, draft.tender) == "The tender is not open yet."
        assert said(story.order, sealed.tender) == "You have submitted an order in this tender already."
        assert said(sealed.order, story.tender) == (
            "This is not possible any more: the order is now “Sealed in a bid”."
        )


def test_what_stands_against_submitting_is_said(order_at, cast, north):
    story = order_at("open")
    draft, sealed = order_at("prepared"), order_at("sealed")
    with acting_in(north):
        written_for(story.order, story.tender, cast.supplier, cast)

        def said(order, tender, by=cast.supplier):
            return refusal(actions.submit, order, tender, by=by)

        assert said(story.order, story.tender, cast.rival) == (
            "Only the supplier whose order it is can submit it."
        )
        assert said(story.order, story.tender, cast.provider) == (
            "Only the supplier whose order it is can submit it."
        )
        assert said(story.order, draft.tender) == "The tender is not open yet."
        assert said(story.order, sealed.tender) == "You have submitted an order in this tender already."
        assert said(sealed.order, story.tender) == (
            "This is not possible any more: the order is now “Sealed in a bid”."
        )
        orders.take_back(story.order, seen=read(story.order), by=cast.supplier)
        assert said(story.order, story.tender) == (
            "Every commitment has to be agreed by its provider before the order can be submitted."
        )


@pytest.mark.parametrize("status", ["open", "scoring", "moderation", "awarded"])
def test_a_tender_takes_no_bids_once_its_time_has_passed(order_at, cast, north, status):
    story = order_at("open")
    with acting_in(north):
        if status == "open":
            closed(story.tender)
        Tender.objects.filter(pk=story.tender.pk).update(status=status)
        said = refusal(actions.submit, story.order, story.tender, by=cast.supplier)
        story.order.refresh_from_db()
    assert said == "The tender is closed, so it takes no more bids."
    assert story.order.status == "agreed"


def test_what_was_published_moves_with_no_column_of_the_tender(order_at, cast, north):
    story = order_at("sealed")
    moved = timezone.now() - timedelta(hours=1)
    with acting_in(north):
        published = as_published(Tender.objects.get(pk=story.tender.pk))
        Tender.objects.update(
            title="Other", scope="-", notice="1", weight=Decimal(1), top_grade=3, closes_at=moved
        )
        assert refusal(actions.begin_scoring, story.tender, by=cast.buyer) == (
            "Bids stay sealed until the closing time has passed."
        )
        assert as_published(Tender.objects.get(pk=story.tender.pk)).as_shown() == published.as_shown()


@pytest.mark.parametrize("change", [{"reference": "TEN-1"}, {"buyer_id": 1}, {"created_at": None}])
def test_whose_a_tender_is_and_its_reference_never_change(order_at, north, change):
    order_at("prepared")
    with north, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Tender.objects.update(**change)


def test_the_rule_says_none_where_nothing_stands_against_it(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        written_for(story.order, story.tender, cast.supplier, cast)
        order = Order.objects.get(pk=story.order.pk)
        assert why_not_submit(order, story.tender, cast.supplier) is None
