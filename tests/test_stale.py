"""Whoever acts on what is no more changes nothing: every act that says what was seen, with something else seen."""

import ast
import inspect
from decimal import Decimal

import pytest

from community import actions as community
from research import actions as research
from spo.contracts import actions as contracts
from spo.delivery import actions as delivery
from spo.orders import actions as orders
from spo.scoring import actions as scoring
from spo.tenders import actions as tenders
from territories.journal.models import Entry
from territories.refusal import Stale
from tests.client import acting_in
from tests.source import functions, shelf
from tests.story import closed, publication_facts, support, written_for

SEEN = "what stood there once"
# stage → its acts, each as (act, what it is about, who).
ACTS = {
    "draft": [
        (orders.remove_commitment, lambda s: [s.line], "supplier"),
        (orders.offer, lambda s: [s.order], "supplier"),
    ],
    "offered": [
        (orders.agree, lambda s: [s.line], "provider"),
        (orders.send_back, lambda s: [s.line], "provider"),
        (orders.take_back, lambda s: [s.order], "supplier"),
    ],
    "prepared": [
        (tenders.remove_criterion, lambda s: [s.criteria[0]], "buyer"),
        (tenders.open_tender, lambda s: [s.tender], "buyer"),
        (scoring.dismiss, lambda s: [s.panel[0]], "buyer"),
    ],
    "open": [
        (orders.write_for, lambda s: [unwritten(s.order), s.tender], "supplier"),
    ],
    "declared": [(scoring.score, lambda s: [s.bid, grades(s)], "evaluator")],
    "scored": [(scoring.settle, lambda s: [s.tender], "buyer")],
    "moderation": [(scoring.agree_grade, lambda s: [s.bid, s.criteria[0]], "buyer")],
    "settled": [(scoring.award, lambda s: [s.tender, s.bid], "buyer")],
    "awarded": [(contracts.lock_in, lambda s: [s.tender], "buyer")],
    "locked": [(contracts.sign, lambda s: [s.contract], "buyer")],
    "claimed": [
        (delivery.confirm, lambda s: [s.delivery], "provider"),
        (delivery.dispute, lambda s: [s.delivery], "provider"),
        (delivery.withdraw, lambda s: [s.delivery], "supplier"),
    ],
    "confirmed": [(delivery.correct, lambda s: [s.delivery], "provider")],
}
# What takes a stage of its own, or stands on the public site: tried below, or where it is told.
APART = {
    "publish_activity",
    "remove_impact",
    "remove_need",
    "publish",
    "submit",
    "begin_scoring",
    "change",  # tests/territories/test_joining.py
    "approve",
    "refuse",
    "set_welcome",
    "correct",  # of staff: tests/territories/test_staff.py
}
# What else an act is told.
MORE = {
    "words": "Because.",
    "what": "It did not come.",
    "note": "Later, please.",
    "reason": "Because.",
    "rationale": "Because.",
    "grade": 3,
    "quantity": 1,
    "standstill_until": None,
}
ROWS = [(stage, *one) for stage, acts in ACTS.items() for one in acts]


def grades(story):
    return {criterion.pk: (3, "Because.") for criterion in story.criteria}


def unwritten(order):
    """The order as if it were for no tender yet."""
    type(order).objects.filter(pk=order.pk).update(tender=None)
    return type(order).objects.get(pk=order.pk)


def told(act) -> dict:
    """The act's other facts, as far as it has no words for them itself."""
    given = inspect.signature(act).parameters
    return {name: MORE[name] for name, one in given.items() if name in MORE and one.default is one.empty}


def stale(act, about, by) -> None:
    """The act is refused with the row as it stands, and nothing is written."""
    before = Entry.objects.count()
    with pytest.raises(Stale):
        act(*about, **told(act), seen=SEEN, by=by)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("stage", "act", "about", "who"),
    ROWS,
    ids=lambda one: getattr(one, "__name__", None) if callable(one) else one,
)
def test_an_act_on_what_is_no_more_changes_nothing(order_at, cast, stage, act, about, who):
    story = order_at(stage)
    with acting_in(story.territory):
        stale(act, about(story), getattr(cast, who))


def test_an_activity_is_published_as_it_was_read(order_at, cast):
    """And what it does and needs is taken away as it was read."""
    story, by = order_at("registered"), cast.colleague
    with acting_in(story.territory):
        told = {"primary": "safer", "secondary": "policing", "reason": "Fewer calls."}
        impact = community.add_impact(story.activity, **told, by=by)
        need = community.add_need(story.activity, support_type=support(), quantity=Decimal(2), note="", by=by)
        stale(community.publish_activity, [story.activity], by)
        stale(community.remove_impact, [impact], by)
        stale(community.remove_need, [need], by)


def test_an_order_is_submitted_as_it_was_read(order_at, cast):
    story = order_at("open")
    with acting_in(story.territory):
        written_for(story.order, story.tender, cast.supplier, cast)
        stale(scoring.submit, [story.order, story.tender], cast.supplier)


def test_a_publication_is_published_as_it_was_read(order_at, cast):
    story = order_at("published")
    with acting_in(story.territory):
        row = research.draft_publication(story.activity, by=cast.researcher, **publication_facts())
        stale(research.publish, [row], cast.researcher)


def test_the_scoring_begins_on_what_was_read(order_at, cast):
    story = order_at("sealed")
    with acting_in(story.territory):
        closed(story.tender)
        story.tender.refresh_from_db()
        stale(scoring.begin_scoring, [story.tender], cast.buyer)


def test_every_act_that_says_what_was_seen_is_tried():
    there = {
        name
        for path in [*shelf("actions"), *shelf("closing")]
        for name, node in functions(path).items()
        if isinstance(node, ast.FunctionDef)
        and "seen" in {arg.arg for arg in node.args.kwonlyargs}
        and node.decorator_list
    }
    tried = {act.__name__ for _stage, act, *_more in ROWS}
    assert there == tried | APART
