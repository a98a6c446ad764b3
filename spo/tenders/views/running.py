"""The buyer's side: a tender with its criteria and its panel, from draft to the end of the individual round."""

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.tenders import actions, queries, rules
from spo.tenders.forms import CriterionForm, PanelForm, TenderForm
from spo.tenders.interests import last_declaration
from spo.tenders.models import Bid, Tender
from spo.tenders.views.seen import found, run_by_me
from territories.access import member
from territories.forms import accepted, form_page
from territories.pages.lists import ListFilter, listing, waiting_page
from territories.papers.sheets import as_csv
from territories.shown import carried, seen_in
from territories.stream import listen


@member()
def tenders(request):
    chooser = ListFilter(request.GET, statuses=Tender.Status.choices)
    rows = queries.tender_list(request.member, **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Reference"), _("Tender"), _("Buyer"), _("Closes"), _("Status")]
        return as_csv(
            "tenders",
            header,
            ([t.reference, t.title, t.buyer, t.closes_at, t.get_status_display()] for t in rows),
        )
    return render(request, "tenders/tenders.html", listing(request, rows, chooser))


@member()
def tender(request, pk):
    return render(request, "tenders/tender.html", tender_context(request, pk))


@member()
def tender_now(request, pk):
    """The part of the tender's page that changes while others work on it."""
    return render(request, "tenders/_now.html", tender_context(request, pk))


@member()
def tender_live(request, pk):
    return listen(request, heard(found(request, pk), request.member))


@member("buyer")
def tender_new(request):
    form = TenderForm(request.POST or None)
    if request.POST and (
        row := accepted(form, lambda: actions.prepare_tender(**form.facts, by=request.member))
    ):
        messages.success(
            request, _("Saved as a draft. Now add criteria for HOW and WHERE, and choose the panel.")
        )
        return redirect("tender", row.pk)
    return form_page(
        request,
        form,
        _("Prepare a tender"),
        _("Save and add criteria"),
        back="tenders",
        intro=_("Only what concerns social value: price and quality are scored where you score them today."),
    )


@member("buyer")
def tender_edit(request, pk):
    row = run_by_me(request, pk)
    form = TenderForm(request.POST or None, row=row)
    if request.POST and accepted(
        form,
        lambda: actions.change_tender(
            row, version=form.cleaned_data["version"] or 0, by=request.member, **form.facts
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("tender", pk)
    return form_page(request, form, _("Change the tender"), _("Save"), back=row)


@member("buyer")
def criterion_new(request, pk):
    row = run_by_me(request, pk)
    form = CriterionForm(request.POST or None)
    if request.POST and accepted(
        form, lambda: actions.add_criterion(row, **form.cleaned_data, by=request.member)
    ):
        messages.success(request, _("The criterion is added."))
        return redirect("tender", pk)
    return form_page(request, form, _("Add a criterion"), _("Add the criterion"), back=row)


@member("buyer")
@require_POST
def criterion_remove(request, pk):
    criterion = get_object_or_404(queries.criteria_run_by(request.member), pk=pk)
    actions.remove_criterion(criterion, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The criterion is removed."))
    return redirect("tender", criterion.tender_id)


@member("buyer")
def panel_new(request, pk):
    row = run_by_me(request, pk)
    form = PanelForm(request.POST or None, territory=request.territory)
    if request.POST and (
        seat := accepted(
            form, lambda: actions.appoint(row, form.cleaned_data["evaluator"], by=request.member)
        )
    ):
        messages.success(request, _("%(name)s is on the panel.") % {"name": seat})
        return redirect("tender", pk)
    return form_page(
        request,
        form,
        _("Add someone to the panel"),
        _("Add to the panel"),
        back=row,
        intro=_("Everyone declares their interests before they see a bid."),
    )


@member("buyer")
def panel_dismiss(request, pk):
    """Take someone off the panel, after a question."""
    seat = get_object_or_404(queries.seats_run_by(request.member), pk=pk)
    if request.method == "POST":
        actions.dismiss(seat, seen=seen_in(request.POST).version, by=request.member)
        messages.success(request, _("%(name)s is off the panel.") % {"name": seat})
        return redirect("tender", seat.tender_id)
    question = _("Do you want to take %(name)s off the panel?") % {"name": seat}
    consequences = [
        _("They score no more in this tender, and the journal says so."),
        _("Scores that they gave are set aside: kept with the tender, never counted."),
    ]
    context = {
        "question": question,
        "consequences": consequences,
        "action": _("Take off the panel"),
        "warning": True,
        "seen": carried(seat),
    }
    return render(request, "confirm.html", context | {"cancel_url": seat.get_absolute_url()})


@member("buyer")
@require_POST
def tender_open(request, pk):
    row = run_by_me(request, pk)
    actions.open_tender(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The tender is open. Bids stay sealed until it closes."))
    return redirect("tender", pk)


@member("buyer")
@require_POST
def tender_close(request, pk):
    row = run_by_me(request, pk)
    actions.begin_scoring(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The bids are with the panel now."))
    return redirect("tender", pk)


@member("buyer")
@require_POST
def tender_settle(request, pk):
    row = run_by_me(request, pk)
    actions.settle(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(
        request, _("The individual round is over. Record what the panel agrees for each criterion.")
    )
    return redirect("tender", pk)


@member()
def tenders_waiting(request):
    return waiting_page(request, queries.waiting_for(request.member))


def tender_context(request, pk) -> dict:
    row, by = found(request, pk), request.member
    runs = row.is_run_by(by)
    if runs and row.status in Tender.UNSEALED:  # read once, for ties, list and count
        prefetch_related_objects([row], Prefetch("bids", Bid.objects.select_related("supplier")))
    seat = queries.seat_of(by, row)
    context = {
        "tender": row,
        "heard": heard(row, by),
        "step": 5 if row.status == "awarded" else 4,
        "award": queries.award_of(row),
        "criteria": row.asked,
        "runs": runs,
        "seat": seat,
        "mine": queries.bids_seen_by(by, row) if by.role == "supplier" else [],
        "progress": queries.my_progress(by, row, seat) if seat else [],
        "may_bid": by.role == "supplier" and row.takes_bids,
        "ties": queries.ties_seen_by(by, row),
    }
    return context | (running(row, by) if context["runs"] else {})


def heard(row: Tender, by) -> str:
    """What the page listens for. That a bid or a score came in is for the buyer alone to hear."""
    return f"tender-run-{row.pk}" if row.is_run_by(by) else f"tender-{row.pk}"


def running(row: Tender, by) -> dict:
    """What only the buyer that runs the tender sees: panel, bids, ranking, and the next step."""
    standing = queries.standing(row) if row.status in {"moderation", "awarded"} else []
    steps = {
        "draft": rules.why_not_open,
        "open": rules.why_not_close,
        "scoring": rules.why_not_settle,
        "moderation": rules.why_not_award,
    }
    panel = list(queries.panel_of(row))
    for seat in panel:
        seat.tender = row
        seat.may_be_dismissed = not rules.why_not_dismiss(seat, by)
    return {
        "panel": panel,
        "bids": row.bids.all() if row.status in Tender.UNSEALED else [],
        "bid_count": row.bids.count(),
        "standing": standing,
        "why_not": steps[row.status](row, by) if row.status in steps else None,
        "declared": last_declaration(row, by) if row.status in Tender.UNSEALED else None,
        "may_appoint": not rules.why_not_choose_panel(row, by),
    }
