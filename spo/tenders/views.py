"""The buyer's side of what is asked: a tender with its criteria, from draft to its opening."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.tenders import actions, queries
from spo.tenders.forms import CriterionForm, TenderForm
from spo.tenders.models import Tender
from spo.tenders.published import as_published
from territories.access import member
from territories.forms import accepted, form_page
from territories.models import Membership
from territories.pages.lists import ListFilter, listing
from territories.papers.sheets import as_csv
from territories.shown import seen_in

Role = Membership.Role


@member()
def tenders(request):
    chooser = ListFilter(request.GET, statuses=Tender.Status.choices)
    rows = queries.tender_list(request.member, **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Reference"), _("Tender"), _("Buyer"), _("Closes"), _("Status")]
        return as_csv(
            "tenders",
            header,
            ([t.reference, t.title, t.buyer, t.closes_at, t.state.label] for t in rows),
        )
    context = listing(request, rows, chooser) | {"may_prepare": request.member.role == Role.BUYER}
    return render(request, "tenders/tenders.html", context)


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
@require_POST
def tender_open(request, pk):
    row = run_by_me(request, pk)
    actions.open_tender(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The tender is open. Bids stay sealed until it closes."))
    return redirect("tender", pk)


def found(request, pk) -> Tender:
    """The tender as this member may see it and as it was published, or 404."""
    return as_published(get_object_or_404(queries.tenders_seen_by(request.member), pk=pk))


def run_by_me(request, pk) -> Tender:
    """The tender as it was published, if this member's organisation runs it, or 404."""
    return as_published(get_object_or_404(queries.tenders_run_by(request.member), pk=pk))
