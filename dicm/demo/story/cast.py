"""Who plays in the demo.

Public bodies and the university bear their real names. Everyone and everything else is made up, and so
is all that happens; companies and charities carry numbers that no register has given out.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from territories.models import Identifier, Membership, Organisation, Participation, Staff, Territory, User
from territories.tasks import here

Kind, Role = Organisation.Kind, Membership.Role

PASSWORD = "social-value-demo"
THAMES_VALLEY, HAMPSHIRE = "thames-valley", "hampshire"


@dataclass(frozen=True)
class Body:
    """An organisation with its number in a register."""

    name: str
    kind: str
    scheme: str
    number: str


@dataclass(frozen=True)
class Person:
    """Someone who plays one role for one organisation, in one territory or more.

    `page` is where their part of the story goes on: in the first of their territories, or under /t/ on the public site.
    """

    name: str
    email: str
    body: Body
    role: Membership.Role
    page: str
    territories: tuple[str, ...] = (THAMES_VALLEY,)


POLICE = Body("Thames Valley Police", Kind.POLICE, "XI", "THAMES-VALLEY-POLICE")
COUNCIL = Body("Oxfordshire County Council", Kind.COUNCIL, "GB-LAE", "OXF")
UNIVERSITY = Body("University of Oxford", Kind.UNIVERSITY, "ROR", "052GG0110")
BRIDGEWELL = Body("Bridgewell Construction Ltd", Kind.SUPPLIER, "GB-COH", "99000001")
NORTHFIELD = Body("Northfield Facilities Ltd", Kind.SUPPLIER, "GB-COH", "99000002")
COWLEY = Body("Cowley Road Youth Project", Kind.PROVIDER, "GB-CHC", "9900011")
BLACKBIRD = Body("Blackbird Leys Boxing and Mentoring", Kind.PROVIDER, "GB-CHC", "9900012")
HAMPSHIRE_POLICE = Body("Hampshire and Isle of Wight Constabulary", Kind.POLICE, "XI", "HAMPSHIRE-POLICE")
ITCHEN = Body("Itchen Riverside Boat Club", Kind.PROVIDER, "GB-CHC", "9900013")
SOLENT = Body("Solent Shopfitters Ltd", Kind.SUPPLIER, "GB-COH", "99000003")

COLLEAGUE = Person("Owen Pritchard", "colleague@council.example", COUNCIL, Role.COLLEAGUE, "/activities/")
COWLEY_PROVIDER = Person("Leah Thompson", "provider@cowley.example", COWLEY, Role.PROVIDER, "/deliveries/")
BLACKBIRD_PROVIDER = Person("Marcus Reid", "provider@blackbird.example", BLACKBIRD, Role.PROVIDER, "/orders/")
SUPPLIER = Person(
    "Sam Bridger",
    "supplier@bridgewell.example",
    BRIDGEWELL,
    Role.SUPPLIER,
    "/orders/",
    (THAMES_VALLEY, HAMPSHIRE),
)
RIVAL = Person("Karen Dale", "supplier@northfield.example", NORTHFIELD, Role.SUPPLIER, "/tenders/")
RESEARCHER = Person(
    "Dr Ines Carvalho", "researcher@oxford.example", UNIVERSITY, Role.RESEARCHER, "/research/"
)
BUYER = Person("Helen Marsh", "buyer@police.example", POLICE, Role.BUYER, "/tenders/")
PANEL = (
    Person("Ruth Adeyemi", "evaluator1@police.example", POLICE, Role.EVALUATOR, "/tenders/"),
    Person("Tom Whitfield", "evaluator2@police.example", POLICE, Role.EVALUATOR, "/tenders/"),
    Person("Meera Joshi", "evaluator3@council.example", COUNCIL, Role.EVALUATOR, "/tenders/"),
)
MANAGER = Person("Daniel Okafor", "manager@police.example", POLICE, Role.MANAGER, "/reports/")
LEAD = Person("Alison Grey", "lead@police.example", POLICE, Role.LEAD, "/t/thames-valley/people/")
HAMPSHIRE_COLLEAGUE = Person(
    "Joanna Pike",
    "colleague@hampshire.example",
    HAMPSHIRE_POLICE,
    Role.COLLEAGUE,
    "/activities/",
    (HAMPSHIRE,),
)
HAMPSHIRE_PROVIDER = Person(
    "Ben Hallett", "provider@itchen.example", ITCHEN, Role.PROVIDER, "/orders/", (HAMPSHIRE,)
)
STRANGER = Person(
    "Carol Finch", "supplier@solent.example", SOLENT, Role.SUPPLIER, "/activities/", (HAMPSHIRE,)
)

CAST = (
    COLLEAGUE,
    SUPPLIER,
    RIVAL,
    COWLEY_PROVIDER,
    BLACKBIRD_PROVIDER,
    RESEARCHER,
    BUYER,
    *PANEL,
    MANAGER,
    LEAD,
    HAMPSHIRE_COLLEAGUE,
    HAMPSHIRE_PROVIDER,
    STRANGER,
)


# DICM's own, who correct what all territories share.
STAFF_NAME, STAFF_EMAIL, STAFF_PAGE = "Alex Doe", "staff@dicm.example", "/staff/"


def set_up() -> None:
    """Make what is missing of the cast, in the public schema. Nobody's act, so the journal knows nothing of it."""
    emails = [STAFF_EMAIL, *(person.email for person in CAST)]
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    # Making a hash is slow on purpose; the password is no secret, so one hash is enough for all.
    password = make_password(PASSWORD) if len(known) < len(emails) else ""
    if STAFF_EMAIL not in known:
        staff = User.objects.create(email=STAFF_EMAIL, name=STAFF_NAME, password=password)
        Staff.objects.create(user=staff)
        EmailAddress.objects.create(user=staff, email=STAFF_EMAIL, verified=True, primary=True)
    for person in CAST:
        if person.email not in known:
            User.objects.create(email=person.email, name=person.name, password=password)
        _join(person)


def _join(person: Person) -> None:
    user = User.objects.get(email=person.email)
    EmailAddress.objects.get_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    for slug in person.territories:
        participation, _new = Participation.objects.get_or_create(
            organisation=organisation(person.body), territory=Territory.objects.get(slug=slug)
        )
        part = {"user": user, "participation": participation, "role": person.role}
        if not Membership.objects.filter(**part, ended_at=None).exists():
            Membership.objects.appoint(**part)


def organisation(body: Body) -> Organisation:
    """The organisation that carries the body's number, made if nobody does yet."""
    known = Identifier.objects.filter(scheme=body.scheme, value=body.number).select_related("organisation")
    if identifier := known.first():
        return identifier.organisation
    made = Organisation.objects.create(name=body.name, kind=body.kind)
    Identifier.objects.create(organisation=made, scheme=body.scheme, value=body.number, preferred=True)
    return made


def part_of(person: Person) -> Membership:
    """The part that a person plays in the territory that is active."""
    parts = Membership.objects.select_related(
        "user", "participation__organisation", "participation__territory"
    )
    return parts.get(
        user__email=person.email,
        role=person.role,
        participation__territory=here(),
        ended_at=None,
    )


def provider_of(organisation_id: int) -> Membership:
    """The part of the person who speaks for a provider."""
    person = next(
        one for one in CAST if one.role == Role.PROVIDER and organisation(one.body).pk == organisation_id
    )
    return part_of(person)
