"""Every act on what a tender asks: what it writes, its line in the journal, its refusals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from spo.scoring import actions
from spo.scoring.queries.scores import standing
from spo.tenders import actions as tenders
from spo.tenders.flows import TENDER
from spo.tenders.models import Criterion, Tender, TenderVersion
from spo.tenders.published import as_published, criteria_of
from territories.refusal import Refused, Stale
from tests.client import acting_in
from tests.reading import as_owner, done, edges, forbidden, journalled, refusal
from tests.seen import read
from tests.story import closed, tender_facts

NEVER_MORE = "This is not possible any more: the tender is now “{}”."


CRITERION = {"dimension": "how", "title": "Contact", "guidance": "A name.", "weight": Decimal(1)}


def test_a_tender_starts_as_a_draft_of_its_buyer(north, cast):
    with acting_in(north):
        tender = tenders.prepare_tender(by=cast.buyer, **tender_facts())
        line = journalled(tender, "prepare", cast.buyer)
    assert (tender.status, tender.buyer, tender.top_grade) == ("draft", cast.buyer.organisation, 5)
    assert line.after["reference"] == tender.reference


def test_a_draft_is_changed_and_the_journal_says_from_what_to_what(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        changed = tenders.change_tender(
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
        tenders.change_tender(story.tender, version=1, by=cast.buyer, title="Theirs")
        with pytest.raises(Stale) as stale:
            tenders.change_tender(story.tender, version=1, by=cast.buyer, title="Mine")
    assert str(stale.value.reason) == "Someone else saved this tender meanwhile."
    assert (stale.value.current.title, stale.value.current.version) == ("Theirs", 2)


@pytest.mark.parametrize("part", ["supplier", "provider", "evaluator", "lead", "manager"])
def test_only_buyers_prepare_tenders(cast, north, part):
    with acting_in(north):
        said = refusal(tenders.prepare_tender, by=getattr(cast, part), **tender_facts())
    assert said == "Only buyers prepare tenders."


def test_a_tender_closes_in_the_future_by_whatever_door(order_at, cast, north):
    story, past = order_at("prepared"), timezone.now() - timedelta(seconds=1)
    with acting_in(north):
        said = {
            refusal(tenders.prepare_tender, by=cast.buyer, **tender_facts(closes_at=past)),
            refusal(tenders.change_tender, story.tender, version=1, by=cast.buyer, closes_at=past),
        }
    assert said == {"The closing time must be in the future."}


def test_criteria_are_added_and_removed(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        done(tenders.remove_criterion, story.tender.criteria.get(dimension="where"), by=cast.buyer)
        removed = journalled(story.tender, "remove criterion", cast.buyer)
        criterion = tenders.add_criterion(story.tender, **CRITERION, by=cast.buyer)
        added = journalled(story.tender, "add criterion", cast.buyer)
        left = [str(each) for each in story.tender.criteria.all()]
    assert removed.before == {"title": "Place", "weight": "40.00"}
    assert added.after == {"title": "Contact", "dimension": "how", "weight": "1"}
    assert (left, str(criterion)) == (["HOW: Deliverability", "HOW: Contact"], "HOW: Contact")


def test_a_criterion_stands_once_and_weights_stay_within_a_hundred(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        twice = refusal(
            tenders.add_criterion, story.tender, **CRITERION | {"title": "Deliverability"}, by=cast.buyer
        )
        more = refusal(
            tenders.add_criterion, story.tender, **CRITERION | {"weight": Decimal("0.01")}, by=cast.buyer
        )
        # The same name may judge WHERE as well.
        done(tenders.remove_criterion, story.criteria[1], by=cast.buyer)
        facts = CRITERION | {"dimension": "where", "title": "Deliverability", "weight": Decimal(40)}
        tenders.add_criterion(story.tender, **facts, by=cast.buyer)
    assert twice == "There is a criterion with this name already."
    assert more == "The criteria would add up to more than 100 percent: 0 percent are left."


@pytest.mark.parametrize("part", ["other_buyer", "lead", "manager", "supplier", "evaluator"])
def test_only_the_buyer_that_runs_a_tender_moves_it(order_at, cast, north, part):
    story, by = order_at("scoring"), getattr(cast, part)
    tender, bid, criterion = story.tender, story.bid, story.criteria[0]
    acts = {
        "prepare": lambda: tenders.change_tender(tender, version=1, by=by, title="T"),
        "add": lambda: tenders.add_criterion(tender, **CRITERION, by=by),
        "remove": lambda: tenders.remove_criterion(criterion, seen=read(criterion), by=by),
        "open": lambda: tenders.open_tender(tender, seen=read(tender), by=by),
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


def test_opening_a_tender_fixes_its_criteria(order_at, cast, north):
    story = order_at("prepared")
    with acting_in(north):
        tender = tenders.open_tender(story.tender, seen=read(story.tender), by=cast.buyer)
        line = journalled(tender, "open", cast.buyer)
        said = {
            refusal(tenders.change_tender, tender, version=1, by=cast.buyer, title="T"),
            refusal(tenders.add_criterion, tender, **CRITERION, by=cast.buyer),
            refusal(tenders.remove_criterion, story.criteria[0], by=cast.buyer),
            refusal(tenders.open_tender, tender, by=cast.buyer),
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
    Tender.objects.filter(pk=story.tender.pk).update(panel_size=0)


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
        assert refusal(tenders.open_tender, story.tender, by=cast.buyer) == sentence


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
