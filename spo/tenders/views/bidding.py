"""The supplier's side: an order is written for a tender, and sealed into it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.orders.models import Order
from spo.orders.queries import open_orders_of, orders_seen_by
from spo.tenders import actions, rules
from spo.tenders.models import Tender
from spo.tenders.views.seen import found
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
        "why_not": rules.why_not_write_order(row, request.member),
        "orders": [step(order, row, request.member) for order in open_orders_of(request.member)],
    }
    return render(request, "tenders/bid_new.html", context)


@member("supplier")
@require_POST
def order_for(request, pk):
    """The order is for this tender from now on."""
    row = found(request, pk)
    order = actions.write_order_for(
        chosen(request), row, seen=seen_in(request.POST).version, by=request.member
    )
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
    here = order.tender_reference == tender.reference
    return {
        "order": order,
        "here": here,
        "elsewhere": order.tender_reference if order.tender_reference and not here else "",
        "ready": here and order.status == Order.Status.AGREED,
        "why_not": rules.why_not_submit(order, tender, by) if here else None,
    }
