"""From a form to an action and back: refused acts become errors on the form, and nothing typed is lost."""

from datetime import date, time

from django import forms
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from territories.pages.differences import differences
from territories.pages.fields import MoneyField
from territories.pages.numbers import number, pounds
from territories.pages.plain import plain_address, plain_name
from territories.pages.times import day
from territories.papers.digest import digest_of
from territories.refusal import Refused, Stale
from territories.shown import FIELD, carried, facts_of, seen_in


class Address(forms.EmailField):
    """An e-mail address in plain letters; lower case."""

    def clean(self, value):
        email = super().clean(value)
        return plain_address(email) if email else email


class Name(forms.CharField):
    """What a person or an organisation is called: one line that leads nowhere."""

    default_validators = [plain_name]


class VersionedForm(forms.Form):
    """A form for a row that several people may have open; give `row` on an edit.

    It carries the version that was read, and what each field said then. When the row was saved in between, both texts
    are shown and saving again keeps one's own. A form whose fields aren't the row's own says in `facts_of` what they are.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, row=None, **kwargs):
        if row is not None:
            facts = self.facts_of(row)
            kwargs["initial"] = facts | {"version": row.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if row is not None:
            self.initial["opened"] = " ".join(self.marks(facts).values())

    @classmethod
    def facts_of(cls, row) -> dict:
        """What each field would say of the row as it stands."""
        return {name: getattr(row, name) for name in cls.base_fields if name not in CARRIED}

    def clean(self):
        facts = super().clean()
        facts.pop("opened", None)
        return facts

    def marks(self, facts: dict) -> dict[str, str]:
        """A short mark of what each field says, by which it is known again."""
        return {
            name: digest_of({name: str(field.prepare_value(facts[name]))})[:12]
            for name, field in self.fields.items()
            if name not in CARRIED
        }

    def show_theirs(self, current) -> None:
        """Beside each field that differs, what was saved meanwhile; not where that is as it was when the form was opened."""
        theirs, mine = self.facts_of(current), dict(self.cleaned_data)
        marks, opened = self.marks(theirs), set(self.data.get(self.add_prefix("opened"), "").split())
        self.data = self.data.copy()
        self.data["version"], self.data["opened"] = str(current.version), " ".join(marks.values())
        self.add_error(
            None,
            _(
                "This was saved while you were writing, by someone else or by you in another tab. Your text is still here, "
                "with what was saved beside it. Save again to keep yours."
            ),
        )
        for name, mark in marks.items():
            if mark not in opened and theirs[name] != mine[name]:
                words = in_words(self.fields[name], theirs[name])
                self.add_error(name, _("Saved meanwhile: %(theirs)s") % {"theirs": words})


CARRIED = ("version", "opened")


def in_words(field: forms.Field, value) -> str:
    """A field's value as pages say it: "3 March 2027", "£1,200.50", the words of a choice, "nothing"."""
    if value in (None, ""):
        return _("nothing")
    if isinstance(field, MoneyField):
        return pounds(value)
    if isinstance(field, forms.DecimalField):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    choices = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}
    return str(choices.get(value, value))


def accepted(form: forms.Form, act, *args, **kwargs):
    """What the action returns, or None with the reason of its refusal on the form."""
    if not form.is_valid():
        return None
    try:
        return act(*args, **kwargs)
    except Stale as stale:
        if isinstance(form, VersionedForm):
            form.show_theirs(stale.current)
        else:
            form.stale = stale
            form.add_error(None, f"{stale.reason} {_('Read what it says now, then send it again.')}")
    except Refused as refused:
        form.add_error(None, refused.reason)
    return None


def form_page(request, form, heading, submit, *, back, intro="", warning="", about=None):
    """One question, or a few that belong together.

    `back` is the thing whose page the way back leads to, or the name of a page; `about` the row that it acts on.
    """
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": heading,
            "submit": submit,
            "back": resolve_url(back),
            "intro": intro,
            "warning": warning,
        }
        | shown_in(request, form, about),
    )


def shown_in(request, form, about) -> dict:
    """`seen`, for the form's hidden field, and `changes` where it changed since the form was opened.

    What was posted stays what was seen, whatever else has to be mended in the form, until a change has been shown.
    """
    if about is None:
        return {}
    if stale := getattr(form, "stale", None):
        facts = facts_of(stale.current)
        changes = differences(seen_in(request.POST).facts, facts, stale.current)
        return {"seen": carried(stale.current), "changes": changes}
    return {"seen": request.POST.get(FIELD) or carried(about)}
