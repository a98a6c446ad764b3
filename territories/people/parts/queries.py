"""What is read about the people of a territory."""

from django.db.models import Q, QuerySet

from territories.models import Invitation, Membership, Organisation, Territory

Role = Membership.Role


def people_seen_by(member: Membership) -> QuerySet[Membership]:
    """The parts of one's own organisation here; for a lead those of everyone in the territory."""
    rows = (
        Membership.objects.playing()
        .at(member.participation.territory_id)
        .select_related("user", "participation__organisation", "participation__territory")
    )
    return rows if member.role == Role.LEAD else rows.filter(participation=member.participation_id)


def matching(rows: QuerySet[Membership], *, words="", role="") -> QuerySet[Membership]:
    """With these words in the name, the address or the organisation, in this role; by organisation and name."""
    for word in words.split():
        rows = rows.filter(
            Q(user__name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(participation__organisation__name__icontains=word)
        )
    if role:
        rows = rows.filter(role=role)
    return rows.order_by("participation__organisation__name", "user__name", "role", "pk")


def open_invitations(member: Membership) -> list[Invitation]:
    """Invitations that wait for an answer, too old ones among them; the last 50."""
    rows = Invitation.objects.filter(
        participation__territory=member.participation.territory_id, accepted_at=None, revoked_at=None
    ).select_related("participation__organisation", "invited_by__user")
    if member.role != Role.LEAD:
        rows = rows.filter(participation=member.participation_id)
    return list(rows.order_by("-created_at")[:50])


def invitation_with(secret: str) -> Invitation | None:
    """The invitation whose letter carried this secret."""
    rows = Invitation.objects.select_related(
        "participation__organisation", "participation__territory", "invited_by__user"
    )
    return rows.filter(digest=Invitation.digest_of(secret)).first()


def parts_told_to(member: Membership) -> QuerySet[Membership]:
    """Parts of one's own organisation here, those that have ended too; for a lead all of the territory."""
    rows = Membership.objects.filter(participation__territory=member.participation.territory_id)
    return rows if member.role == Role.LEAD else rows.filter(participation=member.participation_id)


def invitations_told_to(member: Membership) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(participation__territory=member.participation.territory_id)
    return rows if member.role == Role.LEAD else rows.filter(participation=member.participation_id)


def organisations_told_to(member: Membership) -> QuerySet[Organisation]:
    """One's own; for a lead every one that takes part in the territory."""
    rows = Organisation.objects.filter(participations__territory=member.participation.territory_id)
    return rows if member.role == Role.LEAD else rows.filter(pk=member.participation.organisation_id)


def territories_told_to(member: Membership) -> QuerySet[Territory]:
    return Territory.objects.filter(pk=member.participation.territory_id)
