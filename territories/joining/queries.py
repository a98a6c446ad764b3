"""What is read about applications."""

from django.db.models import Case, Q, QuerySet, When

from territories.models import Application, Identifier, Membership, Organisation, User, Welcome

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
    return rows.order_by(answered, "confirmed_at", "pk")


def applications_waiting(lead: Membership) -> int:
    """How many applications wait for the territory's leads."""
    return applications_at(lead).filter(status=Status.WAITING).count()


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
