"""What is read about applications."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from territories.models import Application, Identifier, Membership, Organisation, User, Welcome
from territories.models.organisations import Folded
from territories.notices.letters import told
from territories.notices.models import Notice
from territories.pages.lists import Waiting

WAITS = "application_waits"

Status = Application.Status


def applications_at(lead: Membership) -> QuerySet[Application]:
    """Every confirmed application to the lead's own territory."""
    rows = Application.objects.filter(territory=lead.participation.territory_id)
    return rows.exclude(status=Status.UNCONFIRMED).select_related("territory")


def queue_of(rows: QuerySet[Application], *, words="", status="") -> QuerySet[Application]:
    """With these words, in this state; those that wait first, the longest of all before the others."""
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(person__icontains=word) | Q(email__icontains=word))
    if status:
        rows = rows.filter(status=status)
    answered = Case(When(status=Status.WAITING, then=0), default=1)
    return rows.annotate(folded=Folded("name")).order_by(answered, "confirmed_at", "pk")


def applications_waiting(lead: Membership) -> int:
    """How many applications wait for the territory's leads."""
    return applications_at(lead).filter(status=Status.WAITING).count()


def waiting_for(lead: Membership) -> list[Waiting]:
    """In a territory, which can't read applications: what its leads were told of them and is not answered."""
    if lead.role != Membership.Role.LEAD:
        return []
    rows = Notice.objects.filter(letter=WAITS, person=lead.user_id, settled_at=None, reminds=False)
    return [Waiting(told(row.letter, row.facts).subject, row.page, row.wanted_at) for row in rows]


def applications_of(user: User) -> list[Application]:
    """The applications of a signed-in person, the last first."""
    rows = Application.objects.filter(email=user.email).select_related("territory")
    return list(rows.order_by("-created_at"))


def organisation_known(application: Application) -> Organisation | None:
    """The organisation that bears one of the numbers already."""
    wanted = Q()
    for scheme, value in application.numbers:
        wanted |= Q(scheme=scheme, value=value)
    known = Identifier.objects.filter(wanted).select_related("organisation").first()
    return known.organisation if known else None


def named_twice(applications: Iterable[Application]) -> set[int]:
    """Keys of those in the queue whose name another organisation has, under none of their numbers."""
    rows: list[Any] = list(applications)
    known: dict[str, dict[int, set]] = defaultdict(lambda: defaultdict(set))
    named = Organisation.objects.filter(folded__in={row.folded for row in rows} - {""}, closed_at=None)
    for pk, name, scheme, value in named.values_list(
        "pk", "folded", "identifiers__scheme", "identifiers__value"
    ):
        known[name][pk].add((scheme, value))
    return {
        row.pk
        for row in rows
        if any(held.isdisjoint(map(tuple, row.numbers)) for held in known[row.folded].values())
    }


def applications_told_to(member: Membership) -> QuerySet[Application]:
    leads = member.role == Membership.Role.LEAD
    return applications_at(member) if leads else Application.objects.none()


def welcomes_told_to(member: Membership) -> QuerySet[Welcome]:
    leads = member.role == Membership.Role.LEAD
    return (
        Welcome.objects.filter(territory=member.participation.territory_id)
        if leads
        else Welcome.objects.none()
    )
