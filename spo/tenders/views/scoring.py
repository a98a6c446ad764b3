"""Bids, scores, moderation, award: from a supplier's order to the decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from spo.orders.queries import agreed_orders_of, whole_commitments
from spo.tenders import actions, queries, rules
from spo.tenders.forms import AwardForm, DeclarationForm, ScoreForm, SubmitForm
from spo.tenders.views.seen import found, run_by_me, seen_bid
from territories.access import member
from territories.charts import spread
from territories.forms import accepted, form_page
from territories.refusal import Refused, require


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
    if form.has_error("order"):  # sent twice: the order is no longer there to be chosen
        require(rules.why_not_bid(row, request.member.participation.organisation_id))
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
        if grades:
            text = _("Your scores are saved. You can change them until the individual round ends.")
        else:
            text = _("Nothing was changed, so nothing was saved.")
        messages.success(request, text)
        return redirect("tender", row.tender_id)
    return render(
        request,
        "tenders/score.html",
        {
            "bid": row,
            "tender": row.tender,
            "forms": forms,
            "kept": kept.values(),
            "form": next((form for form in forms if form.errors), None),  # the title of the page says so
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
