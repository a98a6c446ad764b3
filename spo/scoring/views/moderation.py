"""The panel's grade for each criterion, and the award."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from spo.scoring import actions
from spo.scoring.forms import AwardForm, ScoreForm
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.rules.bids import why_not_read
from spo.scoring.rules.moderation import why_not_award, why_not_chair
from spo.scoring.sheets import Agenda, agenda_of, standing_of
from spo.scoring.views.bids import unread
from spo.scoring.views.seen import seen_bid
from spo.tenders.models import Criterion
from spo.tenders.published import criteria_of
from spo.tenders.views import run_by_me
from territories.access import member
from territories.forms import accepted, shown_in
from territories.pages.charts.drawn import spread
from territories.refusal import Refused, require
from territories.shown import seen_in


@member("buyer", strong=True)
def moderate(request, pk):
    """One bid in moderation: the spread of the panel's scores, and the grade that the panel agrees on."""
    row = seen_bid(request, pk)
    run_by_me(request, row.tender_id)
    if reason := why_not_read(row.tender, request.member):
        return unread(request, row, reason)
    criteria = criteria_of(row.tender)
    agenda = agenda_of(row, request.member)
    open_now = next((c for c in criteria if c.pk not in agenda.agreed), None)
    meant = open_now and request.POST.get("criterion") == str(open_now.pk)
    if request.POST and not meant:  # sent twice, or from a page that someone else has overtaken
        raise Refused(_("The panel's grade for this criterion is recorded already."))
    why_not = why_not_chair(row.tender, request.member) if open_now else None
    require(why_not if request.POST else None)
    form = open_now and ScoreForm(request.POST or None, criterion=open_now, top_grade=row.tender.top_grade)
    seen = seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.agree_grade(row, open_now, **form.cleaned_data, seen=seen, by=request.member)
    ):
        messages.success(request, _("The agreed grade is recorded."))
        return redirect("moderate", pk)
    context = {
        "bid": row,
        "tender": row.tender,
        "sheets": by_criterion(agenda, criteria),
        "form": form,
        "open_now": open_now,
        "chart": spread_of(agenda, criteria),
        "why_not": why_not,
    }
    return render(request, "scoring/moderate.html", context | shown_in(request, form, agenda))


def by_criterion(agenda: Agenda, criteria: list[Criterion]) -> list[dict]:
    return [
        {
            "criterion": criterion,
            "agreed": agenda.agreed.get(criterion.pk),
            "scores": [score for score in agenda.scores if score.criterion_id == criterion.pk],
        }
        for criterion in criteria
    ]


def spread_of(agenda: Agenda, criteria: list[Criterion]):
    """The individual grades of each criterion, as a picture."""
    return spread(
        f"spread-{agenda.about.pk}",
        [
            (str(sheet["criterion"]), [s.grade for s in sheet["scores"]])
            for sheet in by_criterion(agenda, criteria)
        ],
        title=_("Individual grades of each criterion"),
        low=0,
        high=agenda.about.tender.top_grade,
    )


@member("buyer", strong=True)
def award(request, pk):
    row = run_by_me(request, pk)
    why_not = why_not_award(row, request.member)
    require(why_not if request.POST else None)
    form = AwardForm(request.POST or None, bids=bids_seen_by(request.member, row))
    standing, seen = standing_of(row), seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.award(row, **form.cleaned_data, seen=seen, by=request.member)
    ):
        messages.success(request, _("The tender is awarded. Next: lock the order into a contract."))
        return redirect("tender", pk)
    return render(
        request,
        "scoring/award.html",
        {
            "form": form,
            "tender": row,
            "standing": standing.ranks,
            "why_not": why_not,
        }
        | shown_in(request, form, standing),
    )
