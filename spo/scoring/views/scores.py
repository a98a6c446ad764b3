"""Evaluators score one bid on one page, until the buyer ends the individual round."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.scoring import actions
from spo.scoring.forms import ScoreForm
from spo.scoring.models import Bid
from spo.scoring.rules.scores import why_not_score
from spo.scoring.sealed import sealed_lines
from spo.scoring.sheets import Sheet, sheet_of
from spo.scoring.views.bids import of_criteria
from spo.scoring.views.seen import seen_bid
from spo.tenders.published import criteria_of
from spo.tenders.views import run_by_me
from territories.access import member
from territories.refusal import Refused, Stale, require
from territories.shown import FIELD, carried, seen_in


@member("evaluator", strong=True)
def bid_score(request, pk):
    """One page for one bid: what it says, then every criterion with grade and rationale."""
    row = seen_bid(request, pk)
    if row.seat is None:
        raise Http404
    why_not = why_not_score(row, row.seat)
    require(why_not if request.POST else None)
    sheet = sheet_of(row, row.seat, request.member)
    forms = score_forms(request, sheet)
    # Every form is asked, so that every error is shown.
    stale = None
    if request.POST and not [form for form in forms if not form.is_valid()]:
        try:
            return scored(request, row, forms)
        except Stale as meanwhile:
            stale = meanwhile
            show_theirs(forms, meanwhile.current)
        except Refused as refused:
            forms[0].add_error(None, refused.reason)
    return render(
        request,
        "scoring/score.html",
        {
            "bid": row,
            "tender": row.tender,
            "forms": forms,
            "kept": of_criteria(sheet.scores.values(), row.tender),
            "form": next((form for form in forms if form.errors), None),  # the title of the page says so
            "lines": sealed_lines(row),
            "why_not": why_not,
            # What was posted stays what was seen, until the change has been shown.
            "seen": carried(stale.current) if stale else request.POST.get(FIELD) or carried(sheet),
        },
    )


def score_forms(request, sheet: Sheet) -> list[ScoreForm]:
    """A form for each criterion, with what was kept before."""
    kept = {pk: {"grade": s.grade, "rationale": s.rationale} for pk, s in sheet.scores.items()}
    return [
        ScoreForm(
            request.POST or None,
            criterion=criterion,
            top_grade=sheet.about.tender.top_grade,
            prefix=f"c{number}",
            initial=kept.get(criterion.pk, {}),
            empty_permitted=True,
            use_required_attribute=False,
        )
        for number, criterion in enumerate(criteria_of(sheet.about.tender), 1)
    ]


def scored(request, bid: Bid, forms: list[ScoreForm]):
    grades = {form.criterion: form.kept for form in forms if form.has_changed()}
    actions.score(bid, grades, seen=seen_in(request.POST).version, by=request.member)
    if grades:
        text = _("Your scores are saved. You can change them until the individual round ends.")
    else:
        text = _("Nothing was changed, so nothing was saved.")
    messages.success(request, text)
    return redirect("tender", bid.tender_id)


def show_theirs(forms: list[ScoreForm], sheet: Sheet) -> None:
    """Beside each criterion that differs, what was saved meanwhile, in another tab or on another device."""
    for form in forms:
        saved = sheet.scores.get(form.criterion.pk)
        mine = form.cleaned_data.get("grade"), form.cleaned_data.get("rationale")
        if saved and mine != (saved.grade, saved.rationale):
            theirs = {"grade": saved.grade, "rationale": saved.rationale}
            form.add_error(
                "grade",
                _(
                    "You saved meanwhile, in another tab: %(grade)s, “%(rationale)s”. Save again to keep what stands here."
                )
                % theirs,
            )


@member("buyer")
@require_POST
def tender_settle(request, pk):
    row = run_by_me(request, pk)
    actions.settle(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(
        request, _("The individual round is over. Record what the panel agrees for each criterion.")
    )
    return redirect("tender", pk)
