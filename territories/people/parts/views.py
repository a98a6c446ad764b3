"""The people of a territory: who plays which part, who is invited, who leaves.

On the public site, where memberships can be written; a territory's own role can only read them.
"""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from territories.access import everyone, member, member_of, to_sign_in
from territories.forms import accepted, form_page
from territories.models import Invitation, Membership, User
from territories.pages.lists import listing
from territories.papers.sheets import as_csv
from territories.people.joining.queries import applications_waiting
from territories.people.parts import actions, queries
from territories.people.parts.forms import HandOverForm, InvitationForm, NewPersonForm, PeopleFilter
from territories.people.parts.rules import (
    may_invite_to,
    successors,
    what_follows,
    whose,
    why_not_accept,
    why_not_decide_about,
    why_not_end,
    why_not_revoke,
)
from territories.post import address


@member()
def people_here(request):
    """From a territory's own site to the page on the public one."""
    return redirect(address("people", request.territory.slug))


@member_of()
def people(request):
    """Who plays which part in one's organisation; for leads, in the whole territory."""
    chooser = PeopleFilter(request.GET)
    rows = queries.matching(queries.people_seen_by(request.member), **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Organisation"), _("Name"), _("E-mail address"), _("Role"), _("Since")]
        return as_csv(
            "people",
            header,
            ([part.organisation, part.user, part.user.email, part.role_name, part.since] for part in rows),
        )
    leads = request.member.role == Membership.Role.LEAD
    context = {
        "place": request.member.territory,
        "leads": leads,
        "waiting": applications_waiting(request.member) if leads else 0,
        "invitations": queries.open_invitations(request.member),
        "roles": [(role.label, Membership.MAY[role]) for role in Membership.Role],
    }
    return render(request, "people/parts/people.html", context | listing(request, rows, chooser))


@member_of()
@rate_limit(action="invite")
def invite(request):
    """Ask someone to play a part; `?organisation=` names one organisation of those that one may choose."""
    participations = may_invite_to(request.member)
    if (wanted := request.GET.get("organisation", "")).isdecimal():
        participations = participations.filter(organisation=int(wanted[:18]))
    if not participations:
        raise Http404
    form = InvitationForm(request.POST or None, by=request.member, participations=participations)
    if request.POST and accepted(form, lambda: actions.invite(**form.cleaned_data, by=request.member)):
        messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
        return redirect("people", request.member.territory.slug)
    return form_page(request, form, _("Invite someone"), _("Send the invitation"), back=_people_at(request))


@member_of()
@require_POST
def invitation_revoke(request, pk):
    rows = [row for row in queries.open_invitations(request.member) if row.pk == pk]
    if not rows or why_not_revoke(rows[0], request.member):
        raise Http404
    actions.revoke(rows[0], by=request.member)
    messages.success(request, _("The invitation is withdrawn. Its link does not work any more."))
    return redirect("people", request.member.territory.slug)


@member_of()
def part_end(request, pk):
    """Leave, or take someone's part away, after a question."""
    part = get_object_or_404(queries.people_seen_by(request.member), pk=pk)
    reason = why_not_end(part, request.member, actions.leads_at(part), actions.longest_in(part))
    own = part.user_id == request.user.pk
    if request.method == "POST":
        actions.end_part(part, by=request.member)
        messages.success(request, _("%(name)s does not play this part any more.") % {"name": part.user})
        return redirect("your_territories") if own else redirect("people", request.member.territory.slug)
    return render(
        request,
        "people/parts/end.html",
        {
            "part": part,
            "own": own,
            "why_not": reason,
            "follows": what_follows(part),
            "may_hand_over": successors(part).exists(),
            "back": _people_at(request),
        },
    )


@member_of()
def part_hand_over(request, pk):
    """Let a colleague of the same organisation play the part from now on."""
    part = get_object_or_404(queries.people_seen_by(request.member), pk=pk)
    reason = why_not_decide_about(part, request.member, actions.longest_in(part))
    if request.method == "GET" and reason:
        messages.error(request, reason)
        return redirect("people", request.member.territory.slug)
    form = HandOverForm(request.POST or None, candidates=successors(part))
    if request.POST and accepted(
        form, lambda: actions.hand_over(part, form.cleaned_data["to"], by=request.member)
    ):
        messages.success(
            request, _("%(to)s plays the part now. We have told them by e-mail.") % form.cleaned_data
        )
        own = part.user_id == request.user.pk
        return redirect("your_territories") if own else redirect("people", request.member.territory.slug)
    return form_page(
        request,
        form,
        _("Hand the part over"),
        _("Hand it over"),
        back=f"{_people_at(request)}{pk}/end/",
        intro=_("%(role)s, %(organisation)s: played by %(name)s until now.")
        % {"role": part.role_name, "organisation": part.organisation, "name": part.user},
    )


@everyone
@never_cache
def invitation(request, secret):
    """What the link in an invitation leads to."""
    row = queries.invitation_with(secret)
    if row is None:
        raise Http404
    user = request.user if request.user.is_authenticated else None
    known = whose(row.email)
    form = None if user or known else NewPersonForm(request.POST or None, email=row.email)
    if request.method == "POST" and known and not user:
        return to_sign_in(request)
    if request.method == "POST" and _accepted(row, user, form):
        messages.success(request, _("You take part now.") if user else _("Your account is made. Sign in."))
        return redirect("your_territories" if user else "account_login")
    context = {
        "invitation": row,
        "may": Membership.MAY[Membership.Role(row.role)],
        "form": form,
        "known": known,
        # Whoever has to sign in first is offered that instead of a reason.
        "why_not": why_not_accept(row, user or known),
    }
    return render(request, "people/parts/invitation.html", context)


def _accepted(row: Invitation, user: User | None, form) -> Membership | None:
    if form is None:
        return actions.accept(row, user=user)
    return accepted(form, lambda: actions.accept(row, **form.cleaned_data))


def _people_at(request) -> str:
    return reverse("people", args=[request.member.territory.slug])
