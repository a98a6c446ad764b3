"""The people of every test: who they are, where they play, and for whom."""

from dataclasses import dataclass, fields

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Model

from territories.models import Identifier, Membership, Organisation, Participation, Staff, Territory, User

PASSWORD = "correct horse battery staple"


# In each territory: a postcode inside, in the district whose ONS code is given.
PLACES = {
    "thames-valley": {"postcode": "OX4 1AA", "district_code": "E07000178", "district": "Oxford"},
    "hampshire": {"postcode": "SO14 7LY", "district_code": "E06000045", "district": "Southampton"},
}


@dataclass(frozen=True)
class Part:
    """One part of the cast: a role for an organisation."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class House:
    """An organisation of the cast with its number in a register."""

    name: str
    kind: str
    scheme: str
    number: str


HOUSES = {
    "thames-valley": {
        "council": House("Oxford City Council", "council", "GB-LAE", "OXO"),
        "police": House("Thames Valley Police", "police", "XI", "TVP"),
        "charity": House("Cowley Road Youth Project", "provider", "GB-CHC", "1164883"),
        "other": House("Iffley Food Bank", "provider", "GB-CHC", "1164884"),
        "builder": House("Ridgeway Builders Ltd", "supplier", "GB-COH", "09121572"),
        "rival": House("Cherwell Facilities Ltd", "supplier", "GB-COH", "09121573"),
        "university": House("University of Oxford", "university", "ROR", "052GG0110"),
    },
    "hampshire": {
        "council": House("Southampton City Council", "council", "GB-LAE", "STH"),
        "police": House("Hampshire Constabulary", "police", "XI", "HCO"),
        "charity": House("St Mary’s Youth Boxing", "provider", "GB-CHC", "1164885"),
        "other": House("Bevois Valley Pantry", "provider", "GB-CHC", "1164886"),
        "builder": House("Solent Works Ltd", "supplier", "GB-COH", "09121574"),
        "rival": House("Itchen Cleaning Ltd", "supplier", "GB-COH", "09121575"),
        "university": House("University of Southampton", "university", "ROR", "01RYK1543"),
    },
}

PARTS = {
    "lead": Part("Lena Ahmed", "lead", "police"),
    "colleague": Part("Colin Price", "colleague", "council"),
    "provider": Part("Priya Shah", "provider", "charity"),
    "other_provider": Part("Oti Mensah", "provider", "other"),
    "supplier": Part("Sam Carter", "supplier", "builder"),
    "rival": Part("Rhys Morgan", "supplier", "rival"),
    "buyer": Part("Bella Novak", "buyer", "police"),
    "other_buyer": Part("Bruno Hall", "buyer", "council"),
    "evaluator": Part("Eva Lindqvist", "evaluator", "police"),
    "evaluator2": Part("Ewan Kerr", "evaluator", "council"),
    "manager": Part("Mo Farouk", "manager", "police"),
    "researcher": Part("Ruth Oyelaran", "researcher", "university"),
}


@dataclass(frozen=True)
class Cast:
    """The parts of one territory; `south` is the same company one territory further."""

    territory: Territory
    lead: Membership
    colleague: Membership
    provider: Membership
    other_provider: Membership
    supplier: Membership
    rival: Membership
    buyer: Membership
    other_buyer: Membership
    evaluator: Membership
    evaluator2: Membership
    manager: Membership
    researcher: Membership
    # The supplier's second person, who plays the same part in both territories.
    traveller: Membership
    stranger: User
    # One of DICM's own, who plays no part in any territory.
    staff: User
    south: "Cast | None" = None

    def parts(self) -> dict[str, Membership]:
        """Every part by its name."""
        found = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: part for name, part in found.items() if isinstance(part, Membership)}

    def rows(self) -> list[Membership | User | Organisation]:
        """Every object of the cast that the tests of a process share, in both territories."""
        parts = list(self.parts().values())
        rows = [*parts, *(part.user for part in parts), *(part.organisation for part in parts)]
        return [*rows, self.stranger, self.staff, *(self.south.rows() if self.south else [])]


def facts_of(row: Model) -> dict:
    """What an object in memory says of its own columns."""
    return {field.attname: vars(row)[field.attname] for field in row._meta.concrete_fields}


def engage(north: Territory, south: Territory) -> Cast:
    """Write everybody into the public schema."""
    stranger = _person("stranger@example.org", "Stella Stranger")
    staff = _person("staff@example.org", "Stan Field")
    Staff.objects.create(user=staff)
    traveller = _person("traveller@example.org", "Tara Traveller")
    builder = HOUSES["thames-valley"]["builder"]
    companies = []
    for territory in (south, north):
        joined = {key: _join(house, territory) for key, house in HOUSES[territory.slug].items()}
        parts = {key: _engaged(key, part, joined[part.organisation]) for key, part in PARTS.items()}
        parts["traveller"] = Membership.objects.appoint(
            user=traveller, participation=_join(builder, territory), role="supplier"
        )
        companies.append(parts)
    southern = Cast(territory=south, stranger=stranger, staff=staff, **companies[0])
    return Cast(territory=north, stranger=stranger, staff=staff, south=southern, **companies[1])


def _join(house: House, territory: Territory) -> Participation:
    organisation, created = Organisation.objects.get_or_create(name=house.name, kind=house.kind)
    if created:
        Identifier.objects.create(
            organisation=organisation, scheme=house.scheme, value=house.number, preferred=True
        )
    return Participation.objects.get_or_create(organisation=organisation, territory=territory)[0]


def _person(email: str, name: str) -> User:
    """Someone who can sign in with PASSWORD."""
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _engaged(key: str, part: Part, participation: Participation) -> Membership:
    territory = participation.territory
    user = _person(f"{key}@{territory.slug}.example.org", part.name)
    return Membership.objects.appoint(user=user, participation=participation, role=part.role)


def played_for(user, participation, role, ended=None) -> None:
    connection.set_schema_to_public()
    Membership.objects.appoint(user=user, participation=participation, role=role, ended_at=ended)
