"""A tender's own page: what is asked, who bids, how it stands, and what its reader can do next."""

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from spo.orders.models import Order
from spo.scoring.models import Bid
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import panel_of, seat_of, ties_seen_by
from spo.scoring.queries.scores import (
    my_progress,
    standing,
)
from spo.scoring.queries.tenders import award_of
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
from territories.models import Membership
from territories.pages.onward import Onward
from territories.stream import listen

Role = Membership.Role
Status = Tender.Status


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


def tender_context(request, pk) -> dict:
    row, by = decided(request, pk), request.member
    runs = row.is_run_by(by)
    if runs and row.status in Tender.UNSEALED:  # read once, for ties, list and count
        prefetch_related_objects([row], Prefetch("bids", Bid.objects.select_related("supplier")))
    seat = seat_of(by, row)
    mine = bids_seen_by(by, row) if by.role == Role.SUPPLIER else []
    may_bid = by.role == Role.SUPPLIER and row.takes_bids
    context = {
        "tender": row,
        "heard": heard(row, by),
        "step": 5 if row.status == Status.AWARDED else 4,
        "award": award_of(row),
        "criteria": row.asked,
        "runs": runs,
        "seat": seat,
        "sealed": row.status == Status.OPEN,
        "scores": row.status == Status.SCORING,
        "progress": my_progress(by, row, seat) if seat else [],
        "mine": mine,
        "may_bid": may_bid,
        "ties": ties_seen_by(by, row),
        "at_work": row.status in Tender.AT_WORK and not (mine or may_bid or seat),
    }
    return context | (running(row, by) if runs else {})


def heard(row: Tender, by) -> str:
    """What the page listens for. That a bid or a score came in is for the buyer alone to hear."""
    return f"tender-run-{row.pk}" if row.is_run_by(by) else f"tender-{row.pk}"


def running(row: Tender, by) -> dict:
    """What only the buyer that runs the tender sees: panel, bids, ranking, and the next step."""
    panel = list(panel_of(row))
    for seat in panel:
        seat.tender = row
        seat.may_be_dismissed = not why_not_dismiss(seat, by)
    return {
        "panel": panel,
        "bids": row.bids.all() if row.status in Tender.UNSEALED else [],
        "bid_count": row.bids.count(),
        "standing": standing(row) if row.status in Tender.DISCLOSED else [],
        "onward": onward(row, by),
        "moderates": row.status == Status.MODERATION,
        "chairs": row.status in Tender.CHAIRED,
        "declared": last_declaration(row, by) if row.status in Tender.UNSEALED else None,
        "may_appoint": not why_not_choose_panel(row, by),
        "may_change": row.status == Status.DRAFT,
        "contract_here": row.status == Status.AWARDED,
    }


def onward(row: Tender, by) -> Onward:
    """What whoever runs the tender does next."""
    if row.status == Status.MODERATION:
        return Onward("", _("Award the tender"), reverse("award", args=[row.pk]), why_not_award(row, by))
    if row.status == Status.AWARDED:
        sealed = row.award.bid.order.status == Order.Status.SEALED
        return Onward(
            _("Lock the order into a contract, below.")
            if sealed
            else _("The order is locked into a contract. What comes next in it is said below.")
        )
    label, name, why_not = {
        Status.DRAFT: (_("Open the tender"), "tender_open", why_not_open),
        Status.OPEN: (_("Begin the scoring"), "tender_close", why_not_close),
        Status.SCORING: (_("End the individual round"), "tender_settle", why_not_settle),
    }[Status(row.status)]
    return Onward("", label, reverse(name, args=[row.pk]), why_not(row, by), acts=True)
