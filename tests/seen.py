"""What somebody has read before an act: the versions that a page opened now would post."""

from spo.scoring.models import Award, Bid
from spo.scoring.queries.panel import seat_of
from spo.scoring.sheets import agenda_of, sheet_of, standing_of
from spo.tenders.models import Tender
from spo.tenders.published import as_published
from territories.models import Membership
from territories.shown import version_of


def read(row) -> str:
    """The version of a row as it now stands: what a page opened now would post; nothing where it is gone."""
    current = type(row)._default_manager.filter(pk=row.pk).first()
    if current is None:
        return ""
    return version_of(as_published(current) if isinstance(current, Tender) else current)


def sheet_read(bid: Bid, evaluator: Membership) -> str:
    """The same for an evaluator's scores of a bid."""
    bid = Bid.objects.select_related("tender").get(pk=bid.pk)
    seat = seat_of(evaluator, bid.tender)
    return version_of(sheet_of(bid, seat, evaluator)) if seat else ""


def agenda_read(bid: Bid, chair: Membership) -> str:
    """The same for a bid in moderation."""
    return version_of(agenda_of(Bid.objects.select_related("tender").get(pk=bid.pk), chair))


def standing_read(tender: Tender) -> str:
    """The same for the ranking of a tender."""
    return version_of(standing_of(as_published(Tender.objects.get(pk=tender.pk))))


def award_read(tender: Tender) -> str:
    """The same for the award of a tender; nothing before it is made."""
    award = Award.objects.filter(tender=tender).first()
    return version_of(award) if award else ""
