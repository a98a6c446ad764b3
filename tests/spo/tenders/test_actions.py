"""Every act in a tender: what it writes, its line in the journal, its refusals."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from spo.orders import actions as orders
from spo.orders.models import Order
from spo.tenders import actions
from spo.tenders.flows import TENDER
from spo.tenders.models import Award, Bid, Consensus, Criterion, PanelMember, Score, Tender
from spo.tenders.queries import panel_of, standing
from spo.tenders.rules import why_not_submit
from territories.models import Membership
from territories.refusal import Refused
from tests.cast import acting_in, read, tender_facts
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal

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
        changed = actions.change_tender(story.tender, by=cast.buyer, title="New", weight=Decimal("20.00"))
        line = journalled(changed, "change", cast.buyer)
        changed.refresh_from_db()
    assert (changed.title, str(changed.weight)) == ("New", "20.00")
    assert line.before == {"title": "Refurbishment of Cowley police station", "weight": "10.00"}
    assert line.after == {"title": "New", "weight": "20.00"}


def test_criteria_are_added_and_removed(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        actions.remove_criterion(
            story.tender.criteria.get(dimension="where"),
            seen=read(story.tender.criteria.get(dimension="where")),
            by=cast.buyer,
        )
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
        actions.remove_criterion(story.criteria[1], by=cast.buyer)
        facts = CRITERION | {"dimension": "where", "title": "Deliverability", "weight": Decimal(40)}
        actions.add_criterion(story.tender, **facts, by=cast.buyer)
    assert twice == "There is a criterion with this name already."
    assert more == "With this weight the criteria would add up to more than 100 percent."


def test_an_evaluator_is_put_on_the_panel_once(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        PanelMember.objects.filter(user=cast.evaluator2.user).delete()
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
        "prepare": lambda: actions.change_tender(tender, by=by, title="T"),
        "add": lambda: actions.add_criterion(tender, **CRITERION, by=by),
        "remove": lambda: actions.remove_criterion(criterion, seen=read(criterion), by=by),
        "open": lambda: actions.open_tender(tender, seen=read(tender), by=by),
        "appoint": lambda: actions.appoint(tender, cast.evaluator, by=by),
        "close": lambda: actions.begin_scoring(tender, seen=read(tender), by=by),
        "settle": lambda: actions.settle(tender, seen=read(tender), by=by),
        "agree": lambda: actions.agree_grade(bid, criterion, grade=3, rationale="r", by=by),
        "award": lambda: actions.award(tender, bid, reason="r", standstill_until=None, by=by),
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
            refusal(actions.change_tender, tender, by=cast.buyer, title="T"),
            refusal(actions.add_criterion, tender, **CRITERION, by=cast.buyer),
            refusal(actions.remove_criterion, story.criteria[0], by=cast.buyer),
            refusal(actions.open_tender, tender, by=cast.buyer),
        }
        tender.refresh_from_db()
    assert (tender.status, line.before, line.after) == ("open", {"status": "draft"}, {"status": "open"})
    assert said == {"The tender is open, so its criteria can't be changed any more."}


def without_where(story):
    Criterion.objects.filter(tender=story.tender, dimension="where").delete()


def too_light(story):
    Criterion.objects.filter(tender=story.tender, dimension="where").update(weight=Decimal("39.50"))


def too_late(story):
    Tender.objects.filter(pk=story.tender.pk).update(closes_at=timezone.now() - timedelta(seconds=1))


def without_panel(story):
    PanelMember.objects.filter(tender=story.tender).delete()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (without_where, "Add at least one criterion for HOW and one for WHERE first."),
        (too_light, "The weights add up to 99.50 percent. Make them 100."),
        (too_late, "The closing time has passed. Give a later one."),
        (without_panel, "Put at least one evaluator on the panel first."),
    ],
)
def test_what_is_missing_is_said_before_opening(order_at, cast, north, spoil, sentence):
    story = order_at("prepared")
    with acting_in(north):
        spoil(story)
        assert refusal(actions.open_tender, story.tender, by=cast.buyer) == sentence


# ---- submitting ----


def test_submitting_seals_an_agreed_order(order_at, cast, north):
    story = order_at("open")
    with acting_in(north):
        bid = actions.submit(story.order, story.tender, seen=read(story.order), by=cast.traveller)
        line = journalled(bid, "submit", cast.traveller)
        story.order.refresh_from_db()
    assert story.order.status == "sealed"
    assert (bid.supplier, bid.submitted_by) == (cast.supplier.organisation, cast.traveller.user)
    assert line.after == {"tender": story.tender.reference, "order": story.order.reference}


def test_what_stands_against_submitting_is_said(order_at, cast, north):
    story = order_at("open")
    draft, sealed = order_at("prepared"), order_at("sealed")
    with acting_in(north):

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
        facts = (
            {"closes_at": timezone.now() - timedelta(seconds=1)} if status == "open" else {"status": status}
        )
        Tender.objects.filter(pk=story.tender.pk).update(**facts)
        said = refusal(actions.submit, story.order, story.tender, by=cast.supplier)
        story.order.refresh_from_db()
    assert said == "The tender is closed, so it takes no more bids."
    assert story.order.status == "agreed"


def test_the_rule_says_none_where_nothing_stands_against_it(order_at, cast, north):
    story = order_at("open")
    with north:
        assert why_not_submit(story.order, story.tender, cast.supplier) is None


# ---- scoring ----


def test_scoring_begins_after_the_closing_time(order_at, cast, north):
    story = order_at("sealed")
    with acting_in(north):
        early = refusal(actions.begin_scoring, story.tender, by=cast.buyer)
        too_late(story)
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
        too_late(story)
        assert refusal(actions.begin_scoring, story.tender, by=cast.buyer) == "There is no bid to score."


def test_the_panel_stands_once_scoring_has_begun(order_at, cast, north):
    story = order_at("scoring")
    with acting_in(north):
        said = refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer)
    assert said == "Scoring has begun, so the panel can't be changed any more."


@pytest.mark.parametrize("conflict", [False, True])
def test_interests_are_declared_once_and_by_oneself(order_at, cast, north, conflict):
    story = order_at("scoring")
    words = {"conflict": conflict, "declaration": "My sister" if conflict else ""}
    with acting_in(north):
        others = refusal(actions.declare, story.panel[0], **words, by=cast.evaluator2)
        seat = actions.declare(story.panel[0], **words, by=cast.evaluator)
        line = journalled(seat, "declare", cast.evaluator)
        again = refusal(actions.declare, story.panel[0], **words, by=cast.evaluator)
        seat.refresh_from_db()
    assert others == "Everyone declares their own interests."
    assert again == "You have made your declaration already."
    assert (seat.conflict, seat.may_score, seat.declared_at is None) == (conflict, not conflict, False)
    assert (seat.declaration, line.after) == (words["declaration"], {"conflict": conflict})


def test_scores_are_kept_and_changed_and_the_journal_never_says_what(order_at, cast, north):
    story = order_at("declared")
    how, where = story.criteria
    seat = story.panel[0]
    with acting_in(north):
        seat.refresh_from_db()
        actions.score(
            story.bid, seat, {how: (4, "Names people."), where: (0, "No place.")}, by=cast.evaluator
        )
        line = journalled(seat, "score", cast.evaluator)
        actions.score(story.bid, seat, {how: (3, "On reflection.")}, by=cast.evaluator)
        kept = set(Score.objects.values_list("criterion", "evaluator", "grade", "rationale"))
    assert kept == {
        (how.pk, cast.evaluator.user_id, 3, "On reflection."),
        (where.pk, cast.evaluator.user_id, 0, "No place."),
    }
    assert (line.before, line.after) == ({}, {"bid": str(story.bid.pk), "criteria": 2})


def test_what_stands_against_scoring_is_said(order_at, cast, north):
    story, other = order_at("scoring"), order_at("declared")
    how = story.criteria[0]
    with acting_in(north):

        def said(seat, by, grades=None, bid=story.bid):
            return refusal(actions.score, bid, seat, grades or {how: (3, "r")}, by=by)

        outside = "Only the panel of this tender scores its bids."
        assert said(None, cast.buyer) == said(other.panel[0], cast.evaluator) == outside
        assert said(story.panel[0], cast.evaluator) == "Declare your interests first."
        torn = actions.declare(story.panel[1], conflict=True, declaration="Sister", by=cast.evaluator2)
        assert said(torn, cast.evaluator2) == (
            "You declared a conflict of interest, so you can't score in this tender."
        )
        free = actions.declare(story.panel[0], conflict=False, declaration="", by=cast.evaluator)
        scale = "Give every grade on the tender's own scale."
        assert (
            said(free, cast.evaluator, {how: (6, "r")})
            == said(free, cast.evaluator, {how: (-1, "r")})
            == scale
        )
        assert said(free, cast.evaluator, {other.criteria[0]: (3, "r")}) == scale
        # One wrong grade, and none of the others is kept.
        assert said(free, cast.evaluator, {how: (3, "r"), story.criteria[1]: (6, "r")}) == scale
        assert Score.objects.filter(bid=story.bid).count() == 0


@pytest.mark.parametrize("stage", ["moderation", "awarded"])
def test_no_score_changes_after_the_individual_round(order_at, cast, north, stage):
    story = order_at(stage)
    with acting_in(north):
        seat = PanelMember.objects.get(pk=story.panel[0].pk)
        said = refusal(actions.score, story.bid, seat, {story.criteria[0]: (1, "r")}, by=cast.evaluator)
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
    conflict = {"conflict": True, "declaration": "Sister"}
    with acting_in(north):
        actions.declare(story.panel[0], **conflict, by=cast.evaluator)
        undeclared = refusal(actions.settle, story.tender, by=cast.buyer)
        actions.declare(story.panel[1], **conflict, by=cast.evaluator2)
        nobody = refusal(actions.settle, story.tender, by=cast.buyer)
    assert undeclared == "Someone on the panel has not declared their interests yet."
    assert nobody == "Nobody on the panel may score. Every member declared a conflict of interest."


# ---- moderation and award ----


def test_the_panels_grade_is_recorded_once_and_for_good(order_at, cast, north):
    story = order_at("moderation")
    how = story.criteria[0]
    with acting_in(north):
        consensus = actions.agree_grade(story.bid, how, grade=4, rationale="We agreed.", by=cast.buyer)
        line = journalled(consensus, "agree grade", cast.buyer)
        said = refusal(actions.agree_grade, story.bid, how, grade=5, rationale="Or not", by=cast.buyer)
    assert (consensus.grade, consensus.rationale, consensus.chair) == (4, "We agreed.", cast.buyer.user)
    assert line.after == {"bid": str(story.bid.pk), "criterion": str(how.pk), "grade": 4}
    assert said == "The panel's grade for this criterion is recorded already."


def test_what_stands_against_a_consensus_is_said(order_at, cast, north):
    story, other = order_at("moderation"), order_at("scored")
    with acting_in(north):

        def said(bid, criterion, grade):
            return refusal(actions.agree_grade, bid, criterion, grade=grade, rationale="r", by=cast.buyer)

        scale = "Give every grade on the tender's own scale."
        assert said(story.bid, story.criteria[0], 6) == said(story.bid, other.criteria[0], 3) == scale
        assert said(other.bid, other.criteria[0], 3) == "Moderation is not running."


def test_the_award_voids_the_other_orders_and_says_why(contest, cast, north):
    ours, _theirs = contest("settled")
    last = date(2027, 3, 31)
    with acting_in(north):
        decision = actions.award(
            ours.tender, ours.bid, reason="The most points.", standstill_until=last, by=cast.buyer
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
                actions.agree_grade(bid, criterion, grade=4, rationale="Equal", by=cast.buyer)
        ranks = [(row.rank, str(row.points)) for row in standing(ours.tender)]
        decision = actions.award(
            ours.tender, theirs.bid, reason="Closer to the place.", standstill_until=None, by=cast.buyer
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
    "one_score": lambda s: again(Score.objects.first(), grade=1),
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


@pytest.mark.parametrize("model", [Consensus, Award])
def test_what_the_panel_and_the_buyer_decided_is_never_changed_or_taken_back(order_at, north, model):
    order_at("awarded")
    with north:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(**{"reason" if model is Award else "rationale": "Changed"})
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_bids_stand_in_the_order_in_which_they_came(contest, north):
    ours, theirs = contest("sealed")
    with north:
        assert list(Bid.objects.filter(tender=ours.tender)) == [ours.bid, theirs.bid]


# ---- off the panel ----


def test_an_evaluator_who_has_not_scored_is_taken_off_the_panel(order_at, cast, north):
    story = order_at("declared")
    seat = story.panel[1]
    with acting_in(north):
        actions.dismiss(seat, seen=read(seat), by=cast.buyer)
        assert [one.user for one in story.tender.panel.all()] == [cast.evaluator.user]
        line = journalled(seat, "dismiss", cast.buyer)
        assert line.before == {"tender": story.tender.reference, "user": seat.user_id, "scores": 0}


def test_whoever_has_scored_stays_unless_they_have_left_and_then_their_scores_go(order_at, cast, north):
    story = order_at("scored")
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[1], by=cast.buyer) == (
            "Ewan Kerr has scored already, and plays a part here: their scores count."
        )
    connection.set_schema_to_public()
    Membership.objects.filter(pk=cast.evaluator2.pk).update(ended_at=timezone.now())
    with acting_in(north):
        assert [(seat.scores, seat.gone) for seat in panel_of(story.tender)] == [(2, False), (2, True)]
        actions.dismiss(story.panel[1], by=cast.buyer)
        assert Score.objects.filter(evaluator=cast.evaluator2.user).count() == 0
        # What stopped the tender is gone.
        assert actions.settle(story.tender, seen=read(story.tender), by=cast.buyer).status == "moderation"


def test_somebody_must_be_left_to_score_and_only_the_buyer_decides(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        actions.dismiss(story.panel[1], by=cast.buyer)
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == (
            "Nobody else could score. The panel needs at least one evaluator."
        )
        assert refusal(actions.dismiss, story.panel[0], by=cast.other_buyer) == (
            "Only the buyer that runs this tender changes its panel."
        )


def test_after_the_individual_round_the_panel_stays(order_at, cast, north):
    story = order_at("settled")
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == (
            "The individual round is over, so the panel stays as it is."
        )


def test_the_buyer_is_asked_first(order_at, cast, client_for):
    story = order_at("prepared")
    browser, address = client_for(cast.buyer), f"/panel/{story.panel[0].pk}/dismiss/"
    assert address in browser.get(f"/tenders/{story.tender.pk}/").text
    assert "Do you want to take Eva Lindqvist off the panel?" in browser.get(address).text
    assert browser.post(address).url == f"/tenders/{story.tender.pk}/"
    assert (
        "Eva Lindqvist"
        not in browser.get(f"/tenders/{story.tender.pk}/").text.partition("is off the panel")[2]
    )
