"""Who has which interest in a tender: what people declare, and what is known of the parts that they play or played."""

from spo.tenders.models import Declaration, Tender
from spo.tenders.sealed import organisations_in
from territories.models import Membership

Role = Membership.Role


def last_declaration(tender: Tender, member: Membership) -> Declaration | None:
    """What the member declared last about their interests in this tender."""
    return tender.declarations.filter(user=member.user_id).order_by("number").last()


def ties(tender: Tender) -> list[Membership]:
    """Parts of suppliers and providers in the tender that whoever scores, chairs or awards plays or played, in any territory.

    Empty while bids are sealed: before that it would name a bidder.
    """
    if tender.status not in Tender.UNSEALED:
        return []
    scoring = tender.panel.held().values_list("user", flat=True)
    return ties_of(tender, {*scoring, *tender.declarations.values_list("user", flat=True)})


def ties_of(tender: Tender, users) -> list[Membership]:
    """The same of these people; whatever the tender's state, so for the machine's eyes while bids are sealed."""
    rows = Membership.objects.filter(
        user__in=users,
        role__in=(Role.SUPPLIER, Role.PROVIDER),
        participation__organisation__in=organisations_in(tender.bids.all()),
    )
    return list(rows.select_related("user", "participation__organisation").order_by("user__name", "pk"))


def plays_for_a_supplier(member: Membership) -> bool:
    """Whether the person plays a supplier's part now, in any territory: any supplier may bid until a tender closes."""
    return Membership.objects.filter(user=member.user_id, role=Role.SUPPLIER, ended_at=None).exists()
