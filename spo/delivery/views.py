"""Real-time: deliveries are claimed, confirmed by the provider, and progress is live."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from spo.contracts.queries import contracts_seen_by, whole_terms
from spo.delivery import actions, queries
from spo.delivery.forms import ClaimForm, ConfirmForm, CorrectForm, DisputeForm, WithdrawForm
from spo.delivery.models import Decision, Delivery
from spo.delivery.rules import why_not_claim, why_not_decide, why_not_withdraw
from territories.access import everyone, member
from territories.forms import accepted, form_page
from territories.models import Membership
from territories.pages.charts.drawn import bullets
from territories.pages.lists import ListFilter, listing
from territories.pages.numbers import number, pounds
from territories.pages.tables import Table, numbers, words
from territories.pages.timeline import Entry
from territories.pages.times import day
from territories.papers.files import download
from territories.papers.sheets import as_csv
from territories.papers.uploads import CONTENT_TYPES
from territories.shown import seen_in
from territories.stream import listen

Role = Membership.Role


@member()
def progress(request, pk):
    """A contract's progress: the fragment that its page loads, and loads again when it hears its name.

    Who can only look at it gets what all of them get, made once for hundreds; who acts gets it with what it can do.
    """
    contract = get_object_or_404(contracts_seen_by(request.member), pk=pk)
    last, today = queries.progress_of(contract), timezone.localdate()

    def reading(asked=None):
        told = told_of(contract, last, today, request.member)
        return render_to_string("delivery/_progress.html", told, asked)

    if request.member.role in {Role.SUPPLIER, Role.PROVIDER}:
        part = reading(request)
    else:
        part = queries.shared(f"reading-{get_language()}", contract, last, today, reading)
    return render(
        request,
        "delivery/progress.html",
        {"contract": contract, "part": part, "whole_page": not request.htmx},
    )


def told_of(contract, last, today, reader) -> dict:
    """What the fragment says of a contract, and what its reader can do to each delivery."""
    terms = queries.shared_terms(contract, last, today)
    deliveries = list(queries.deliveries_seen_by(reader).filter(term__contract=contract)[:20])
    for row in deliveries:
        for verb in ("confirm", "dispute", "correct"):
            setattr(row, f"may_{verb}", not why_not_decide(row, verb, reader))
        row.told = [told(entry, row) for entry in row.decisions.all()]
        row.is_corrected = any(entry.verb == "correct" for entry in row.decisions.all())
        row.may_withdraw = not why_not_withdraw(row, reader)
    chart = bullets(
        f"pace-{contract.pk}",
        [
            (f"{t.term.number}. {t.term}", t.confirmed, t.due, t.term.quantity, t.term.support_type.unit_name)
            for t in terms
        ],
        title=_("Confirmed deliveries of each commitment against plan"),
    )
    return {
        "contract": contract,
        "progress": last,
        "table": against_plan(terms),
        "deliveries": deliveries,
        "chart": chart,
        "why_not_claim": why_not_claim(contract, reader),
        "is_supplier": reader.role == Role.SUPPLIER,
    }


def against_plan(terms: list[queries.TermProgress]) -> Table:
    """The chart's numbers, each commitment in its own unit."""
    head = [
        *words(_("Commitment")),
        *numbers(_("Promised"), _("Due by today"), _("Confirmed"), _("Claimed, not confirmed")),
        *words(_("Plan")),
    ]
    rows = [
        [
            f"{one.term.number}. {one.term}",
            *map(number, (one.term.quantity, one.due, one.confirmed, one.claimed)),
            _("On plan") if one.on_track else _("Behind plan"),
        ]
        for one in terms
    ]
    return Table(_("Confirmed deliveries of each commitment against plan"), head, rows, silent=True)


def told(entry: Decision, delivery: Delivery) -> Entry:
    """An entry of the ledger in words: what was decided, and how much counts from then on."""
    what = entry.get_verb_display()
    if entry.quantity:
        sign = "+" if entry.adds else ""
        unit = delivery.term.support_type.unit_name
        what = f"{what}: {sign}{number(entry.quantity)} {unit}, {pounds(entry.donor_cost)}"
    return Entry(what, entry.signatory, entry.decided_at, entry.words)


@member()
def progress_live(request, pk):
    get_object_or_404(contracts_seen_by(request.member), pk=pk)
    return listen(request, f"contract-{pk}")


@everyone
def public_progress(request):
    """For residents, on the territory's first page: what was promised and what has come."""
    return render(request, "delivery/public_progress.html", {"rows": queries.public_progress()})


@member()
def deliveries(request):
    chooser = ListFilter(request.GET, statuses=Delivery.Status.choices)
    rows = queries.delivery_list(request.member, **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [
            _("Reference"),
            _("Contract"),
            _("Provider"),
            _("Support"),
            _("Quantity"),
            _("Cost, £"),
            _("Day"),
            _("Status"),
            _("Confirmed quantity"),
            _("Confirmed cost, £"),
        ]
        return as_csv(
            "deliveries",
            header,
            (
                [
                    d.reference,
                    d.term.contract.reference,
                    d.term.provider,
                    d.term.support_type,
                    d.quantity,
                    d.donor_cost,
                    d.delivered_on,
                    d.state.label,
                    d.confirmed,
                    d.confirmed_cost,
                ]
                for d in rows
            ),
        )
    return render(request, "delivery/deliveries.html", listing(request, rows, chooser))


@member("supplier")
def claim(request, pk):
    contract = get_object_or_404(contracts_seen_by(request.member), pk=pk)
    form = ClaimForm(
        request.POST or None, request.FILES or None, terms=whole_terms().filter(contract=contract)
    )
    if request.POST and accepted(form, lambda: actions.claim(**form.cleaned_data, by=request.member)):
        messages.success(request, _("Claimed. The provider is asked to confirm it."))
        return redirect("contract", pk)
    if request.method == "GET" and (reason := why_not_claim(contract, request.member)):
        messages.error(request, reason)
        return redirect("contract", pk)
    return form_page(
        request,
        form,
        _("Claim a delivery"),
        _("Claim this delivery"),
        back=contract,
        intro=_("It counts once the provider has confirmed it."),
    )


@member("provider")
def confirm(request, pk):
    """All of it by one button; a part of it by a form."""
    row = seen(request, pk)
    if request.method == "GET" and (reason := why_not_decide(row, "confirm", request.member)):
        return over(request, row, reason)
    typed = request.POST if "quantity" in request.POST else None
    form = ConfirmForm(typed, delivery=row, initial={"quantity": row.quantity})
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        given = form.cleaned_data if form.is_bound else {}
        act = partial(actions.confirm, row, **given, seen=seen_in(request.POST).version, by=request.member)
        if done := accepted(form, act) if form.is_bound else act():
            messages.success(
                request, _("You confirmed delivery %(reference)s.") % {"reference": done.reference}
            )
            return redirect("contract", done.term.contract_id)
    return form_page(
        request,
        form,
        _("Confirm a part of delivery %(reference)s") % {"reference": row.reference},
        _("Confirm this part"),
        back=row,
        intro=claimed_in_words(row),
        about=row,
    )


@member("provider")
def dispute(request, pk):
    row = seen(request, pk)
    if request.method == "GET" and (reason := why_not_decide(row, "dispute", request.member)):
        return over(request, row, reason)
    form = DisputeForm(request.POST or None)
    version = seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.dispute(row, what=form.cleaned_data["what"], seen=version, by=request.member)
    ):
        messages.success(request, _("The supplier is told what is wrong."))
        return redirect("contract", row.term.contract_id)
    return form_page(
        request,
        form,
        _("Dispute delivery %(reference)s") % {"reference": row.reference},
        _("Dispute this delivery"),
        back=row,
        intro=claimed_in_words(row),
        about=row,
    )


@member("provider")
def correct(request, pk):
    row = seen(request, pk)
    if request.method == "GET" and (reason := why_not_decide(row, "correct", request.member)):
        return over(request, row, reason)
    form = CorrectForm(request.POST or None, delivery=row)
    version = seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.correct(row, **form.cleaned_data, seen=version, by=request.member)
    ):
        messages.success(request, _("Corrected. What was confirmed before stays on record."))
        return redirect("contract", row.term.contract_id)
    return form_page(
        request,
        form,
        _("Correct delivery %(reference)s") % {"reference": row.reference},
        _("Correct it"),
        back=row,
        intro=confirmed_in_words(row),
        about=row,
    )


@member("supplier")
def withdraw(request, pk):
    row = seen(request, pk)
    if request.method == "GET" and (reason := why_not_withdraw(row, request.member)):
        return over(request, row, reason)
    form = WithdrawForm(request.POST or None)
    version = seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.withdraw(row, **form.cleaned_data, seen=version, by=request.member)
    ):
        messages.success(request, _("The claim is withdrawn. What it claimed can be claimed again."))
        return redirect("contract", row.term.contract_id)
    return form_page(
        request,
        form,
        _("Withdraw the claim of delivery %(reference)s") % {"reference": row.reference},
        _("Withdraw it"),
        back=row,
        intro=claimed_in_words(row),
        about=row,
    )


def claimed_in_words(row: Delivery) -> SafeString:
    """Which delivery it is: amount, kind, day, cost, what was said of it, and a link to its evidence."""
    words = _("%(what)s, on %(day)s, at a cost of %(cost)s: %(note)s") % {
        "what": f"{number(row.quantity)} {row.term.support_type.unit_name}, {row.term.support_type}",
        "day": day(row.delivered_on),
        "cost": pounds(row.donor_cost),
        "note": row.note,
    }
    link = '{} <a class="govuk-link" href="{}" download>{}</a>'
    return format_html(link, words, reverse("evidence", args=[row.pk]), _("Evidence"))


def confirmed_in_words(row: Delivery) -> SafeString:
    """The same, and what of it counts so far."""
    words = _("You confirmed %(quantity)s %(unit)s.") % {
        "quantity": number(row.confirmed),
        "unit": row.term.support_type.unit_name,
    }
    return format_html("{} {}", words, claimed_in_words(row))


def over(request, row: Delivery, reason: str):
    """Words in place of a form that could only be refused."""
    return render(
        request, "delivery/over.html", {"delivery": row, "reason": reason, "what": claimed_in_words(row)}
    )


@member()
def evidence(request, pk):
    """The file that was claimed with, and no other."""
    row = seen(request, pk)
    name, kind = f"{row.reference}{row.evidence_suffix}", CONTENT_TYPES[row.evidence_suffix]
    return download(row.evidence.name, row.evidence_digest, name=name, kind=kind)


def seen(request, pk):
    """The delivery as this member may see it, or 404."""
    return get_object_or_404(queries.deliveries_seen_by(request.member), pk=pk)
