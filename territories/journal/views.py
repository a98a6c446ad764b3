"""The journal as its readers see it: in a territory about its things, on the public site about its people."""

import json

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.access import member, member_of
from territories.journal.concern import concerns_here, entries_told_to
from territories.journal.models import Entry
from territories.journal.seals import last_seal
from territories.journal.words import VERBS
from territories.models import Membership, Organisation, User
from territories.pages.lists import ListFilter, listing
from territories.papers.sheets import as_csv

# Done by people who have no account yet.
APPLICANTS = {"apply", "confirm", "change", "send link"}


class JournalFilter(ListFilter):
    """By what was done, the kind of thing, and one thing."""

    words = status = None  # type: ignore[assignment]
    verb = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Kind of thing"), required=False)
    key = forms.CharField(
        label=gettext_lazy("One thing"), required=False, max_length=40, widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        any_one = [("", _("Any"))]
        kinds = sorted((str(kind_of(label)), label) for label in concerns_here())
        self.fields["verb"].choices = [*any_one, *sorted(VERBS.items(), key=lambda pair: str(pair[1]))]
        self.fields["subject"].choices = [*any_one, *((label, kind) for kind, label in kinds)]


@member()
def journal(request):
    """What was done in a territory, as far as the reader may see the things that it was done to."""
    return _page(request, _("Journal"))


@member_of()
def journal_of_people(request):
    """Who asked to join, was let in, invited, came and left; for leads of the whole territory."""
    return _page(request, _("Journal of people and organisations"))


def _page(request, heading: str):
    chooser = JournalFilter(request.GET)
    rows = entries_told_to(request.member)
    names = {"verb": "verb", "subject": "subject", "key": "subject_id"}
    rows = rows.filter(**{names[name]: value for name, value in chooser.chosen.items()})
    if request.GET.get("format") == "csv":
        return _as_csv(rows, numbered=_leads(request.member))
    context = listing(request, rows, chooser)
    context |= {
        "heading": heading,
        "lines": told(context["page"].object_list),
        "place": None if request.territory else request.member.territory,
        "numbered": _leads(request.member),
        "seal": last_seal() if _leads(request.member) else None,
    }
    return render(request, "journal/journal.html", context)


def _leads(member: Membership) -> bool:
    """A line's number tells how much others do: it is for those who keep the seals."""
    return member.role == Membership.Role.LEAD


def told(entries: list[Entry]) -> list[dict]:
    """Entries with the names behind their numbers: a statement for people, one for organisations, one for each kind."""
    people = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    houses = Organisation.objects.in_bulk(
        {entry.organisation_id for entry in entries if entry.organisation_id}
    )
    things = named(entries)
    return [
        {
            "entry": entry,
            "thing": things.get((entry.subject, entry.subject_id), ""),
            "who": people.get(entry.actor_id)
            or (_("The applicant") if entry.verb in APPLICANTS else _("DICM itself")),
            "organisation": houses.get(entry.organisation_id, ""),
            "verb": VERBS.get(entry.verb, entry.verb),
            "kind": kind_of(entry.subject),
            "url": _url_of(entry),
            "facts": _facts(entry),
        }
        for entry in entries
    ]


def named(entries: list[Entry]) -> dict[tuple[str, str], str]:
    """What the things are called now that entries are about."""
    keys: dict[str, set[str]] = {}
    for entry in entries:
        if entry.subject_id and entry.subject in concerns_here():
            keys.setdefault(entry.subject, set()).add(entry.subject_id)
    return {
        (label, key): name
        for label, some in keys.items()
        for key, name in concerns_here()[label].named(some).items()
    }


def kind_of(label: str):
    """What a subject is called on the pages."""
    one = concerns_here().get(label)
    return one.name if one else label.rpartition(".")[2]


def _url_of(entry: Entry) -> str:
    one = concerns_here().get(entry.subject)
    return reverse(one.page, args=[entry.subject_id]) if one and one.page else ""


def _facts(entry: Entry) -> list[tuple[str, object, object]]:
    names = dict.fromkeys([*entry.before, *entry.after])
    return [(name, entry.before.get(name, ""), entry.after.get(name, "")) for name in names]


def _as_csv(rows, *, numbered: bool):
    header = [
        _("When"), _("Who"), _("Organisation"), _("Role"), _("What was done"), _("Kind of thing"),
        _("Thing"), _("Key"), _("Before"), _("After"), _("Request"),
        *([_("Number"), _("Digest")] if numbered else []),
    ]  # fmt: skip
    lines = told(list(rows))
    return as_csv(
        "journal",
        header,
        (
            [
                entry.at.isoformat(), line["who"], line["organisation"], entry.role, line["verb"],
                line["kind"], line["thing"], entry.subject_id, _as_json(entry.before), _as_json(entry.after),
                entry.request_id, *([entry.seq, entry.digest] if numbered else []),
            ]
            for line in lines
            for entry in [line["entry"]]
        ),
    )  # fmt: skip


def _as_json(facts: dict) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""
