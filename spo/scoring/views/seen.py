"""What a member may see of a tender and its bids; everything else is 404."""

from django.shortcuts import get_object_or_404

from spo.scoring.models import Bid
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import seat_of
from spo.scoring.queries.tenders import tenders_decided
from spo.tenders.models import Tender
from spo.tenders.published import as_published


def decided(request, pk) -> Tender:
    """The tender as this member may see it and as it was published, with its decision, or 404."""
    return as_published(get_object_or_404(tenders_decided(request.member), pk=pk))


def seen_bid(request, pk) -> Bid:
    """The bid as far as this member may see it in this phase, or 404; with their `seat` on the panel."""
    row = get_object_or_404(bids_seen_by(request.member), pk=pk)
    row.seat = seat_of(request.member, row.tender)
    as_published(row.tender)
    return row
