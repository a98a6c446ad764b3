"""Who has which interest in a tender: what people declare, and what is known of the parts that they play or played."""

from spo.tenders.models import Declaration, Tender
from territories.models import Membership

Role = Membership.Role


def last_declaration(tender: Tender, member: Membership) -> Declaration | None:
    """What the member declared last about their interests in this tender; asked once of each tender that was read."""
    if member.user_id not in tender.said:
        mine = tender.declarations.filter(user=member.user_id)
        tender.said[member.user_id] = mine.order_by("number").last()
    return tender.said[member.user_id]
