"""Every act in a tender: what it writes, its line in the journal, its refusals."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from spo.contracts import actions as contracts
from spo.orders import actions as orders
from spo.orders.models import Order
from spo.tenders import actions
from spo.tenders.flows import TENDER
from spo.tenders.models import (
    Award,
    Bid,
    Consensus,
    Criterion,
    Declaration,
    Dismissal,
    PanelMember,
    Score,
    Tender,
    TenderVersion,
)
from spo.tenders.published import as_published, criteria_of
from spo.tenders.queries import panel_of, standing, visible_scores
from spo.tenders.rules import why_not_submit
from spo.tenders.standstill import earliest_end
from territories.models import Membership
from territories.papers.digest import digest_of
from territories.refusal import Refused, Stale
from tests.cast import acting_in, agenda_read, closed, read, sheet_read, tender_facts, written_for
from tests.reading import as_owner, broken, done, edges, forbidden, journalled, promises, refusal

NEVER_MORE = "This is not possible any more: the tender is now “{}”."
CRITERION = {"dimension": "how", "title": "Contact", "guidance": "A name.", "weight": Decimal(1)}


@pytest.fixture
def contest(order_at, cast):
    """contest("declared"): our bid and the rival's in one tender, walked there."""

    def walk(stage):
        ours = order_at("sealed")
        theirs = order_at("sealed", supplier=cast.rival, tender=ours.tender)
        return ours.walk(stage), theirs

    return walk


# ---- preparing ----


def test_a_tender_starts_as_a_draft_of_its_buyer(north, cast):
    with acting_in(north):
        tender = actions.prepare_tender(by=cast.buyer, **tender_facts())
        line = journalled(tender, "prepare", cast.buyer)
    assert (tender.status, tender.buyer, tender.top_grade) == ("draft", cast.buyer.organisation, 5)
    assert line.after["reference"] == tender.reference


def test_a_draft_is_changed_and_the_journal_says_from_what_to_what(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        changed = actions.change_tender(
            story.tender, version=1, by=cast.buyer, title="New", weight=Decimal("20.00")
        )
        line = journalled(changed, "change", cast.buyer)
        changed.refresh_from_db()
    assert (changed.title, str(changed.weight)) == ("New", "20.00")
    assert line.before == {"title": "Refurbishment of Cowley police station", "weight": "10.00"}
    assert line.after == {"title": "New", "weight": "20.00"}


def test_a_save_over_someone_elses_is_stale(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        actions.change_tender(story.tender, version=1, by=cast.buyer, title="Theirs")
        with pytest.raises(Stale) as stale:
            actions.change_tender(story.tender, version=1, by=cast.buyer, title="Mine")
    assert str(stale.value.reason) == "Someone else saved this tender meanwhile."
    assert (stale.value.current.title, stale.value.current.version) == ("Theirs", 2)


@pytest.mark.parametrize("part", ["supplier", "provider", "evaluator", "lead", "manager"])
def test_only_buyers_prepare_tenders(cast, north, part):
    with acting_in(north):
        said = refusal(actions.prepare_tender, by=getattr(cast, part), **tender_facts())
    assert said == "Only buyers prepare tenders."


def test_a_tender_closes_in_the_future_by_whatever_door(order_at, cast, north):
    story, past = order_at("prepared"), timezone.now() - timedelta(seconds=1)
    with acting_in(north):
        said = {
            refusal(actions.prepare_tender, by=cast.buyer, **tender_facts(closes_at=past)),
            refusal(actions.change_tender, story.tender, version=1, by=cast.buyer, closes_at=past),
        }
    assert said == {"The closing time must be in the future."}


def test_criteria_are_added_and_removed(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        done(actions.remove_criterion, story.tender.criteria.get(dimension="where"), by=cast.buyer)
        removed = journalled(story.tender, "remove criterion", cast.buyer)
        criterion = actions.add_criterion(story.tender, **CRITERION, by=cast.buyer)
        added = journalled(story.tender, "add criterion", cast.buyer)
        left = [str(each) for each in story.tender.criteria.all()]
    assert removed.before == {"title": "Place", "weight": "40.00"}
    assert added.after == {"title": "Contact", "dimension": "how", "weight": "1"}
    assert (left, str(criterion)) == (["HOW: Deliverability", "HOW: Contact"], "HOW: Contact")


def test_a_criterion_stands_once_and_weights_stay_within_a_hundred(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        twice = refusal(
            actions.add_criterion, story.tender, **CRITERION | {"title": "Deliverability"}, by=cast.buyer
        )
        more = refusal(
            actions.add_criterion, story.tender, **CRITERION | {"weight": Decimal("0.01")}, by=cast.buyer
        )
        # The same name may judge WHERE as well.
        done(actions.remove_criterion, story.criteria[1], by=cast.buyer)
        facts = CRITERION | {"dimension": "where", "title": "Deliverability", "weight": Decimal(40)}
        actions.add_criterion(story.tender, **facts, by=cast.buyer)
    assert twice == "There is a criterion with this name already."
    assert more == "The criteria would add up to more than 100 percent: 0 percent are left."


def test_an_evaluator_is_put_on_the_panel_once(order_at, cast, north):
    story = order_at("prepared")
    with as_owner(north):
        PanelMember.objects.filter(user=cast.evaluator2.user).delete()
    with acting_in(north):
        seat = actions.appoint(story.tender, cast.evaluator2, by=cast.buyer)
        line = journalled(seat, "appoint", cast.buyer)
        again = refusal(actions.appoint, story.tender, cast.evaluator2, by=cast.buyer)
    assert (seat.user, seat.organisation) == (cast.evaluator2.user, cast.evaluator2.organisation)
    assert (seat.declared_at, seat.conflict, seat.may_score) == (None, None, False)
    assert line.after == {"tender": story.tender.reference, "user": cast.evaluator2.user_id}
    assert again == "Ewan Kerr is on the panel already."


@pytest.mark.parametrize("part", ["other_buyer", "lead", "manager", "supplier", "evaluator"])
def test_only_the_buyer_that_runs_a_tender_moves_it(order_at, cast, north, part):
    story, by = order_at("scoring"), getattr(cast, part)
    tender, bid, criterion = story.tender, story.bid, story.criteria[0]
    acts = {
        "prepare": lambda: actions.change_tender(tender, version=1, by=by, title="T"),
        "add": lambda: actions.add_criterion(tender, **CRITERION, by=by),
        "remove": lambda: actions.remove_criterion(criterion, seen=read(criterion), by=by),
        "open": lambda: actions.open_tender(tender, seen=read(tender), by=by),
        "appoint": lambda: actions.appoint(tender, cast.evaluator, by=by),
        "close": lambda: actions.begin_scoring(tender, seen=read(tender), by=by),
        "settle": lambda: actions.settle(tender, seen=read(tender), by=by),
        "agree": lambda: actions.agree_grade(bid, criterion, grade=3, rationale="r", seen="", by=by),
        "award": lambda: actions.award(tender, bid, reason="r", standstill_until=None, seen="", by=by),
    }
    change = "Only the buyer that runs this tender can change it."
    consensus = "Only the buyer that runs this tender records its consensus."
    with acting_in(north):
        assert {name: refusal(act) for name, act in acts.items()} == {
            "prepare": change,
            "add": change,
            "remove": change,
            "open": change,
            "appoint": "Only the buyer that runs this tender can choose its panel.",
            "close": "Only the buyer that runs this tender can begin the scoring.",
            "settle": "Only the buyer that runs this tender can end the individual round.",
            "agree": consensus,
            "award": consensus,
        }


# ---- opening ----


def test_opening_a_tender_fixes_its_criteria(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        tender = actions.open_tender(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "open", cast.buyer)
        said = {
            refusal(actions.change_tender, tender, version=1, by=cast.buyer, title="T"),
            refusal(actions.add_criterion, tender, **CRITERION, by=cast.buyer),
            refusal(actions.remove_criterion, story.criteria[0], by=cast.buyer),
            refusal(actions.open_tender, tender, by=cast.buyer),
        }
        tender.refresh_from_db()
        version = TenderVersion.objects.get()
    assert (tender.status, line.before) == ("open", {"status": "draft"})
    assert line.after == {"status": "open", "version": 1, "digest": version.digest}
    assert version.signatory == "Bella Novak, Buyer, Thames Valley Police"
    assert said == {"The tender is open, so its criteria can't be changed any more."}


def test_what_was_published_counts_whatever_the_drafts_rows_say_later(order_at, cast, north):
    story = order_at("settled")
    with as_owner(north):  # the role that requests run under can't
        Criterion.objects.filter(dimension="how").update(weight=Decimal(1), title="Price")
    with acting_in(north):  # a statement that somebody smuggled in
        Tender.objects.filter(pk=story.tender.pk).update(top_grade=10)
        tender = as_published(Tender.objects.get(pk=story.tender.pk))
        points = [str(row.points) for row in standing(tender)]
        asked = [(criterion.title, str(criterion.weight)) for criterion in criteria_of(tender)]
    assert (points, asked, tender.top_grade) == (
        ["100.00"],
        [("Deliverability", "60.00"), ("Place", "40.00")],
        5,
    )


def without_where(story):
    Criterion.objects.filter(tender=story.tender, dimension="where").delete()


def too_light(story):
    Criterion.objects.filter(tender=story.tender, dimension="where").update(weight=Decimal("39.50"))


def too_late(story):
    closed(story.tender)


def without_panel(story):
    PanelMember.objects.filter(tender=story.tender).delete()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (without_where, "Add at least one criterion for HOW and one for WHERE first."),
        (too_light, "The weights add up to 99.5 percent. Make them 100."),
        (too_late, "The closing time has passed. Give a later one."),
        (without_panel, "Put at least one evaluator on the panel first."),
    ],
)
def test_what_is_missing_is_said_before_opening(order_at, cast, north, spoil, sentence):
    story = order_at("prepared")
    with as_owner(north):
        spoil(story)
    with acting_in(north):
        assert refusal(actions.open_tender, story.tender, by=cast.buyer) == sentence


# ---- submitting ----


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
        order = done(actions.write_order_for, story.order, another.tender, by=cast.supplier)
        line = journalled(order, "write for", cast.supplier)
        assert (order.status, order.buyer) == ("offered", cast.buyer.organisation)
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
        order = done(actions.write_order_for, story.order, story.tender, by=cast.supplier)
    assert order.status == "agreed"


def test_what_stands_against_writing_for_a_tender_is_said(order_at, cast, north):
    story, sealed, draft = order_at("open"), order_at("sealed"), order_at("prepared")
    with acting_in(north):

        def said(order, tender, by=cast.supplier):
            return refusal(actions.write_order_for, order, tender, by=by)

        assert said(story.order, story.tender, cast.provider) == "Only suppliers write orders."
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


# ---- scoring ----


def test_scoring_begins_after_the_closing_time(order_at, cast, north):
    story = order_at("sealed")
    with acting_in(north):
        early = refusal(actions.begin_scoring, story.tender, by=cast.buyer)
        closed(story.tender)
        tender = actions.begin_scoring(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "close", cast.buyer)
        again = refusal(actions.begin_scoring, story.tender, by=cast.buyer)
        tender.refresh_from_db()
    assert early == "Bids stay sealed until the closing time has passed."
    assert (tender.status, line.after) == ("scoring", {"status": "scoring"})
    assert again == NEVER_MORE.format("Individual scoring")


def test_a_tender_without_a_bid_has_nothing_to_score(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        closed(story.tender)
        assert refusal(actions.begin_scoring, story.tender, by=cast.buyer) == "There is no bid to score."


def test_interests_are_declared_by_whoever_scores_chairs_or_awards_and_by_nobody_else(order_at, cast, north):
    story = order_at("scoring")
    with acting_in(north):
        said = {
            refusal(actions.declare, story.tender, conflict=False, words="", by=getattr(cast, part))
            for part in ("supplier", "provider", "other_buyer", "lead", "manager")
        }
        for part in (cast.evaluator, cast.buyer):
            declaration = actions.declare(story.tender, conflict=False, words="", by=part)
            line = journalled(declaration, "declare", part)
            assert line.after == {"tender": story.tender.reference, "conflict": False}
        seats = dict(story.tender.panel.values_list("person", "conflict"))
    assert said == {"Whoever scores, chairs or awards declares their own interests."}
    assert seats == {"Eva Lindqvist": False, "Ewan Kerr": None}


def test_a_conflict_is_declared_at_any_time_stays_and_sets_the_scores_aside(order_at, cast, north):
    story = order_at("scored")
    with acting_in(north):
        before = Score.objects.counted().count()
        actions.declare(story.tender, conflict=True, words="My sister joined.", by=cast.evaluator)
        back = refusal(actions.declare, story.tender, conflict=False, words="", by=cast.evaluator)
        said = [
            (row.number, row.conflict, row.words)
            for row in Declaration.objects.filter(user=cast.evaluator.user)
        ]
        kept, counted = Score.objects.count(), Score.objects.counted()
        assert {score.seat.person for score in counted} == {"Ewan Kerr"}
        tender = done(actions.settle, story.tender, by=cast.buyer)
        seen = visible_scores(cast.buyer, tender)
        assert {score.seat.person for score in seen} == {"Ewan Kerr"}
    assert (before, kept, len(counted)) == (4, 4, 2)
    assert said == [(1, False, ""), (2, True, "My sister joined.")]
    assert (
        back == "You declared a conflict of interest, which stands. Ask the buyer to let somebody else do it."
    )


def test_a_conflict_declared_in_another_part_is_the_seats_as_well(order_at, cast, north):
    story = order_at("scored")
    played_for(cast.evaluator.user, cast.buyer.participation, "buyer")
    chair = Membership.objects.get(user=cast.evaluator.user, role="buyer")
    with acting_in(north):
        actions.declare(story.tender, conflict=True, words="Sister", by=chair)
        assert {score.seat.person for score in Score.objects.counted()} == {"Ewan Kerr"}


def test_scores_are_kept_one_after_another_and_the_journal_never_says_what(order_at, cast, north):
    story = order_at("declared")
    how, where = story.criteria
    with acting_in(north):
        seat = story.tender.panel.get(user=cast.evaluator.user)
        both = {how: (4, "Names people."), where: (0, "No place.")}
        done(actions.score, story.bid, both, by=cast.evaluator)
        line = journalled(seat, "score", cast.evaluator)
        changed = {how: (3, "On reflection."), where: (0, "No place.")}
        done(actions.score, story.bid, changed, by=cast.evaluator)
        given = set(Score.objects.values_list("criterion", "number", "grade", "rationale"))
        counted = set(Score.objects.counted().values_list("criterion", "grade"))
    assert given == {
        (how.pk, 1, 4, "Names people."),
        (how.pk, 2, 3, "On reflection."),
        (where.pk, 1, 0, "No place."),
    }
    assert counted == {(how.pk, 3), (where.pk, 0)}
    assert (line.before, line.after) == ({}, {"bid": str(story.bid.pk), "criteria": 2})


def test_an_older_tab_does_not_put_old_grades_back(order_at, cast, north):
    story = order_at("declared")
    how = story.criteria[0]
    with acting_in(north):
        older = sheet_read(story.bid, cast.evaluator)
        done(actions.score, story.bid, {how: (5, "Read twice.")}, by=cast.evaluator)
        with pytest.raises(Stale) as stale:
            actions.score(story.bid, {how: (1, "At first.")}, seen=older, by=cast.evaluator)
        grades = list(Score.objects.values_list("grade", flat=True))
    assert grades == [5]
    assert stale.value.current.as_shown()["grades"] == {
        "HOW: Deliverability": {"grade": 5, "rationale": "Read twice."}
    }


def test_two_sheets_of_a_bid_that_say_the_same_are_two_versions(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        assert sheet_read(story.bid, cast.evaluator) != sheet_read(story.bid, cast.evaluator2)


def test_nobody_scores_from_anothers_seat(order_at, cast, north):
    """A supplier's grades through an evaluator's seat: the seat is found from whoever acts, never given."""
    story = order_at("declared")
    grades = {story.criteria[0]: (0, "Worse than ours.")}
    with acting_in(north):
        said = {
            refusal(actions.score, story.bid, grades, by=getattr(cast, part))
            for part in ("rival", "supplier", "buyer", "lead", "provider")
        }
        assert Score.objects.count() == 0
    assert said == {"Only the panel of this tender scores its bids."}


def test_what_stands_against_scoring_is_said(order_at, cast, north):
    story, other = order_at("scoring"), order_at("declared")
    how = story.criteria[0]
    with acting_in(north):

        def said(by, grades=None):
            return refusal(actions.score, story.bid, grades or {how: (3, "r")}, by=by)

        assert said(cast.evaluator) == "Declare your interests first."
        actions.declare(story.tender, conflict=True, words="Sister", by=cast.evaluator2)
        assert said(cast.evaluator2) == (
            "You declared a conflict of interest, so you can't score in this tender."
        )
        actions.declare(story.tender, conflict=False, words="", by=cast.evaluator)
        scale = "Give every grade on the tender's own scale."
        assert said(cast.evaluator, {how: (6, "r")}) == said(cast.evaluator, {how: (-1, "r")}) == scale
        assert said(cast.evaluator, {how: (3, " ")}) == "Say for every grade why."
        strange = {other.criteria[0]: (3, "r")}
        assert said(cast.evaluator, strange) == "Give grades for this tender's own criteria."
        # One wrong grade, and none of the others is kept.
        assert said(cast.evaluator, {how: (3, "r"), story.criteria[1]: (6, "r")}) == scale
        assert Score.objects.filter(bid=story.bid).count() == 0


def other_quantity(body):
    body["lines"][0]["quantity"] = "1.00"


def other_weights(body):
    first, last = body["criteria"]
    first["weight"], last["weight"] = last["weight"], first["weight"]


UNTRUE = [
    (Bid, other_quantity, " is not what was sealed. Don't go on; tell the service's support."),
    (
        TenderVersion,
        other_weights,
        "What is published of this tender is not what was. Don't go on; tell the service's support.",
    ),
]
GRADE = {"grade": 3, "rationale": "r"}
AWARD = {"reason": "r", "standstill_until": None}
JUDGING = {
    "sealed": lambda s, c: refusal(actions.begin_scoring, s.tender, by=c.buyer),
    "declared": lambda s, c: refusal(actions.score, s.bid, {s.criteria[0]: (3, "r")}, by=c.evaluator),
    "moderation": lambda s, c: refusal(actions.agree_grade, s.bid, s.criteria[0], **GRADE, by=c.buyer),
    "settled": lambda s, c: refusal(actions.award, s.tender, s.bid, **AWARD, by=c.buyer),
    "awarded": lambda s, c: refusal(contracts.lock_in, s.tender, by=c.buyer),
}


@pytest.mark.parametrize("digest", [True, False], ids=["with its digest", "the body alone"])
@pytest.mark.parametrize(("model", "change", "sentence"), UNTRUE)
@pytest.mark.parametrize("stage", JUDGING)
def test_what_is_not_what_was_published_or_sealed_is_judged_by_nobody(
    order_at, cast, north, stage, model, change, sentence, digest
):
    story = order_at(stage)
    if stage == "sealed":
        with acting_in(north):
            closed(story.tender)
    with as_owner(north):  # the role that requests run under can't
        row = model.objects.last()
        change(row.body)
        changed = {"digest": digest_of(row.body)} if digest else {}
        model.objects.filter(pk=row.pk).update(body=row.body, **changed)
    with acting_in(north):
        assert JUDGING[stage](story, cast).endswith(sentence)


@pytest.mark.parametrize("stage", ["moderation", "awarded"])
def test_no_score_changes_after_the_individual_round(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        said = refusal(actions.score, story.bid, {story.criteria[0]: (1, "r")}, by=cast.evaluator)
        grades = set(Score.objects.values_list("grade", flat=True))
    assert (said, grades) == ("The individual round is not running.", {5})


def test_the_individual_round_ends_once_every_score_is_there(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        missing = refusal(actions.settle, story.tender, by=cast.buyer)
        story.walk("scored")
        tender = actions.settle(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "settle", cast.buyer)
        again = refusal(actions.settle, story.tender, by=cast.buyer)
    assert missing == "Scores that are still missing: 4."
    assert (tender.status, line.after) == ("moderation", {"status": "moderation"})
    assert again == NEVER_MORE.format("Moderation")


def test_the_round_does_not_end_before_everyone_has_declared_and_someone_may_score(order_at, cast, north):
    story = order_at("scoring")
    conflict = {"conflict": True, "words": "Sister"}
    with acting_in(north):
        actions.declare(story.tender, **conflict, by=cast.evaluator)
        undeclared = refusal(actions.settle, story.tender, by=cast.buyer)
        actions.declare(story.tender, **conflict, by=cast.evaluator2)
        nobody = refusal(actions.settle, story.tender, by=cast.buyer)
    assert undeclared == "Someone on the panel has not declared their interests yet."
    assert nobody == "Nobody on the panel may score. Every member declared a conflict of interest."


# ---- moderation and award ----


def test_the_panels_grade_is_recorded_once_and_for_good(order_at, cast, north):
    story = order_at("moderation")
    how = story.criteria[0]
    with acting_in(north):
        consensus = done(actions.agree_grade, story.bid, how, grade=4, rationale="We agreed.", by=cast.buyer)
        line = journalled(consensus, "agree grade", cast.buyer)
        said = refusal(actions.agree_grade, story.bid, how, grade=5, rationale="Or not", by=cast.buyer)
    assert (consensus.grade, consensus.rationale, consensus.chair) == (4, "We agreed.", cast.buyer.user)
    assert line.after == {"bid": str(story.bid.pk), "criterion": str(how.pk), "grade": 4}
    assert said == "The panel's grade for this criterion is recorded already."


@pytest.mark.parametrize("stage", ["moderation", "settled"])
def test_who_chairs_or_awards_has_declared_that_they_have_no_conflict(order_at, cast, north, stage):
    story = order_at("scored")
    with as_owner(north):
        Declaration.objects.filter(user=cast.buyer.user).delete()
    with acting_in(north):
        done(actions.settle, story.tender, by=cast.buyer)

        def said():
            if stage == "moderation":
                facts = {"grade": 3, "rationale": "r"}
                return refusal(actions.agree_grade, story.bid, story.criteria[0], **facts, by=cast.buyer)
            return refusal(
                actions.award, story.tender, story.bid, reason="r", standstill_until=None, by=cast.buyer
            )

        first = said()
        actions.declare(story.tender, conflict=True, words="A friend bids.", by=cast.buyer)
        then = said()
    assert first == "Declare your interests first: whoever chairs or awards does."
    assert then == "You declared a conflict of interest, so somebody else has to do this."


@pytest.mark.parametrize(
    ("stage", "steer"),
    [
        ("prepared", lambda s, by: refusal(actions.change_tender, s.tender, version=1, title="New", by=by)),
        ("prepared", lambda s, by: refusal(actions.open_tender, s.tender, by=by)),
        ("sealed", lambda s, by: closed(s.tender) or refusal(actions.begin_scoring, s.tender, by=by)),
        ("open", lambda s, by: refusal(actions.appoint, s.tender, s.cast.evaluator2, by=by)),
        ("declared", lambda s, by: refusal(actions.dismiss, s.panel[1], by=by)),
        ("scored", lambda s, by: refusal(actions.settle, s.tender, by=by)),
    ],
)
def test_whoever_declared_a_conflict_steers_nothing(order_at, cast, north, stage, steer):
    story = order_at(stage)
    with acting_in(north):
        actions.declare(story.tender, conflict=False, words="", by=cast.buyer)
        actions.declare(story.tender, conflict=True, words="A friend bids.", by=cast.buyer)
        said = steer(story, cast.buyer)
    assert said == "You declared a conflict of interest, so somebody else has to do this."


def test_a_chair_whose_panel_changed_meanwhile_is_told(order_at, cast, north):
    story = order_at("moderation")
    with acting_in(north):
        seen = agenda_read(story.bid, cast.buyer)
        actions.declare(story.tender, conflict=True, words="Sister", by=cast.evaluator)
        with pytest.raises(Stale):
            actions.agree_grade(
                story.bid, story.criteria[0], grade=5, rationale="r", seen=seen, by=cast.buyer
            )


def test_what_stands_against_a_consensus_is_said(order_at, cast, north):
    story, other = order_at("moderation"), order_at("scored")
    with acting_in(north):

        def said(bid, criterion, grade):
            return refusal(actions.agree_grade, bid, criterion, grade=grade, rationale="r", by=cast.buyer)

        scale = "Give every grade on the tender's own scale."
        assert said(story.bid, story.criteria[0], 6) == scale
        assert said(story.bid, other.criteria[0], 3) == "Give grades for this tender's own criteria."
        assert said(other.bid, other.criteria[0], 3) == "Moderation is not running."


def test_the_award_voids_the_other_orders_and_says_why(contest, cast, north):
    ours, _theirs = contest("settled")
    last = timezone.localdate() + timedelta(days=30)
    with acting_in(north):
        decision = done(
            actions.award,
            ours.tender,
            ours.bid,
            reason="The most points.",
            standstill_until=last,
            by=cast.buyer,
        )
        line = journalled(ours.tender, "award", cast.buyer)
        statuses = dict(Order.objects.values_list("supplier__name", "status"))
        decision.refresh_from_db()
        ours.tender.refresh_from_db()
    assert statuses == {"Ridgeway Builders Ltd": "sealed", "Cherwell Facilities Ltd": "void"}
    assert (ours.tender.status, decision.bid_id, decision.decided_by) == (
        "awarded",
        ours.bid.pk,
        cast.buyer.user,
    )
    assert (decision.reason, decision.standstill_until) == ("The most points.", last)
    assert (line.before, line.after) == (
        {"status": "moderation"},
        {"status": "awarded", "bid": str(ours.bid.pk)},
    )


def test_a_standstill_is_neither_too_short_nor_mistyped(order_at, cast, north):
    story = order_at("settled")
    today = timezone.localdate()
    first, last = earliest_end(today), today + timedelta(days=90)
    with acting_in(north):

        def said(until):
            return refusal(
                actions.award, story.tender, story.bid, reason="r", standstill_until=until, by=cast.buyer
            )

        short = said(first - timedelta(days=1))
        assert said(today) == said(today - timedelta(days=1)) == short
        assert short == (
            f"A standstill lasts at least 8 working days from the award notice: until {first:%-d %B %Y}, or later. "
            "Leave it empty where none applies."
        )
        assert said(last + timedelta(days=1)) == (
            f"A standstill of more than 90 days is not meant. Give {last:%-d %B %Y}, or earlier."
        )
        facts = {"reason": "r", "standstill_until": first}
        assert done(actions.award, story.tender, story.bid, **facts, by=cast.buyer).standstill_until == first


def test_what_stands_against_an_award_is_said(contest, order_at, cast, north):
    ours, theirs = contest("moderation")
    other = order_at("settled")
    with acting_in(north):

        def said(bid):
            return refusal(actions.award, ours.tender, bid, reason="r", standstill_until=None, by=cast.buyer)

        assert said(ours.bid) == "Agreed grades that are still missing: 4."
        ours.walk("settled")
        best = "Only a bid with the most points can be awarded."
        assert said(theirs.bid) == said(other.bid) == best
        ours.walk("awarded")
        assert said(ours.bid) == "Moderation is not running."
        assert Award.objects.count() == 1


def test_of_bids_with_equal_points_the_buyer_chooses(contest, cast, north):
    ours, theirs = contest("moderation")
    with acting_in(north):
        for bid in (ours.bid, theirs.bid):
            for criterion in ours.criteria:
                done(actions.agree_grade, bid, criterion, grade=4, rationale="Equal", by=cast.buyer)
        ranks = [(row.rank, str(row.points)) for row in standing(ours.tender)]
        decision = done(
            actions.award,
            ours.tender,
            theirs.bid,
            reason="Closer to the place.",
            standstill_until=None,
            by=cast.buyer,
        )
    assert ranks == [(1, "80.00"), (1, "80.00")]
    assert decision.bid == theirs.bid


# ---- flow ----


def test_the_flow_of_a_tender_has_these_edges_and_no_others():
    assert edges(TENDER) == {
        ("open", "draft", "open"),
        ("close", "open", "scoring"),
        ("settle", "scoring", "moderation"),
        ("award", "moderation", "awarded"),
    }


@pytest.mark.parametrize(("verb", "state"), forbidden(TENDER))
def test_a_forbidden_edge_is_a_sentence(verb, state):
    assert str(TENDER.why_not(state, verb)) == NEVER_MORE.format(TENDER.states(state).label)
    with pytest.raises(Refused):
        TENDER.after(state, verb)


# ---- what the database keeps ----


def again(row, **changed):
    """The same row once more, with something changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def dismissed(seat):
    """The seat, with a row that says that it ended."""
    Dismissal.objects.create(seat=seat, dismissed_by_id=seat.user_id, dismissed_at=timezone.now())
    return seat


def tender(story, **changed):
    Tender.objects.filter(pk=story.tender.pk).update(**changed)


VIOLATED = {
    "tender.reference": lambda s: again(s.tender),
    "weight_is_a_share": lambda s: tender(s, weight=Decimal("100.01")),
    "scale_is_short": lambda s: tender(s, top_grade=0),
    "criterion_once": lambda s: again(s.criteria[0]),
    "criterion_weight_is_a_share": lambda s: Criterion.objects.update(weight=0),
    "on_the_panel_once": lambda s: again(PanelMember.objects.filter(tender=s.tender).first()),
    "declaration_has_its_time": lambda s: PanelMember.objects.update(declared_at=None),
    "bid.order_id": lambda s: again(s.bid, supplier_id=s.cast.rival.organisation.pk),
    "one_bid_per_supplier": lambda s: again(s.bid, order_id=s.spare),
    "score_number_once": lambda s: again(Score.objects.first(), grade=1),
    "dismissal.seat_id": lambda s: dismissed(dismissed(s.panel[0])),
    "declaration_number_once": lambda s: again(Declaration.objects.first()),
    "tender_version_once": lambda s: again(TenderVersion.objects.first()),
    "one_consensus": lambda s: again(Consensus.objects.first(), grade=1),
    "award.tender_id": lambda s: again(Award.objects.get(), bid_id=s.rivals),
    "award.bid_id": lambda s: again(Award.objects.get(), tender_id=s.another),
}


def test_the_database_keeps_every_promise(contest, order_at, north):
    story, theirs = contest("awarded")
    story.rivals = theirs.bid.pk
    story.spare, story.another = order_at("agreed").order.pk, order_at("open").tender.pk
    for promise, violate in VIOLATED.items():
        with as_owner(north), broken(promise), transaction.atomic():
            violate(deepcopy(story))


@pytest.mark.parametrize(
    ("promise", "wrong"),
    [
        ("weight_is_a_share", {"weight": 0}),
        ("scale_is_short", {"top_grade": 11}),
    ],
)
def test_a_share_and_a_scale_have_both_their_ends(order_at, north, promise, wrong):
    story = order_at("prepared")
    with as_owner(north), broken(promise), transaction.atomic():
        tender(story, **wrong)


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("tenders")


NEVER_CHANGED = [
    (TenderVersion, {"digest": "0"}),
    (Bid, {"digest": "0"}),
    (Score, {"grade": 1}),
    (Dismissal, {"dismissed_at": None}),
    (Declaration, {"conflict": False}),
    (Consensus, {"rationale": "Changed"}),
    (Award, {"reason": "Changed"}),
]


@pytest.mark.parametrize(("model", "change"), NEVER_CHANGED)
def test_what_was_published_sealed_scored_declared_and_decided_is_never_changed(
    order_at, north, model, change
):
    order_at("awarded")
    with north:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_who_was_taken_off_stays_off_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        score = dict.fromkeys(story.criteria, (3, "r"))
        done(actions.score, story.bid, score, by=cast.evaluator2)
        PanelMember.objects.filter(pk=story.panel[1].pk).update(conflict=True)
        off = done(actions.dismiss, story.panel[1], by=cast.buyer)
        row = Dismissal.objects.get()
        assert (row.seat, row.signatory) == (off, "Bella Novak, Buyer, Thames Valley Police")
        PanelMember.objects.update(ended_at=None, conflict=False)
        assert [seat.person for seat in story.tender.panel.held()] == ["Eva Lindqvist"]
        assert Score.objects.counted().count() == 0
        said = refusal(actions.score, story.bid, score, by=cast.evaluator2)
    assert said == "Only the panel of this tender scores its bids."


def test_a_conflict_stands_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("scored")
    with acting_in(north):
        actions.declare(story.tender, conflict=True, words="My sister joined.", by=cast.evaluator2)
        PanelMember.objects.update(conflict=False)
        assert {score.seat.person for score in Score.objects.counted()} == {"Eva Lindqvist"}
        assert [seat.person for seat in story.tender.panel.scoring()] == ["Eva Lindqvist"]
        said = refusal(actions.score, story.bid, {story.criteria[0]: (1, "r")}, by=cast.evaluator2)
        actions.declare(story.tender, conflict=True, words="My brother too.", by=cast.evaluator)
        PanelMember.objects.update(conflict=False)
        nobody = refusal(actions.settle, story.tender, by=cast.buyer)
    assert said == "You declared a conflict of interest, so you can't score in this tender."
    assert nobody == "Nobody on the panel may score. Every member declared a conflict of interest."


def test_nobody_scores_who_has_not_declared_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("scoring")
    with acting_in(north):
        PanelMember.objects.update(conflict=False, declared_at=timezone.now())
        assert story.tender.panel.scoring().count() == 0


@pytest.mark.parametrize("change", [{"user_id": 1}, {"person": "Somebody"}, {"tender_id": None}])
def test_of_a_seat_only_its_state_and_its_end_change(order_at, north, change):
    order_at("prepared")
    with north, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PanelMember.objects.update(**change)


def test_bids_stand_in_the_order_in_which_they_came(contest, north):
    ours, theirs = contest("sealed")
    with north:
        assert list(Bid.objects.filter(tender=ours.tender)) == [ours.bid, theirs.bid]


# ---- off the panel ----


def test_an_evaluator_who_has_not_scored_is_taken_off_the_panel(order_at, cast, north):
    story = order_at("declared")
    seat = story.panel[1]
    with acting_in(north):
        done(actions.dismiss, seat, by=cast.buyer)
        assert [one.user for one in story.tender.panel.held()] == [cast.evaluator.user]
        line = journalled(seat, "dismiss", cast.buyer)
        again = refusal(actions.dismiss, seat, by=cast.buyer)
    assert line.before == {"tender": story.tender.reference, "user": seat.user_id, "scores": 0}
    assert again == "Ewan Kerr is off the panel already."


def test_whoever_has_scored_stays_unless_they_have_left_and_then_their_scores_are_set_aside(
    order_at, cast, north
):
    story = order_at("scored")
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[1], by=cast.buyer) == (
            "Ewan Kerr has scored already, and plays a part here: their scores count."
        )
    connection.set_schema_to_public()
    Membership.objects.filter(pk=cast.evaluator2.pk).update(ended_at=timezone.now())
    with acting_in(north):
        assert [(seat.scores_given, seat.gone) for seat in panel_of(story.tender)] == [(2, False), (2, True)]
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        kept = Score.objects.filter(seat=story.panel[1]).count()
        assert (kept, Score.objects.counted().filter(seat=story.panel[1]).count()) == (2, 0)
        # What stopped the tender is gone.
        tender = done(actions.settle, story.tender, by=cast.buyer)
        assert tender.status == "moderation"
        assert {score.seat.person for score in visible_scores(cast.buyer, tender)} == {"Eva Lindqvist"}


def test_who_was_taken_off_while_scoring_scores_no_more(order_at, cast, north):
    """The seat is read under the lock: one that ended meanwhile counts for nothing."""
    story = order_at("declared")
    with acting_in(north):
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        said = refusal(actions.score, story.bid, {story.criteria[0]: (5, "r")}, by=cast.evaluator2)
    assert said == "Only the panel of this tender scores its bids."


def test_somebody_must_be_left_to_score_and_only_the_buyer_decides(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == (
            "Nobody else could score. Put another evaluator on the panel first."
        )
        assert refusal(actions.dismiss, story.panel[0], by=cast.other_buyer) == (
            "Only the buyer that runs this tender changes its panel."
        )
        # While scores are given somebody else can take the seat.
        actions.appoint(story.tender, cast.evaluator2, by=cast.buyer)
        done(actions.dismiss, story.panel[0], by=cast.buyer)
        assert [one.person for one in story.tender.panel.held()] == ["Ewan Kerr"]


def test_after_the_individual_round_the_panel_stays(order_at, cast, north):
    story = order_at("settled")
    stays = "The individual round is over, so the panel stays as it is."
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == stays
        assert refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer) == stays


def test_the_buyer_is_asked_first(order_at, cast, client_for):
    story = order_at("prepared")
    browser, address = client_for(cast.buyer), f"/panel/{story.panel[0].pk}/dismiss/"
    assert address in browser.get(f"/tenders/{story.tender.pk}/").text
    assert "Do you want to take Eva Lindqvist off the panel?" in browser.get(address).text
    assert browser.fill(address).url == f"/tenders/{story.tender.pk}/"
    page = browser.get(f"/tenders/{story.tender.pk}/").text
    assert "scores set aside" in page.partition("Eva Lindqvist, Thames Valley Police")[2]


# ---- ties that the system knows ----


def played_for(user, participation, role, ended=None) -> None:
    connection.set_schema_to_public()
    Membership.objects.appoint(user=user, participation=participation, role=role, ended_at=ended)


def test_who_plays_a_suppliers_part_is_not_put_on_a_panel(order_at, cast, north):
    story = order_at("prepared")
    played_for(cast.evaluator.user, cast.south.rival.participation, "supplier")
    with as_owner(north):
        PanelMember.objects.all().delete()
    with acting_in(north):
        said = refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer)
        stranger = refusal(actions.appoint, story.tender, cast.manager, by=cast.buyer)
    assert said == "Eva Lindqvist plays a supplier's part, so they can't score bids."
    assert stranger == "Mo Farouk is no evaluator here."


@pytest.mark.parametrize("role", ["supplier", "provider"])
def test_a_former_part_in_a_bid_is_shown_from_the_opening_on_and_never_before(
    order_at, cast, client_for, north, role
):
    part, last = getattr(cast, role), timezone.now() - timedelta(days=400)
    story = order_at("prepared")
    played_for(cast.evaluator.user, part.participation, role, last)
    url = f"/tenders/{story.tender.pk}/"
    said = f"Eva Lindqvist was {part.role_name}, {part.organisation}, until"
    readers = {
        name: client_for(getattr(cast, name))
        for name in ("buyer", "lead", "evaluator2", "manager", "supplier")
    }

    def shown():
        return {name for name, browser in readers.items() if said in browser.get(url).text}

    assert shown() == set()
    story.walk("sealed")
    assert shown() == set()
    story.walk("scoring")
    assert shown() == {"buyer", "lead"}
    with as_owner(north):
        PanelMember.objects.filter(user=cast.evaluator.user).delete()
    with acting_in(north):
        refused = refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer)
    assert refused == (
        f"Eva Lindqvist plays or played a part for {part.organisation}, which is in this tender."
    )


def test_who_has_a_tie_is_taken_off_although_they_have_scored(order_at, cast, north):
    story = order_at("scored")
    played_for(cast.evaluator.user, cast.provider.participation, "provider", timezone.now())
    with acting_in(north):
        done(actions.dismiss, story.panel[0], by=cast.buyer)
        assert Score.objects.counted().filter(seat=story.panel[0]).count() == 0
