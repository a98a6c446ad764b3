"""Score and contract: a tender, bids, a panel of three, consensus, award, and four signatures."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from dicm.demo.story.agree import FLEET, NORTHFIELD_STATIONS, STATIONS, agree_to_rest, order_of
from dicm.demo.story.cast import (
    BLACKBIRD_PROVIDER,
    BUYER,
    COWLEY_PROVIDER,
    NORTHFIELD,
    PANEL,
    RIVAL,
    SUPPLIER,
    Body,
    part_of,
)
from spo.contracts import actions as contracts
from spo.contracts.models import Contract
from spo.contracts.parties import seat_of
from spo.orders import actions as orders
from spo.orders.models import Order
from spo.scoring import actions as scoring
from spo.scoring.models import Bid, PanelMember
from spo.scoring.sheets import agenda_of, sheet_of, standing_of
from spo.tenders import actions as tenders
from spo.tenders.interests import last_declaration
from spo.tenders.models import Criterion, Tender
from spo.tenders.published import as_published
from territories.models import Membership
from territories.shown import version_of

Status, Dimension = Tender.Status, Criterion.Dimension
# How long the tender of the story stays open: enough for two bids, short enough to wait for.
OPEN_FOR = timedelta(seconds=5)


@dataclass(frozen=True)
class Question:
    """A criterion as it will be published."""

    dimension: str
    title: str
    weight: int
    guidance: str


SUPPORT = Question(
    Dimension.HOW,
    "Support that fits its purpose",
    30,
    "Named people and things, in amounts that the activity can use, given in a way that its provider chose.",
)
KEPT = Question(
    Dimension.HOW,
    "Kept for the whole term",
    20,
    "Someone answers for each commitment, and it is plain what happens when a person or a thing falls away.",
)
IMPACT = Question(
    Dimension.WHERE,
    "An activity with a dual impact that is understood",
    30,
    "The order says which impact it makes stronger, and rests on what is known about the activity.",
)
PLACE = Question(
    Dimension.WHERE,
    "Where need is greatest",
    20,
    "Places and people that other support does not reach, near to where the contract's work is felt.",
)
QUESTIONS = (SUPPORT, KEPT, IMPACT, PLACE)

TITLE = "Refurbishment of four neighbourhood police stations"
SCOPE = (
    "Roofs, heating, front counters and access at Cowley, Kidlington, Reading South and Slough. Eight months "
    "on site, one station after another, while they stay open to the public."
)
TITLE_TO_TRY = "Fit-out of the vehicle workshop at Cowley"
SCOPE_TO_TRY = "Lifts, extraction, electrical work and a meeting room for a workshop of twelve bays."

Grades = Mapping[Question, tuple[tuple[int, str], ...]]
# For each criterion what the three evaluators gave, in the order of the panel, and last their consensus.
OF_BRIDGEWELL: Grades = {
    SUPPORT: (
        (5, "Six named mentors, trained by the provider first. The kitchen lots were changed at its wish."),
        (4, "Strong throughout. Not a 5 because the order does not say who pays for checks on volunteers."),
        (4, "Amounts match the published needs. A second person for each mentor would have made it a 5."),
        (4, "Named, wanted and usable. What keeps it from a 5 is who stands in for a mentor."),
    ),
    KEPT: (
        (4, "A site manager answers for all three and meets the providers monthly."),
        (3, "Monthly meetings are good. Nothing on what happens between two sites."),
        (4, "Clear owner, clear rhythm. Cover for holidays is missing."),
        (4, "One person answers, and regularly. The gap between sites was weighed and found small."),
    ),
    IMPACT: (
        (5, "Builds on the evaluation: the same mentor over time is what it found to matter."),
        (5, "Both activities relieve policing on evenings that we know from our own call records."),
        (4, "Well chosen. The kitchen's effect on health rests on the nurse's count alone."),
        (5, "The order strengthens just what the research found to carry the effect."),
    ),
    PLACE: (
        (4, "Blackbird Leys and East Oxford, ten minutes from the first station."),
        (4, "Right places. The other three stations get nothing, which is honest but leaves room above."),
        (3, "Oxford only, for a contract in four towns."),
        (4, "Need is high where it goes. The panel accepted depth in one town over a little in four."),
    ),
}
OF_NORTHFIELD: Grades = {
    SUPPORT: (
        (3, "A hall that is needed. Volunteers every other week are less than the kitchen asked for."),
        (3, "Useful and plain. Nothing on who the volunteers are."),
        (4, "The hall is the one thing that the Reading mornings lack, heated and opened for them."),
        (3, "The hall fits well; the volunteering does not match the published need."),
    ),
    KEPT: (
        (2, "A caretaker opens the hall. Nothing on what happens when the caretaker is ill."),
        (3, "A hall in one's own hands is easily kept. Volunteers come from contracts that may end."),
        (2, "No one is named for either line."),
        (2, "Nobody answers for the commitments by name."),
    ),
    IMPACT: (
        (3, "Attendance and early help are linked well; the kitchen line repeats the activity's own text."),
        (3, "Sound, without evidence of its own."),
        (3, "The link to social services is the best part. Policing is only mentioned."),
        (3, "Understood, but not built upon."),
    ),
    PLACE: (
        (4, "Oxford and Reading, both near stations of this contract."),
        (5, "South Reading mornings have no other supporter, and it reaches two of the four towns."),
        (4, "Two towns, and a group that others miss."),
        (4, "Reaches further than the other bid; East Oxford is served already, so not a 5."),
    ),
}
REASON = (
    "Bridgewell's order has the most points. It names the people, was changed at a provider's wish, and "
    "strengthens what the evaluation found to carry the effect. Northfield's order was the better one on place; "
    "it lost on who answers for it. Awarded under a framework, so there is no standstill."
)


def compete() -> None:
    """A tender for a few seconds, with both bids in it."""
    tender = prepared(TITLE, SCOPE, timezone.now() + OPEN_FOR)
    if tender.status == Status.DRAFT:
        closes_at = timezone.now() + OPEN_FOR
        tender = tenders.change_tender(tender, version=tender.version, closes_at=closes_at, by=part_of(BUYER))
        tender = tenders.open_tender(tender, seen=version_of(tender), by=part_of(BUYER))
    for draft, supplier in ((STATIONS, SUPPLIER), (NORTHFIELD_STATIONS, RIVAL)):
        order = written_for(tender, order_of(draft), part_of(supplier))
        if order.status == Order.Status.AGREED and tender.takes_bids:
            scoring.submit(order, tender, seen=version_of(order), by=part_of(supplier))


def written_for(tender: Tender, order: Order, supplier: Membership) -> Order:
    """The order, agreed by its providers for this tender."""
    if (
        order.status == Order.Status.AGREED
        and order.tender_reference != tender.reference
        and tender.takes_bids
    ):
        order = orders.write_for(order, tender, seen=version_of(order), by=supplier)
        agree_to_rest(order)
        order.refresh_from_db()
    return order


def tender_to_try() -> None:
    """A tender that takes bids for a month, with its panel, and an order that is agreed for it."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    tender = prepared(TITLE_TO_TRY, SCOPE_TO_TRY, noon + timedelta(days=30))
    if tender.status == Status.DRAFT:
        tender = tenders.open_tender(tender, seen=version_of(tender), by=part_of(BUYER))
    written_for(tender, order_of(FLEET), part_of(SUPPLIER))


def score() -> None:
    """After the closing time: declarations, scores, consensus."""
    tender, buyer = tender_of_the_story(), part_of(BUYER)
    declared(tender, buyer)
    while tender.takes_bids:
        time.sleep(0.1)
    if tender.status == Status.OPEN:
        tender = scoring.begin_scoring(tender, seen=version_of(as_published(tender)), by=buyer)
    if tender.status == Status.SCORING:
        for number, person in enumerate(PANEL):
            give_scores(tender, number, part_of(person))
        tender = scoring.settle(tender, seen=version_of(as_published(tender)), by=buyer)
    if tender.status == Status.MODERATION:
        agree_grades(tender, buyer)
        winner = tender.bids.get(supplier__name=SUPPLIER.body.name)
        seen = version_of(standing_of(as_published(tender)))
        scoring.award(tender, winner, reason=REASON, standstill_until=None, seen=seen, by=buyer)


def contract() -> None:
    """The order is locked in, and all four parties sign."""
    tender = tender_of_the_story()
    made = Contract.objects.filter(award__tender=tender).first()
    made = made or contracts.lock_in(tender, seen=version_of(tender.award), by=part_of(BUYER))
    for person in (BUYER, SUPPLIER, BLACKBIRD_PROVIDER, COWLEY_PROVIDER):
        seat = seat_of(made, part_of(person))
        if seat and not seat.signature:
            contracts.sign(made, seen=version_of(made), by=part_of(person))


def tender_of_the_story() -> Tender:
    return Tender.objects.filter(title=TITLE).latest("created_at")


def prepared(title: str, scope: str, closes_at: datetime) -> Tender:
    """The tender with its criteria and panel, as far as they are missing."""
    buyer = part_of(BUYER)
    tender = usable(title) or tenders.prepare_tender(
        title=title, scope=scope, notice="", weight=Decimal(10), top_grade=5, closes_at=closes_at, by=buyer
    )
    if tender.status == Status.DRAFT:
        for question in QUESTIONS[tender.criteria.count() :]:
            tenders.add_criterion(tender, by=buyer, **as_criterion(question))
        for person in PANEL[tender.panel.count() :]:
            scoring.appoint(tender, part_of(person), by=buyer)
    return tender


def usable(title: str) -> Tender | None:
    """The latest tender of this title, unless it closed before anyone could bid, as after a kill."""
    tender = Tender.objects.filter(title=title).order_by("-created_at").first()
    if tender and tender.status == Status.OPEN and not tender.takes_bids and not tender.bids.exists():
        return None
    return tender


def as_criterion(question: Question) -> dict:
    return {
        "dimension": question.dimension,
        "title": question.title,
        "guidance": question.guidance,
        "weight": Decimal(question.weight),
    }


def declared(tender: Tender, person: Membership) -> None:
    """Nobody of the story has an interest in a bid."""
    if last_declaration(tender, person) is None:
        scoring.declare(tender, conflict=False, words="", by=person)


def give_scores(tender: Tender, number: int, evaluator: Membership) -> None:
    """One evaluator declares and scores every bid."""
    declared(tender, evaluator)
    seat = PanelMember.objects.held().get(tender=tender, user=evaluator.user)
    for bid in tender.bids.select_related("supplier", "tender"):
        sheet = sheet_of(bid, seat, evaluator)
        if not sheet.scores:
            grades = {c: column[number] for c, column in columns(tender, bid).items()}
            scoring.score(bid, grades, seen=version_of(sheet), by=evaluator)


def agree_grades(tender: Tender, chair: Membership) -> None:
    for bid in tender.bids.select_related("supplier", "tender"):
        for criterion, column in columns(tender, bid).items():
            if not bid.consensus.filter(criterion=criterion.pk).exists():
                grade, rationale = column[-1]
                seen = version_of(agenda_of(bid, chair))
                scoring.agree_grade(bid, criterion, grade=grade, rationale=rationale, seen=seen, by=chair)


def columns(tender: Tender, bid: Bid) -> dict[Criterion, tuple[tuple[int, str], ...]]:
    """What was written about a bid, by criterion."""
    given = OF_NORTHFIELD if is_of(bid, NORTHFIELD) else OF_BRIDGEWELL
    by_title = {question.title: column for question, column in given.items()}
    return {criterion: by_title[criterion.title] for criterion in tender.criteria.all()}


def is_of(bid: Bid, body: Body) -> bool:
    return bid.supplier.name == body.name
