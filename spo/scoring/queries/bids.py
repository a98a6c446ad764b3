"""Who reads which bid when."""

from django.db.models import QuerySet

from spo.scoring.models import Bid, PanelMember
from spo.tenders.models import Tender
from territories.models import Membership

Role = Membership.Role


def bids_seen_by(member: Membership, tender: Tender | None = None) -> QuerySet[Bid]:
    """Sealed until scoring begins, then for the panel and the buyer; a supplier sees its own. Of one tender, or all.

    One statement, whoever asks: what isn't the reader's takes as long as what isn't there.
    """
    rows = Bid.objects.select_related("order", "supplier", "tender")
    if tender:
        rows = rows.filter(tender=tender)
    if member.role == Role.SUPPLIER:
        return rows.filter(supplier=member.organisation)
    scored = rows.filter(tender__status__in=Tender.UNSEALED)
    if member.role == Role.BUYER:
        return scored.filter(tender__buyer=member.organisation)
    seats = PanelMember.objects.scoring().filter(user=member.user_id)
    return scored.filter(tender__in=seats.values("tender")) if member.role == Role.EVALUATOR else rows.none()
