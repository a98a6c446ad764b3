"""Score: buyers run a tender, suppliers submit orders, the panel scores them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.orders.queries import agreed_orders_of, whole_commitments
from spo.tenders import actions, queries, rules
from spo.tenders.forms import (
    AwardForm,
    CriterionForm,
    DeclarationForm,
    PanelForm,
    ScoreForm,
    SubmitForm,
    TenderForm,
)
from spo.tenders.models import Bid, Criterion, Tender
from territories.access import member
from territories.charts import spread
from territories.forms import accepted, form_page
from territories.lists import ListFilter, as_csv, listing, waiting_page
from territories.refusal import Refused
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
    found(request, pk)
    return listen(f"tender-{pk}")


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
        back="/tenders/",
        intro=_("Only what concerns social value: price and quality are scored where you score them today."),
    )


@member("buyer")
def tender_edit(request, pk):
    row = run_by_me(request, pk)
    form = TenderForm(request.POST or None, tender=row)
    if request.POST and accepted(form, lambda: actions.change_tender(row, by=request.member, **form.facts)):
        messages.success(request, _("Saved."))
        return redirect("tender", pk)
    return form_page(request, form, _("Change the tender"), _("Save"), back=f"/tenders/{pk}/")


@member("buyer")
def criterion_new(request, pk):
    row = run_by_me(request, pk)
    form = CriterionForm(request.POST or None)
    if request.POST and accepted(
        form, lambda: actions.add_criterion(row, **form.cleaned_data, by=request.member)
    ):
        messages.success(request, _("The criterion is added."))
        return redirect("tender", pk)
    return form_page(request, form, _("Add a criterion"), _("Add the criterion"), back=f"/tenders/{pk}/")


@member("buyer")
@require_POST
def criterion_remove(request, pk):
    criterion = get_object_or_404(Criterion.objects.select_related("tender"), pk=pk)
    run_by_me(request, criterion.tender_id)
    actions.remove_criterion(criterion, by=request.member)
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
        messages.success(request, _("%(name)s is on the panel.") % {"name": seat.user})
        return redirect("tender", pk)
    return form_page(
        request,
        form,
        _("Add someone to the panel"),
        _("Add to the panel"),
        back=f"/tenders/{pk}/",
        intro=_("Everyone declares their interests before they see a bid."),
    )


@member("buyer")
@require_POST
def tender_open(request, pk):
    actions.open_tender(run_by_me(request, pk), by=request.member)
    messages.success(request, _("The tender is open. Bids stay sealed until it closes."))
    return redirect("tender", pk)


@member("buyer")
@require_POST
def tender_close(request, pk):
    actions.begin_scoring(run_by_me(request, pk), by=request.member)
    messages.success(request, _("The bids are with the panel now."))
    return redirect("tender", pk)


@member("buyer")
@require_POST
def tender_settle(request, pk):
    actions.settle(run_by_me(request, pk), by=request.member)
    messages.success(
        request, _("The individual round is over. Record what the panel agrees for each criterion.")
    )
    return redirect("tender", pk)


@member("supplier")
def bid_new(request, pk):
    row = found(request, pk)
    form = SubmitForm(request.POST or None, orders=agreed_orders_of(request.member))
    if request.POST and (
        bid := accepted(form, lambda: actions.submit(form.cleaned_data["order"], row, by=request.member))
    ):
        messages.success(
            request, _("%(reference)s is submitted and sealed.") % {"reference": bid.order.reference}
        )
        return redirect("tender", pk)
    context = {"form": form, "tender": row, "orders": form.fields["order"].queryset}
    return render(request, "tenders/bid_new.html", context)


@member("evaluator", strong=True)
def declaration(request, pk):
    row = found(request, pk)
    seat = queries.seat_of(request.member, row)
    if seat is None:
        raise Http404
    form = DeclarationForm(request.POST or None)
    if request.POST and accepted(form, lambda: actions.declare(seat, **form.cleaned_data, by=request.member)):
        messages.success(request, _("Your declaration is recorded."))
        return redirect("tender", pk)
    return form_page(
        request,
        form,
        _("Declare your interests"),
        _("Make this declaration"),
        back=f"/tenders/{pk}/",
        intro=_("You declare once, before you see a bid. Your declaration is kept with the tender."),
    )


@member("evaluator", "buyer", "supplier")
def bid(request, pk):
    """What one bid commits to, with as much of its scores as the reader may see."""
    row = seen_bid(request, pk)
    tender = row.tender
    return render(
        request,
        "tenders/bid.html",
        {
            "bid": row,
            "tender": tender,
            "lines": whole_commitments().filter(order=row.order_id),
            "consensus": queries.visible_consensus(request.member, tender).filter(bid=row),
            "may_score": not rules.why_not_score(row, row.seat),
        },
    )


@member("evaluator", strong=True)
def bid_score(request, pk):
    """One page for one bid: what it says, then every criterion with grade and rationale."""
    row = seen_bid(request, pk)
    kept = {
        s.criterion_id: s
        for s in queries.visible_scores(request.member, row.tender, row.seat).filter(
            bid=row, evaluator=request.member.user
        )
    }
    forms = [
        ScoreForm(
            request.POST or None,
            criterion=criterion,
            top_grade=row.tender.top_grade,
            prefix=f"c{number}",
            initial={"grade": kept[criterion.pk].grade, "rationale": kept[criterion.pk].rationale}
            if criterion.pk in kept
            else {},
            empty_permitted=True,
            use_required_attribute=False,
        )
        for number, criterion in enumerate(row.tender.criteria.all(), 1)
    ]
    # Every form is asked, so that every error is shown.
    if request.POST and not [form for form in forms if not form.is_valid()]:
        grades = {form.criterion: form.kept for form in forms if form.has_changed()}
        actions.score(row, row.seat, grades, by=request.member)
        messages.success(
            request, _("Your scores are saved. You can change them until the individual round ends.")
        )
        return redirect("tender", row.tender_id)
    return render(
        request,
        "tenders/score.html",
        {
            "bid": row,
            "tender": row.tender,
            "forms": forms,
            "lines": whole_commitments().filter(order=row.order_id),
            "why_not": rules.why_not_score(row, row.seat),
        },
    )


@member("buyer", strong=True)
def moderate(request, pk):
    """One bid in moderation: the spread of the panel's scores, and the grade that the panel agrees on."""
    row = seen_bid(request, pk)
    run_by_me(request, row.tender_id)
    criteria = list(row.tender.criteria.all())
    agreed = {
        c.criterion_id: c for c in queries.visible_consensus(request.member, row.tender).filter(bid=row)
    }
    scores = list(
        queries.visible_scores(request.member, row.tender).filter(bid=row).order_by("evaluator__name")
    )
    open_now = next((c for c in criteria if c.pk not in agreed), None)
    meant = open_now and request.POST.get("criterion") == str(open_now.pk)
    if request.POST and not meant:  # sent twice, or from a page that someone else has overtaken
        raise Refused(_("The panel's grade for this criterion is recorded already."))
    form = open_now and ScoreForm(request.POST or None, criterion=open_now, top_grade=row.tender.top_grade)
    if request.POST and accepted(
        form, lambda: actions.agree_grade(row, open_now, **form.cleaned_data, by=request.member)
    ):
        messages.success(request, _("The agreed grade is recorded."))
        return redirect("moderate", pk)
    sheets = [
        {"criterion": c, "agreed": agreed.get(c.pk), "scores": [s for s in scores if s.criterion_id == c.pk]}
        for c in criteria
    ]
    chart = spread(
        f"spread-{row.pk}",
        [(str(sheet["criterion"]), [s.grade for s in sheet["scores"]]) for sheet in sheets],
        title=_("Individual grades of each criterion"),
        low=0,
        high=row.tender.top_grade,
    )
    context = {
        "bid": row,
        "tender": row.tender,
        "sheets": sheets,
        "form": form,
        "open_now": open_now,
        "chart": chart,
    }
    return render(request, "tenders/moderate.html", context)


@member("buyer", strong=True)
def award(request, pk):
    row = run_by_me(request, pk)
    form = AwardForm(request.POST or None, bids=queries.bids_seen_by(request.member, row))
    if request.POST and accepted(form, lambda: actions.award(row, **form.cleaned_data, by=request.member)):
        messages.success(request, _("The tender is awarded. Next: lock the order into a contract."))
        return redirect("tender", pk)
    return render(
        request,
        "tenders/award.html",
        {
            "form": form,
            "tender": row,
            "standing": queries.standing(row),
            "why_not": rules.why_not_award(row, queries.unsettled_grades(row), request.member),
        },
    )


def found(request, pk) -> Tender:
    """The tender as this member may see it, or 404."""
    return get_object_or_404(queries.tenders_seen_by(request.member), pk=pk)


def run_by_me(request, pk) -> Tender:
    """The tender if this member's organisation runs it, or 404."""
    row = found(request, pk)
    if not rules.runs(row, request.member):
        raise Http404
    return row


def seen_bid(request, pk) -> Bid:
    """The bid as far as this member may see it in this phase, or 404; with their `seat` on the panel."""
    known = get_object_or_404(Bid.objects.select_related("tender"), pk=pk)
    seat = queries.seat_of(request.member, known.tender)
    row = get_object_or_404(queries.bids_seen_by(request.member, known.tender, seat), pk=pk)
    row.seat = seat
    return row


def tender_context(request, pk) -> dict:
    row, by = found(request, pk), request.member
    seat = queries.seat_of(by, row)
    context = {
        "tender": row,
        "criteria": row.criteria.all(),
        "runs": rules.runs(row, by),
        "seat": seat,
        "mine": queries.bids_seen_by(by, row) if by.role == "supplier" else [],
        "progress": queries.my_progress(by, row, seat) if seat else [],
        "may_bid": by.role == "supplier" and row.takes_bids,
    }
    return context | (running(row, by) if context["runs"] else {})


def running(row: Tender, by) -> dict:
    """What only the buyer that runs the tender sees: panel, bids, ranking, and the next step."""
    missing = queries.missing_scores(row) if row.status == "scoring" else 0
    standing = queries.standing(row) if row.status in {"moderation", "awarded"} else []
    unsettled = queries.unsettled_grades(row) if row.status == "moderation" and not standing else 0
    steps = {
        "draft": lambda: rules.why_not_open(row, by),
        "open": lambda: rules.why_not_close(row, by),
        "scoring": lambda: rules.why_not_settle(row, missing, by),
        "moderation": lambda: rules.why_not_award(row, unsettled, by),
    }
    return {
        "panel": row.panel.select_related("user", "organisation"),
        "bids": queries.bids_seen_by(by, row),
        "bid_count": row.bids.count(),
        "standing": standing,
        "missing": missing,
        "why_not": steps[row.status]() if row.status in steps else None,
    }


@member()
def tenders_waiting(request):
    return waiting_page(request, queries.waiting_for(request.member))
