"""Organisations ask to join a territory on the public site, and its leads answer."""

from datetime import datetime

from allauth.decorators import rate_limit
from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from territories.access import everyone, member_of
from territories.forms import accepted, form_page
from territories.models import Application, Membership, Territory
from territories.pages.lists import listing
from territories.pages.timeline import Entry
from territories.papers.sheets import as_csv
from territories.people.joining import actions, queries
from territories.people.joining.flows import APPLICATION
from territories.people.joining.forms import AnswerForm, ApplicationFilter, ApplicationForm, WelcomeForm
from territories.people.joining.rules import (
    first_role,
    namesakes,
    welcome_of,
    why_not_approve,
    why_not_at_once,
    why_not_decide,
)
from territories.shown import seen_in

Status = Application.Status
LINK_SECONDS = 7 * 24 * 3600


# ---- the applicant ----


@everyone
@never_cache
@rate_limit(action="join")
def join(request):
    """Ask for one's organisation to be let into a territory."""
    user = request.user if request.user.is_authenticated else None
    form = ApplicationForm(request.POST or None, user=user, initial=_wanted(request))
    if request.POST and (row := accepted(form, lambda: actions.apply(**form.facts, user=user))):
        _remember(request, row)
        return redirect("application", row.reference)
    mine = queries.applications_of(user) if user else []
    return render(request, "people/joining/join.html", {"form": form, "mine": mine})


@everyone
@never_cache
def application_link(request, token):
    """The link in every letter to the applicant: it confirms their address and leads to their page."""
    row, fresh = _linked(token)
    if request.method == "POST" and not fresh:
        actions.send_link(row)
        messages.success(request, _("We have sent a new link to the same address."))
        return redirect("application_link", token)
    if request.method == "POST":
        row = actions.confirm(row)
        _remember(request, row)
        return redirect("application", row.reference)
    if fresh and row.confirmed_at:
        _remember(request, row)
        return redirect("application", row.reference)
    return render(request, "people/joining/link.html", {"application": row, "fresh": fresh})


@everyone
@never_cache
def application(request, reference):
    """How one's own application stands."""
    row = _own(request, reference)
    context = {
        "application": row,
        "stands": how_it_stands(row),
        "told": told(row),
        "approved": row.status == Status.APPROVED,
        "may_change": APPLICATION.why_not(row.status, "change") is None,
    }
    return render(request, "people/joining/application.html", context)


def told(row: Application) -> list[Entry]:
    """What leads have said to it, the first first."""
    verbs = {"return": _("Returned for changes"), "refuse": _("Refused")}
    return [
        Entry(
            verbs[answer["verb"]],
            f"{answer['person']}, {answer['on_behalf_of']}",
            datetime.fromisoformat(answer["at"]),
            answer["words"],
        )
        for answer in row.said
    ]


def how_it_stands(row: Application) -> str:
    """The applicant's next step, or whose it is; nothing where it was refused, which its answer says."""
    match row.status:
        case Status.UNCONFIRMED:
            return _(
                "We have sent a link to %(email)s. Follow it within 7 days: then the leads of the territory see "
                "your application."
            ) % {"email": row.email}
        case Status.WAITING:
            return _(
                "The leads of the territory have been told. We write to you as soon as they have answered."
            )
        case Status.RETURNED:
            return _("The leads of the territory ask you to change something.")
        case Status.APPROVED:
            words = _("Your organisation takes part. Your role: %(role)s.") % {
                "role": row.membership.role_name
            }
            return f"{words} {row.membership.may}"
    return ""


@everyone
@never_cache
def application_change(request, reference):
    """Change what the leads asked to be changed, and send it again."""
    row = _own(request, reference)
    if request.method == "GET" and (reason := APPLICATION.why_not(row.status, "change")):
        messages.error(request, reason)
        return redirect("application", reference)
    form, seen = ApplicationForm(request.POST or None, row=row), seen_in(request.POST).version
    if request.POST and accepted(form, lambda: actions.change(row, **form.facts, seen=seen)):
        messages.success(request, _("Sent again. The leads of the territory have been told."))
        return redirect("application", reference)
    return form_page(
        request,
        form,
        _("Change your application"),
        _("Send it again"),
        back=reverse("application", args=[reference]),
        warning=row.answer and _("To be changed: %(answer)s") % {"answer": row.answer},
        about=row,
    )


# ---- the leads ----


@member_of("lead")
def applications(request):
    """Everyone who asks to join the lead's territory, the longest waiting first."""
    chooser = ApplicationFilter(request.GET, statuses=_statuses())
    rows = queries.queue_of(queries.applications_at(request.member), **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Organisation"), _("Kind"), _("Person"), _("E-mail address"), _("Since"), _("Status")]
        return as_csv(
            "applications",
            header,
            ([a.name, a.get_kind_display(), a.person, a.email, a.confirmed_at, a.state.label] for a in rows),
        )
    context = _at(request) | listing(request, rows, chooser)
    return render(
        request,
        "people/joining/applications.html",
        context | {"named_twice": queries.named_twice(context["page"])},
    )


@member_of("lead")
def review(request, pk):
    """One application, and what can be answered."""
    row = _theirs(request, pk)
    return render(
        request,
        "people/joining/review.html",
        _at(request)
        | {
            "application": row,
            "known": queries.organisation_known(row),
            "namesakes": namesakes(row.name, row.numbers),
            "why_not_at_once": row.status == Application.Status.WAITING and why_not_at_once(row),
            "role": Membership.Role(first_role(row.kind, row.territory)).label,
            "why_not_approve": why_not_approve(row, request.member),
            "told": told(row),
            "approved": row.status == Status.APPROVED,
            "may_answer": why_not_decide(row, "refuse", request.member) is None,
        },
    )


@member_of("lead")
@require_POST
def approve(request, pk):
    row = _theirs(request, pk)
    row = actions.approve(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("%(name)s takes part now. We have told them by e-mail.") % {"name": row})
    return redirect("applications", request.member.territory.slug)


@member_of("lead")
def send_back(request, pk):
    return _answer(
        request,
        pk,
        "return",
        actions.send_back,
        _("Return the application for changes"),
        _("Return it"),
        _("What should change?"),
    )


@member_of("lead")
def refuse(request, pk):
    return _answer(
        request, pk, "refuse", actions.refuse, _("Refuse the application"), _("Refuse it"), _("Why?")
    )


@member_of("lead")
def welcome(request):
    """Read and change whom the territory lets in at once."""
    row = welcome_of(request.member.territory)
    initial = {"automatic": "on" if row.automatic else "off", "domains": "\n".join(row.domains)}
    form, seen = WelcomeForm(request.POST or None, initial=initial), seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.set_welcome(**form.cleaned_data, seen=seen, by=request.member)
    ):
        messages.success(request, _("Saved."))
        return redirect("applications", request.member.territory.slug)
    return form_page(
        request,
        form,
        _("Who is let in at once"),
        _("Save"),
        back=reverse("applications", args=[request.member.territory.slug]),
        intro=_(
            "Let in without waiting: your own police force, and a university that gives its number in a register, each by "
            "somebody with an address at its own domain. At a domain that you name here, any organisation is. "
            "Nobody is whose name or number is another's, or who has no public number."
        ),
        about=row,
    )


def _answer(request, pk, verb, act, heading, submit, label):
    """Say something to an applicant, which changes the state of the application."""
    row, form = _theirs(request, pk), AnswerForm(request.POST or None, label=label)
    back = reverse("application_review", args=[request.member.territory.slug, pk])
    if request.method == "GET" and (reason := why_not_decide(row, verb, request.member)):
        messages.error(request, reason)
        return redirect(back)
    seen = seen_in(request.POST).version
    if request.POST and accepted(form, lambda: act(row, **form.cleaned_data, seen=seen, by=request.member)):
        messages.success(request, _("Answered. We have told them by e-mail."))
        return redirect("applications", request.member.territory.slug)
    return form_page(request, form, heading, submit, back=back, intro=f"{row.name}, {row.person}", about=row)


def _theirs(request, pk) -> Application:
    """The application if it is to this lead's territory, or 404."""
    return get_object_or_404(queries.applications_at(request.member), pk=pk)


def _at(request) -> dict:
    """What pages about a territory on the public site say about where they are."""
    return {"place": request.member.territory}


def _statuses() -> list:
    return [choice for choice in Application.Status.choices if choice[0] != Application.Status.UNCONFIRMED]


def _wanted(request) -> dict:
    """The territory that the reader comes from."""
    return {"territory": Territory.objects.filter(slug=slugify(request.GET.get("territory", ""))).first()}


def _remember(request, row: Application) -> None:
    """This browser has shown that the application is its reader's."""
    request.session["applications"] = [*request.session.get("applications", []), row.reference][-20:]


def _own(request, reference) -> Application:
    """The application, for whoever made it in this browser, followed its link, or is signed in as the applicant."""
    row = get_object_or_404(
        Application.objects.select_related("territory", "membership__participation__organisation"),
        reference=reference,
    )
    signed_in = request.user.is_authenticated and request.user.email == row.email
    if not signed_in and reference not in request.session.get("applications", []):
        raise Http404
    return row


def _linked(token) -> tuple[Application, bool]:
    """The application that a signed link names, and whether the link is fresh; 404 for a forged one."""
    rows = Application.objects.select_related("territory")
    try:
        return get_object_or_404(rows, pk=signing.loads(token, salt=actions.SALT, max_age=LINK_SECONDS)), True
    except signing.SignatureExpired:
        return get_object_or_404(rows, pk=signing.loads(token, salt=actions.SALT)), False
    except signing.BadSignature:
        raise Http404 from None
