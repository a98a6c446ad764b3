"""A tender's own page: what is asked, who bids, how it stands, and what its reader can do next."""

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import render

from spo.scoring.models import Bid
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import panel_of, seat_of, ties_seen_by
from spo.scoring.queries.scores import (
    my_progress,
    standing,
)
from spo.scoring.queries.tenders import award_of, waiting_for
from spo.scoring.rules.bids import why_not_close
from spo.scoring.rules.moderation import why_not_award
from spo.scoring.rules.panel import (
    why_not_choose_panel,
    why_not_dismiss,
)
from spo.scoring.rules.scores import why_not_settle
from spo.scoring.views.seen import decided
from spo.tenders.interests import last_declaration
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_open
from spo.tenders.views import found
from territories.access import member
from territories.pages.lists import waiting_page
from territories.stream import listen


@member()
def tender(request, pk):
    return render(request, "scoring/tender.html", tender_context(request, pk))


@member()
def tender_now(request, pk):
    """The part of the tender's page that changes while others work on it."""
    return render(request, "scoring/_now.html", tender_context(request, pk))


@member()
def tender_live(request, pk):
    return listen(request, heard(found(request, pk), request.member))


@member()
def tenders_waiting(request):
    return waiting_page(request, waiting_for(request.member))


def tender_context(request, pk) -> dict:
    row, by = decided(request, pk), request.member
    runs = row.is_run_by(by)
    if runs and row.status in Tender.UNSEALED:  # read once, for ties, list and count
        prefetch_related_objects([row], Prefetch("bids", Bid.objects.select_related("supplier")))
    seat = seat_of(by, row)
    context = {
        "tender": row,
        "heard": heard(row, by),
        "step": 5 if row.status == "awarded" else 4,
        "award": award_of(row),
        "criteria": row.asked,
        "runs": runs,
        "seat": seat,
        "mine": bids_seen_by(by, row) if by.role == "supplier" else [],
        "progress": my_progress(by, row, seat) if seat else [],
        "may_bid": by.role == "supplier" and row.takes_bids,
        "ties": ties_seen_by(by, row),
    }
    return context | (running(row, by) if context["runs"] else {})


def heard(row: Tender, by) -> str:
    """What the page listens for. That a bid or a score came in is for the buyer alone to hear."""
    return f"tender-run-{row.pk}" if row.is_run_by(by) else f"tender-{row.pk}"


def running(row: Tender, by) -> dict:
    """What only the buyer that runs the tender sees: panel, bids, ranking, and the next step."""
    steps = {
        "draft": why_not_open,
        "open": why_not_close,
        "scoring": why_not_settle,
        "moderation": why_not_award,
    }
    panel = list(panel_of(row))
    for seat in panel:
        seat.tender = row
        seat.may_be_dismissed = not why_not_dismiss(seat, by)
    return {
        "panel": panel,
        "bids": row.bids.all() if row.status in Tender.UNSEALED else [],
        "bid_count": row.bids.count(),
        "standing": standing(row) if row.status in Tender.DISCLOSED else [],
        "why_not": steps[row.status](row, by) if row.status in steps else None,
        "declared": last_declaration(row, by) if row.status in Tender.UNSEALED else None,
        "may_appoint": not why_not_choose_panel(row, by),
    }
