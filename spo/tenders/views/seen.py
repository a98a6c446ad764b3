"""What a member may see of tenders and bids; everything else is 404."""

from django.shortcuts import get_object_or_404

from spo.tenders import queries
from spo.tenders.models import Bid, Tender
from spo.tenders.published import as_published


def found(request, pk) -> Tender:
    """The tender as this member may see it and as it was published, or 404."""
    return as_published(get_object_or_404(queries.tenders_seen_by(request.member), pk=pk))


def run_by_me(request, pk) -> Tender:
    """The tender as it was published, if this member's organisation runs it, or 404."""
    return as_published(get_object_or_404(queries.tenders_run_by(request.member), pk=pk))


def seen_bid(request, pk) -> Bid:
    """The bid as far as this member may see it in this phase, or 404; with their `seat` on the panel."""
    row = get_object_or_404(queries.bids_seen_by(request.member), pk=pk)
    row.seat = queries.seat_of(request.member, row.tender)
    as_published(row.tender)
    return row
