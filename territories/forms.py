"""From a form to an action and back: refused acts become errors on the form, and nothing typed is lost."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _

from territories.differences import differences
from territories.plain import plain_address, plain_name
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

    It carries the version that was read. When someone saved in between, both texts are shown and
    saving again keeps one's own.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, row=None, **kwargs):
        if row is not None:
            fields = [name for name in self.base_fields if name != "version"]
            initial = {name: getattr(row, name) for name in fields if hasattr(row, name)}
            kwargs["initial"] = initial | {"version": row.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def show_theirs(self, current) -> None:
        """Beside each field that differs, what the other person saved."""
        self.data = self.data.copy()
        self.data["version"] = str(current.version)
        self.add_error(
            None,
            _(
                "Someone else saved this while you were writing. Your text is still here, with theirs beside it. "
                "Save again to keep yours."
            ),
        )
        for name, mine in list(self.cleaned_data.items()):
            theirs = getattr(current, name, mine)
            if name != "version" and name in self.fields and theirs != mine:
                self.add_error(name, _("They saved: %(theirs)s") % {"theirs": theirs})


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
    """One question, or a few that belong together, with a way back; `about` is the row that it acts on."""
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": heading,
            "submit": submit,
            "back": back,
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
