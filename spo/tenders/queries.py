"""What is read about tenders, always for a member."""

from django.db.models import Q, QuerySet

from spo.tenders.models import Criterion, Declaration, Tender
from territories.models import Membership

Role = Membership.Role
Status = Tender.Status


def tenders_seen_by(member: Membership) -> QuerySet[Tender]:
    """Open and later ones for every member; drafts for the buyer and for its panel."""
    rows = Tender.objects.select_related("buyer")
    seen = ~Q(status=Status.DRAFT)
    if member.role == Role.BUYER:
        seen |= Q(buyer=member.organisation)
    return rows.filter(seen)


def tenders_run_by(member: Membership) -> QuerySet[Tender]:
    """Those that the member's organisation runs."""
    return tenders_seen_by(member).filter(buyer=member.organisation)


def criteria_run_by(member: Membership) -> QuerySet[Criterion]:
    """Those of the tenders that the member's organisation runs."""
    return Criterion.objects.select_related("tender").filter(tender__buyer=member.organisation)


def tender_list(member: Membership, *, words: str = "", status: str = "") -> QuerySet[Tender]:
    """The last to close first."""
    rows = tenders_seen_by(member)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(reference__icontains=words))
    if status in Status.values:
        rows = rows.filter(status=status)
    return rows.order_by("-closes_at", "pk")


def tenders_told_to(member: Membership) -> QuerySet[Tender]:
    """The buyer's own people read about all that was done to a tender, leads once it is open."""
    if member.role == Role.BUYER:
        return Tender.objects.filter(buyer=member.organisation)
    opened = Tender.objects.exclude(status=Status.DRAFT)
    return opened if member.role == Role.LEAD else opened.none()


def declarations_told_to(member: Membership) -> QuerySet[Declaration]:
    """One's own; for the buyer everybody's in its tenders."""
    mine = Q(user=member.user_id)
    if member.role == Role.BUYER:
        mine |= Q(tender__buyer=member.organisation)
    return Declaration.objects.filter(mine)
