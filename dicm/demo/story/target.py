"""Target: colleagues connect in activities that already work, and a university evaluates one of them."""

from dataclasses import dataclass
from decimal import Decimal

from community.actions import add_impact, add_need, publish_activity, register_activity, register_provider
from community.forms import placed
from community.models import Activity, Primary, Provider, Secondary
from dicm.demo.story.cast import (
    BLACKBIRD,
    COLLEAGUE,
    COWLEY,
    COWLEY_PROVIDER,
    HAMPSHIRE_COLLEAGUE,
    ITCHEN,
    RESEARCHER,
    Body,
    part_of,
)
from research.actions import draft_publication, publish
from research.models import Publication
from territories.models import Membership, SupportType
from territories.shown import version_of


@dataclass(frozen=True)
class Plan:
    """An activity as it will be described; `needs` are (kind of support, quantity, note)."""

    body: Body
    title: str
    what: str
    who: str
    postcode: str
    impacts: tuple[tuple[Primary, Secondary, str], ...]
    needs: tuple[tuple[str, int, str], ...] = ()


ABOUT = {
    COWLEY: "A youth project on the Cowley Road since 2009: a warm place, a meal and someone who listens, "
    "five evenings a week. Eleven staff, forty volunteers.",
    BLACKBIRD: "Boxing coaches who are mentors too. Young people come for the sport and stay for the talk "
    "before and after it.",
    ITCHEN: "Rowing and boat repair on the Itchen for young people who are out of school.",
}
BOXING = Plan(
    BLACKBIRD,
    "Evening boxing and mentoring",
    "Three evenings a week of boxing without contact, each with half an hour of mentoring in pairs. The "
    "evenings are those on which the neighbourhood team used to be called most.",
    "Young people aged 11 to 18 in Blackbird Leys and Greater Leys",
    "OX4 6HR",
    (
        (
            Primary.SAFER,
            Secondary.POLICING,
            "Calls about disorder around the shops fell on the evenings when the gym is open, and rose again "
            "when it was closed for repairs.",
        ),
        (
            Primary.RESILIENT,
            Secondary.JUSTICE,
            "Young people who are referred after a first caution keep their mentor for a year, the time in "
            "which most would come back before a court.",
        ),
    ),
    (
        ("mentoring", 240, "Grown-ups with a trade who come every other week."),
        ("goods", 30, "Gloves and pads in small sizes."),
        ("placement", 24, "For those who leave school in summer."),
    ),
)
KITCHEN = Plan(
    COWLEY,
    "Friday night kitchen and youth club",
    "Young people cook a meal for sixty and eat it together. Two youth workers and a nurse from the surgery "
    "next door are there, so that questions come up while peeling potatoes.",
    "Young people aged 13 to 19, and younger brothers and sisters, in East Oxford",
    "OX4 1HP",
    (
        (
            Primary.HEALTHIER,
            Secondary.HEALTHCARE,
            "A nurse who is simply there answers what would otherwise become a visit to the urgent care "
            "centre; she counts eight to ten such questions a month.",
        ),
        (
            Primary.SAFER,
            Secondary.POLICING,
            "Friday from eight to eleven is when young people gather in the park. Sixty of them are in the "
            "kitchen instead.",
        ),
    ),
    (
        ("goods", 24, "Sturdy kitchen equipment that twelve-year-olds can handle."),
        ("volunteering", 200, "Two pairs of hands every Friday."),
        ("restricted-cash", 6000, "Food for a year."),
    ),
)
READING = Plan(
    BLACKBIRD,
    "Boxing before school, Reading",
    "Breakfast and forty minutes of boxing fitness before school, twice a week, with a walk to the school "
    "gate afterwards.",
    "Pupils aged 11 to 16 whom their schools see too seldom, in South Reading",
    "RG2 0JA",
    (
        (
            Primary.RESILIENT,
            Secondary.SOCIAL,
            "Attendance on those two days is what early-help workers otherwise visit homes for.",
        ),
    ),
    (
        ("space", 120, "A hall between seven and half past eight."),
        ("mentoring", 80, "One grown-up a morning."),
    ),
)
BIKES = Plan(
    COWLEY,
    "Bike repair for school leavers",
    "Eight weeks in which six people learn to repair bikes that nobody claimed at the police station, and "
    "keep the last one.",
    "School leavers without a place for September",
    "OX4 2RD",
    (
        (
            Primary.RESILIENT,
            Secondary.SOCIAL,
            "Someone with a bike and a reference gets to interviews, and off the list of those without work "
            "or training.",
        ),
    ),
)
BOATS = Plan(
    ITCHEN,
    "Boats in the afternoon",
    "Rowing and boat repair on three afternoons a week for young people who are out of school.",
    "Young people aged 14 to 18 in Southampton",
    "SO14 0YG",
    (
        (
            Primary.RESILIENT,
            Secondary.SOCIAL,
            "Half of those who stay for a term go back to school or college, with less casework each.",
        ),
    ),
    (("goods", 12, "Life jackets."), ("volunteering", 60, "People who can handle a plane and a saw.")),
)
EVALUATION = {
    "title": "Evening boxing with mentoring in south-east Oxford: a matched comparison over 18 months",
    "authors": "I. Carvalho, P. Lindqvist, A. Rahman",
    "design": Publication.Design.DIFFERENCE,
    "sample": 142,
    "finding": Publication.Finding.MIXED,
    "summary": "71 young people who came for at least ten weeks were compared with 71 of the same age, school "
    "and record, before and after. Contacts with police fell by 31 percent more than among those who did "
    "not come (95 percent interval: 9 to 48). School attendance did not change. A third left within ten "
    "weeks and are not in the comparison, so the effect on everyone who starts is smaller. What carried the "
    "effect seems to be the same mentor over time rather than the sport.",
    "conflicts": "Paid for by the hub's core grant. None of the authors has a tie to the provider.",
}


def target() -> None:
    """Two providers, three published activities, and a draft that is not ready yet."""
    colleague = part_of(COLLEAGUE)
    for body in (BLACKBIRD, COWLEY):
        registered(body, colleague)
    for plan in (BOXING, KITCHEN, READING):
        published(plan, colleague)
    described(BIKES, part_of(COWLEY_PROVIDER))


def target_in_hampshire() -> None:
    colleague = part_of(HAMPSHIRE_COLLEAGUE)
    registered(ITCHEN, colleague)
    published(BOATS, colleague)


def evaluate() -> None:
    researcher = part_of(RESEARCHER)
    publication = Publication.objects.filter(title=EVALUATION["title"]).first()
    if publication is None:
        publication = draft_publication(activity(BOXING), by=researcher, **EVALUATION)
    if publication.state == Publication.Status.DRAFT:
        publish(publication, seen=version_of(publication), by=researcher)


def registered(body: Body, by: Membership) -> Provider:
    known = Provider.objects.filter(organisation__identifiers__value=body.number).first()
    return known or register_provider(
        name=body.name, scheme=body.scheme, number=body.number, about=ABOUT[body], by=by
    )


def described(plan: Plan, by: Membership) -> Activity:
    """The activity with its impacts and needs, as far as they are missing."""
    row = Activity.objects.filter(title=plan.title).first() or register_activity(
        provider=Provider.objects.get(organisation__identifiers__value=plan.body.number),
        title=plan.title,
        what=plan.what,
        who=plan.who,
        by=by,
        **placed(plan.postcode, by.territory),
    )
    if row.status == Activity.Status.DRAFT:
        _impacts_and_needs(row, plan, by)
    return row


def published(plan: Plan, by: Membership) -> None:
    row = described(plan, by)
    if row.status == Activity.Status.DRAFT:
        publish_activity(row, seen=version_of(row), by=by)


def activity(plan: Plan) -> Activity:
    return Activity.objects.get(title=plan.title)


def _impacts_and_needs(row: Activity, plan: Plan, by: Membership) -> None:
    for primary, secondary, reason in plan.impacts:
        if not row.impacts.filter(primary=primary, secondary=secondary).exists():
            add_impact(row, primary=primary, secondary=secondary, reason=reason, by=by)
    for code, quantity, note in plan.needs:
        support = SupportType.objects.get(code=code)
        if not row.needs.filter(support_type=support).exists():
            add_need(row, support_type=support, quantity=Decimal(quantity), note=note, by=by)
