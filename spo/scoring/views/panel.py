"""Who scores: seats and declarations."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from spo.scoring import actions
from spo.scoring.forms import DeclarationForm, PanelForm
from spo.scoring.queries.panel import seats_run_by
from spo.scoring.rules.panel import (
    why_not_declare,
)
from spo.tenders.interests import last_declaration
from spo.tenders.models import Declaration
from spo.tenders.views import found, run_by_me
from territories.access import member
from territories.forms import accepted, form_page
from territories.pages.times import moment
from territories.shown import carried, seen_in


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
    seat = get_object_or_404(seats_run_by(request.member), pk=pk)
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


@member("evaluator", "buyer", strong=True)
def declaration(request, pk):
    """Whoever scores, chairs or awards declares their interests; again, if they change."""
    row = found(request, pk)
    if why_not_declare(row, request.member):
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
