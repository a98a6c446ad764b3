"""Contract: the winning order is locked in and signed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.contracts import actions, queries
from spo.contracts.models import Contract
from spo.contracts.parties import seat_of, seats
from spo.contracts.rules import why_not_lock, why_not_sign
from spo.scoring.queries.tenders import award_of, tenders_decided
from spo.tenders.models import Tender
from territories.access import member
from territories.pages.lists import ListFilter, listing
from territories.papers.sheets import as_csv
from territories.shown import carried, seen_in


@member()
def contracts(request):
    chooser = ListFilter(request.GET, statuses=Contract.Status.choices)
    rows = queries.contract_list(request.member, **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Reference"), _("Contract"), _("Buyer"), _("Supplier"), _("Status")]
        return as_csv(
            "contracts",
            header,
            ([c.reference, c.title, c.buyer, c.supplier, c.state.label] for c in rows),
        )
    return render(request, "contracts/contracts.html", listing(request, rows, chooser))


@member()
def contract(request, pk):
    row = get_object_or_404(queries.whole(queries.contracts_seen_by(request.member)), pk=pk)
    return render(
        request,
        "contracts/contract.html",
        {
            "contract": row,
            "step": 6 if row.is_in_force else 5,
            "terms": row.terms.all(),
            "snapshot": row.snapshot,
            "seats": seats(row),
            "my_seat": seat_of(row, request.member),
            "why_not_sign": why_not_sign(row, request.member),
        },
    )


@member("buyer", "supplier", "provider", strong=True)
def contract_sign(request, pk):
    """An interruption before an act that can't be undone."""
    row = get_object_or_404(queries.whole(queries.contracts_seen_by(request.member)), pk=pk)
    seat = seat_of(row, request.member)
    if seat is None:
        raise Http404
    if request.POST:
        actions.sign(row, seen=seen_in(request.POST).version, by=request.member)
        messages.success(request, _("You signed for %(name)s.") % {"name": seat.organisation})
        return redirect("contract", pk)
    return render(
        request,
        "contracts/sign.html",
        {
            "contract": row,
            "seat": seat,
            "snapshot": row.snapshot,
            "seen": carried(row),
            "why_not": why_not_sign(row, request.member),
        },
    )


@member("buyer")
def contract_of(request, pk):
    """For an awarded tender's page: its contract, or the step that makes one."""
    tender = get_object_or_404(tenders_decided(request.member), pk=pk)
    if not tender.is_run_by(request.member):
        raise Http404
    made = Contract.objects.filter(award__tender=tender).first()
    context = {
        "tender": tender,
        "award": award_of(tender),
        "contract": made,
        "step": 6 if made and made.is_in_force else 5,
        "why_not": why_not_lock(tender, request.member),
    }
    return render(request, "contracts/contract_of.html", context)


@member("buyer")
@require_POST
def lock_in(request, pk):
    tender: Tender = get_object_or_404(tenders_decided(request.member), pk=pk)
    if not tender.is_run_by(request.member):
        raise Http404
    row = actions.lock_in(tender, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The order is locked in. Now every party signs."))
    return redirect("contract", row.pk)
