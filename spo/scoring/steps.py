"""What acts on bids have in common: steps inside somebody's act, no doors."""

from django.utils.translation import gettext as _

from spo.scoring.models import Bid
from spo.tenders import steps as tenders
from spo.tenders.models import Criterion, Tender
from spo.tenders.published import criteria_of
from territories.refusal import Refused


def with_tender(bid: Bid) -> tuple[Tender, Bid]:
    """A bid's tender, locked, and the bid as it stands."""
    tender = tenders.locked(bid.tender)
    bid = Bid.objects.select_related("order", "supplier").get(pk=bid.pk)
    bid.tender = tender
    return tender, bid


def asked(tender: Tender, *criteria: Criterion) -> None:
    if not {one.pk for one in criteria} <= {one.pk for one in criteria_of(tender)}:
        raise Refused(_("Give grades for this tender's own criteria."))
