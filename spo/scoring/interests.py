"""What is known of the parts that people play or played in a tender's bids."""

from django.db.models import Q, QuerySet

from spo.scoring.sealed import organisations_in
from spo.tenders.models import Tender
from territories.models import Membership

Role = Membership.Role


def known_ties(tender: Tender) -> QuerySet[Membership]:
    """Parts of suppliers and providers in the tender's bids, played or ended, by anybody in any territory.

    Empty while bids are sealed: before that it would name a bidder.
    """
    if tender.status not in Tender.UNSEALED:
        return Membership.objects.none()
    return Membership.objects.filter(
        role__in=(Role.SUPPLIER, Role.PROVIDER),
        participation__organisation__in=organisations_in(tender.bids.all()),
    )


def ties(tender: Tender) -> list[Membership]:
    """Those of whoever scores, chairs or awards; by name."""
    scoring, declared = tender.panel.held().values("user"), tender.declarations.values("user")
    rows = known_ties(tender).filter(Q(user__in=scoring) | Q(user__in=declared))
    return list(rows.select_related("user", "participation__organisation").order_by("user__name", "pk"))


def tie_of(tender: Tender, member: Membership) -> Membership | None:
    """The first that the member is known to have."""
    rows = known_ties(tender).filter(user=member.user_id)
    return rows.select_related("participation__organisation").order_by("pk").first()


def plays_for_a_supplier(member: Membership) -> bool:
    """Whether the person plays a supplier's part now, in any territory: any supplier may bid until a tender closes."""
    return Membership.objects.filter(user=member.user_id, role=Role.SUPPLIER, ended_at=None).exists()
