"""An order is written for a tender and sealed into it, and its bid is opened and read."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.orders import actions as orders
from spo.orders.models import Order
from spo.orders.queries import open_orders_of, orders_seen_by
from spo.scoring import actions
from spo.scoring.models import Bid
from spo.scoring.queries.scores import (
    visible_consensus,
)
from spo.scoring.rules.bids import why_not_bid, why_not_read, why_not_submit
from spo.scoring.rules.scores import why_not_score
from spo.scoring.sealed import sealed_lines
from spo.scoring.views.seen import seen_bid
from spo.tenders.models import Tender
from spo.tenders.published import criteria_of
from spo.tenders.views import found, run_by_me
from territories.access import member
from territories.shown import seen_in


@member("supplier")
def bid_new(request, pk):
    """The supplier's own orders, each with its next step on the way into this tender."""
    row = found(request, pk)
    if request.method == "POST":
        bid = actions.submit(chosen(request), row, seen=seen_in(request.POST).version, by=request.member)
        messages.success(
            request, _("%(reference)s is submitted and sealed.") % {"reference": bid.body["order"]}
        )
        return redirect("tender", pk)
    context = {
        "tender": row,
        "why_not": why_not_bid(row, request.member.participation.organisation_id),
        "orders": [step(order, row, request.member) for order in open_orders_of(request.member)],
    }
    return render(request, "scoring/bid_new.html", context)


@member("supplier")
@require_POST
def order_for(request, pk):
    """The order is for this tender from now on."""
    row = found(request, pk)
    order = orders.write_for(chosen(request), row, seen=seen_in(request.POST).version, by=request.member)
    if order.status == Order.Status.OFFERED:
        text = _("%(reference)s is with its providers, who are asked again: for this tender.")
    elif order.status == Order.Status.AGREED:
        text = _("%(reference)s is agreed for this tender. You can submit it.")
    else:
        text = _("%(reference)s is written for this tender. Offer it to the providers when it is ready.")
    messages.success(request, text % {"reference": order.reference})
    return redirect("bid_new", pk)


def chosen(request) -> Order:
    """The order that was posted, if it is the supplier's own; else 404."""
    try:
        wanted = UUID(request.POST.get("order", ""))
    except ValueError as none:
        raise Http404 from none
    return get_object_or_404(orders_seen_by(request.member), pk=wanted)


def step(order: Order, tender: Tender, by) -> dict:
    """What an order lacks to be submitted here."""
    here = order.tender_id == tender.pk
    return {
        "order": order,
        "here": here,
        "elsewhere": "" if here else order.tender_reference,
        "draft": order.status == Order.Status.DRAFT,
        "ready": here and order.status == Order.Status.AGREED,
        "why_not": why_not_submit(order, tender, by) if here else None,
    }


@member("buyer")
@require_POST
def tender_close(request, pk):
    row = run_by_me(request, pk)
    actions.begin_scoring(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The bids are with the panel now."))
    return redirect("tender", pk)


@member("evaluator", "buyer", "supplier")
def bid(request, pk):
    """What one bid commits to, with as much of its scores as the reader may see."""
    row = seen_bid(request, pk)
    tender = row.tender
    if reason := why_not_read(tender, request.member):
        return unread(request, row, reason)
    return render(
        request,
        "scoring/bid.html",
        {
            "bid": row,
            "tender": tender,
            "lines": sealed_lines(row),
            "consensus": of_criteria(visible_consensus(request.member, tender).filter(bid=row), tender),
            "may_score": not why_not_score(row, row.seat),
        },
    )


def unread(request, row: Bid, reason: str):
    """Instead of a bid, why its reader may not read it, and where they declare."""
    return render(request, "scoring/unread.html", {"bid": row, "tender": row.tender, "why_not": reason})


def of_criteria(rows, tender: Tender) -> list:
    """Scores or agreed grades, each with its criterion as it was published."""
    asked = {criterion.pk: criterion for criterion in criteria_of(tender)}
    found_rows = list(rows)
    for row in found_rows:
        row.criterion = asked[row.criterion_id]
    return found_rows
