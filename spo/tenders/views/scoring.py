"""Bids, scores, moderation, award: from a supplier's order to the decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from spo.tenders import actions, queries, rules
from spo.tenders.forms import AwardForm, DeclarationForm, ScoreForm
from spo.tenders.interests import last_declaration
from spo.tenders.models import Bid, Criterion, Declaration, Tender
from spo.tenders.published import criteria_of
from spo.tenders.sealed import sealed_lines
from spo.tenders.sheets import Agenda, Sheet, agenda_of, sheet_of, standing_of
from spo.tenders.views.seen import found, run_by_me, seen_bid
from territories.access import member
from territories.forms import accepted, form_page, shown_in
from territories.pages.charts.drawn import spread
from territories.pages.times import moment
from territories.refusal import Refused, Stale, require
from territories.shown import FIELD, carried, seen_in


@member("evaluator", "buyer", strong=True)
def declaration(request, pk):
    """Whoever scores, chairs or awards declares their interests; again, if they change."""
    row = found(request, pk)
    if rules.why_not_declare(row, request.member):
        raise Http404
    form = DeclarationForm(request.POST or None)
    if request.POST and accepted(form, lambda: actions.declare(row, **form.cleaned_data, by=request.member)):
        messages.success(request, _("Your declaration is recorded."))
        return redirect("tender", pk)
    before = last_declaration(row, request.member)
    return form_page(
        request,
        form,
        _("Declare your interests"),
        _("Make this declaration"),
        back=row,
        intro=_(
            "You declare before you see or judge a bid, and again as soon as something changes. "
            "Your declarations are kept with the tender."
        ),
        warning=before and said(before),
    )


def said(before: Declaration) -> str:
    """What somebody declared before, as a sentence."""
    when = {"at": moment(before.declared_at), "words": before.words}
    if before.conflict:
        return _("On %(at)s you declared an interest: %(words)s") % when
    return _("On %(at)s you declared that you have no interest.") % when


@member("evaluator", "buyer", "supplier")
def bid(request, pk):
    """What one bid commits to, with as much of its scores as the reader may see."""
    row = seen_bid(request, pk)
    tender = row.tender
    if reason := rules.why_not_read(tender, request.member):
        return unread(request, row, reason)
    return render(
        request,
        "tenders/bid.html",
        {
            "bid": row,
            "tender": tender,
            "lines": sealed_lines(row),
            "consensus": of_criteria(
                queries.visible_consensus(request.member, tender).filter(bid=row), tender
            ),
            "may_score": not rules.why_not_score(row, row.seat),
        },
    )


def unread(request, row: Bid, reason: str):
    """Instead of a bid, why its reader may not read it, and where they declare."""
    return render(request, "tenders/unread.html", {"bid": row, "tender": row.tender, "why_not": reason})


def of_criteria(rows, tender: Tender) -> list:
    """Scores or agreed grades, each with its criterion as it was published."""
    asked = {criterion.pk: criterion for criterion in criteria_of(tender)}
    found_rows = list(rows)
    for row in found_rows:
        row.criterion = asked[row.criterion_id]
    return found_rows


@member("evaluator", strong=True)
def bid_score(request, pk):
    """One page for one bid: what it says, then every criterion with grade and rationale."""
    row = seen_bid(request, pk)
    if row.seat is None:
        raise Http404
    why_not = rules.why_not_score(row, row.seat)
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
        "tenders/score.html",
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


@member("buyer", strong=True)
def moderate(request, pk):
    """One bid in moderation: the spread of the panel's scores, and the grade that the panel agrees on."""
    row = seen_bid(request, pk)
    run_by_me(request, row.tender_id)
    if reason := rules.why_not_read(row.tender, request.member):
        return unread(request, row, reason)
    criteria = criteria_of(row.tender)
    agenda = agenda_of(row, request.member)
    open_now = next((c for c in criteria if c.pk not in agenda.agreed), None)
    meant = open_now and request.POST.get("criterion") == str(open_now.pk)
    if request.POST and not meant:  # sent twice, or from a page that someone else has overtaken
        raise Refused(_("The panel's grade for this criterion is recorded already."))
    why_not = rules.why_not_chair(row.tender, request.member) if open_now else None
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
    return render(request, "tenders/moderate.html", context | shown_in(request, form, agenda))


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
    why_not = rules.why_not_award(row, request.member)
    require(why_not if request.POST else None)
    form = AwardForm(request.POST or None, bids=queries.bids_seen_by(request.member, row))
    standing, seen = standing_of(row), seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.award(row, **form.cleaned_data, seen=seen, by=request.member)
    ):
        messages.success(request, _("The tender is awarded. Next: lock the order into a contract."))
        return redirect("tender", pk)
    return render(
        request,
        "tenders/award.html",
        {
            "form": form,
            "tender": row,
            "standing": standing.ranks,
            "why_not": why_not,
        }
        | shown_in(request, form, standing),
    )
