"""SPO: suppliers say HOW and WHERE they will give support, and providers agree line by line."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from dicm.demo.story.cast import COWLEY_PROVIDER, RIVAL, SUPPLIER, part_of, provider_of
from dicm.demo.story.target import BOATS, BOXING, KITCHEN, READING, Plan, activity
from spo.orders.actions import add_commitment, agree, draft_order, offer, rewrite_commitment, send_back
from spo.orders.models import Commitment, Order
from territories.models import Membership, SupportType
from territories.shown import version_of

MONTH, EIGHT_MONTHS = timedelta(days=30), timedelta(days=243)
Status = Commitment.Status


@dataclass(frozen=True)
class Line:
    """A commitment as it will be written; `cost` is what all of it costs the supplier, in pounds."""

    plan: Plan
    support: str
    quantity: int
    cost: int
    how: str


@dataclass(frozen=True)
class Draft:
    """An order as it will be written."""

    title: str
    approach: str
    lines: tuple[Line, ...]


STATIONS = Draft(
    "Site teams who stay: mentoring, a kitchen and Fridays",
    "Our site teams are in Oxford for eight months. They give their hours to two places that they can walk "
    "to, the same people each week, and the kitchen equipment comes from our own joinery and suppliers. The "
    "site manager answers for each commitment and meets both providers on the first Monday of the month.",
    (
        Line(
            BOXING,
            "mentoring",
            120,
            5400,
            "Six site managers and trade leads, each with one young person, an hour every other week. They "
            "take the provider's own mentor training first, on our time.",
        ),
        Line(
            KITCHEN,
            "goods",
            40,
            4800,
            "Forty pieces of kitchen equipment in one delivery in the first month.",
        ),
        Line(
            KITCHEN,
            "volunteering",
            160,
            4000,
            "Two people every Friday from six to ten, on paid time, checked and inducted by the provider.",
        ),
    ),
)
RETURNED = 2
RETURN_NOTE = (
    "Thank you. We can't store forty pieces at once, and most of us need small sizes. Could it be fewer, in "
    "four lots, with a workbench low enough for a wheelchair?"
)
REWRITTEN = Line(
    KITCHEN,
    "goods",
    24,
    3600,
    "Twenty-four pieces in four lots of six, chosen with the young people, the first lot with a workbench at "
    "wheelchair height that our joiners build.",
)
NORTHFIELD_STATIONS = Draft(
    "Space and hands for Oxford and Reading",
    "We give what we have in both towns: halls that stand empty in the morning, and people on Fridays.",
    (
        Line(
            READING,
            "space",
            120,
            3000,
            "Our training hall on Basingstoke Road, heated and opened by our caretaker, twice a week.",
        ),
        Line(KITCHEN, "volunteering", 80, 1900, "Two people every other Friday, from our Oxford contracts."),
    ),
)
FLEET = Draft(
    "A workshop that opens in the evening",
    "The vehicle workshop that we fit out is next to the gym. Its meeting room and two of our fitters can be "
    "there for the young people from the first day.",
    (
        Line(
            BOXING, "space", 90, 1800, "The workshop's meeting room on three evenings a week, with heating."
        ),
        Line(KITCHEN, "restricted-cash", 3000, 3000, "Food for Fridays: £375 on the first of each month."),
    ),
)
PLACEMENTS = Draft(
    "Paid placements for summer leavers",
    "A first idea, not yet offered to anyone: paid placements with our trades.",
    (Line(BOXING, "placement", 12, 5200, "Three weeks each for four people, paid at the real living wage."),),
)
MORNINGS = Draft(
    "Mentors for the mornings in Reading",
    "Our depot opens at six. People who finish at seven can be at the hall in ten minutes.",
    (Line(READING, "mentoring", 40, 1500, "One grown-up each morning, the same one for a term."),),
)
BOAT_ORDER = Draft(
    "Joiners for the boat shed",
    "Our Southampton joiners on the afternoons when the shed is open.",
    (Line(BOATS, "volunteering", 40, 1100, "One joiner for three hours a week, for a term."),),
)


def orders() -> None:
    """Two suppliers have their orders agreed; one of them after a line came back."""
    negotiated(drafted(STATIONS, part_of(SUPPLIER)))
    agreed(drafted(NORTHFIELD_STATIONS, part_of(RIVAL)))


def orders_to_try() -> None:
    """An order that is agreed and ready to submit, one that waits for a provider, and a draft."""
    agreed(drafted(FLEET, part_of(SUPPLIER)))
    put_before_providers(drafted(MORNINGS, part_of(RIVAL)))
    drafted(PLACEMENTS, part_of(SUPPLIER))


def order_in_hampshire() -> None:
    put_before_providers(drafted(BOAT_ORDER, part_of(SUPPLIER)))


def order_of(draft: Draft) -> Order:
    return Order.objects.get(title=draft.title)


def drafted(draft: Draft, by: Membership) -> Order:
    """The order with the lines that it lacks."""
    order = Order.objects.filter(title=draft.title).first()
    order = order or draft_order(title=draft.title, approach=draft.approach, by=by)
    for line in draft.lines[order.commitments.count() :]:
        add_commitment(order, by=by, **facts(line, timezone.localdate()))
    return order


def facts(line: Line, today: date) -> dict:
    """The line as the action takes it: it began a month ago and runs for eight."""
    where = activity(line.plan)
    return {
        "activity": where,
        "support_type": SupportType.objects.get(code=line.support),
        "quantity": Decimal(line.quantity),
        "donor_cost": Decimal(line.cost),
        "starts_on": today - MONTH,
        "ends_on": today - MONTH + EIGHT_MONTHS,
        "how": line.how,
        "postcode": where.postcode,
        "district_code": where.district_code,
        "district": where.district,
    }


def negotiated(order: Order) -> None:
    """One line is returned and written anew before all are agreed."""
    line = order.commitments.get(number=RETURNED)
    if line.version == 1:
        put_before_providers(order)
        if line.status == Status.PROPOSED:
            send_back(line, note=RETURN_NOTE, seen=version_of(line), by=part_of(COWLEY_PROVIDER))
        agree_to_rest(order)
        new = facts(REWRITTEN, line.starts_on + MONTH)
        rewrite_commitment(line, version=1, by=part_of(SUPPLIER), **new)
    agreed(order)


def agreed(order: Order) -> None:
    put_before_providers(order)
    agree_to_rest(order)


def put_before_providers(order: Order) -> None:
    """Offer what is a draft without returned lines."""
    order.refresh_from_db()
    returned = order.commitments.filter(status=Status.RETURNED).exists()
    if order.status == Order.Status.DRAFT and not returned:
        supplier = SUPPLIER if order.supplier.name == SUPPLIER.body.name else RIVAL
        offer(order, seen=version_of(order), by=part_of(supplier))


def agree_to_rest(order: Order) -> None:
    order.refresh_from_db()
    if order.status == Order.Status.OFFERED:
        for line in order.commitments.filter(status=Status.PROPOSED).select_related("activity__provider"):
            provider = provider_of(line.activity.provider.organisation_id)
            agree(line, seen=version_of(line), by=provider)
