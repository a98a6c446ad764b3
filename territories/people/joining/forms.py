"""What organisations say when they ask to join."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from territories import identifiers
from territories.forms import Address, Name
from territories.models import Application, Organisation, Territory
from territories.pages.fields import Radios, Words
from territories.pages.lists import ListFilter
from territories.people.joining.rules import why_not_named, why_not_own

DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class NamedForm(forms.Form):
    """An organisation by its name: where another one has it, a box appears to say that this one is not that."""

    another = forms.BooleanField(
        label=_("Ours is another organisation of the same name"),
        required=False,
        help_text=_("The leads of the territory look at both before they answer."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["another"]

    def clean_names(self, typed: dict, numbers: list[list[str]]) -> None:
        name, another = typed.get("name", ""), typed.get("another", False)
        if reason := why_not_named(name, numbers, another):
            self.add_error("name", reason)
        elif not another:
            del self.fields["another"]


class ApplicationForm(NamedForm):
    """An organisation, its numbers and why; `user` is the signed-in person who asks, `row` what is changed."""

    territory = forms.ModelChoiceField(Territory.objects.filter(valid_to=None), label=_("Territory"))
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=Organisation.Kind, widget=forms.RadioSelect
    )
    name = Name(label=_("Name of the organisation"), max_length=160)
    scheme = forms.ChoiceField(label=_("Register"), choices=identifiers.SCHEMES)
    number = forms.CharField(
        label=_("Number in that register"),
        max_length=40,
        help_text=_("If DICM knows your organisation by this number, it is not registered a second time."),
    )
    second_scheme = forms.ChoiceField(
        label=_("A second register"), choices=[("", "–"), *identifiers.SCHEMES], required=False
    )
    second_number = forms.CharField(label=_("Number in the second register"), max_length=40, required=False)
    reason = Words(label=_("Why do you want to take part?"), max_length=1000)
    person = Name(label=_("Your name"), max_length=120)
    email = Address(
        label=_("Your e-mail address"),
        help_text=_("We send a link to it. Use your address at the organisation if you have one."),
    )

    field_order = ("territory", "kind", "name", "another")

    def __init__(self, *args, user=None, row: Application | None = None, **kwargs):
        if row:
            kwargs["initial"] = _typed(row)
        super().__init__(*args, **kwargs)
        self.user = user
        if row:
            del self.fields["territory"]
        if row or user:
            del self.fields["person"], self.fields["email"]

    def clean(self):
        typed = super().clean()
        numbers = [
            self._number(typed, "scheme", "number"),
            self._number(typed, "second_scheme", "second_number"),
        ]
        self.numbers = [list(number) for number in dict.fromkeys(numbers) if number]
        self.clean_names(typed, self.numbers)
        return typed

    def _number(self, typed: dict, scheme_field: str, number_field: str) -> tuple[str, str] | None:
        scheme, number = typed.get(scheme_field), typed.get(number_field)
        if number and not scheme and scheme_field not in self.errors:
            self.add_error(scheme_field, _("Choose the register that the number is from."))
        if scheme and not number and number_field not in self.errors:
            self.add_error(number_field, _("Write the number in this register, or choose no register."))
        if not (scheme and number):
            return None
        try:
            return scheme, identifiers.normalised(scheme, number)
        except ValueError as wrong:
            self.add_error(number_field, str(wrong))
            return None

    @property
    def facts(self) -> dict:
        """What an action takes."""
        kept = ("territory", "kind", "name", "another", "reason", "person", "email")
        typed = {name: self.cleaned_data[name] for name in kept if name in self.fields}
        if self.user:
            typed |= {"person": self.user.name, "email": self.user.email}
        return typed | {"numbers": self.numbers}


class AnswerForm(forms.Form):
    """What a lead says to an applicant."""

    answer = Words(max_length=1000)

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = label
        self.fields["answer"].help_text = _("The applicant gets these words by e-mail.")


class WelcomeForm(forms.Form):
    """Whom a territory lets in at once."""

    automatic = forms.TypedChoiceField(
        label=_("Let people with a known address in at once?"),
        choices=[("on", _("Yes")), ("off", _("No, leads decide on every application"))],
        coerce=lambda value: value == "on",
        widget=Radios,
    )
    domains = forms.CharField(
        label=_("Further domains of your own"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, such as oxfordshire-charities.org.uk."),
    )

    def clean_domains(self) -> list[str]:
        typed = self.cleaned_data["domains"].lower().replace("@", " ").replace(",", " ").split()
        wrong = next((domain for domain in typed if not DOMAIN.fullmatch(domain)), None)
        if wrong:
            raise forms.ValidationError(_("“%(domain)s” is not a domain."), params={"domain": wrong})
        if reason := why_not_own(typed):
            raise forms.ValidationError(reason)
        return sorted(set(typed))


class ApplicationFilter(ListFilter):
    """By words and state."""


def _typed(row: Application) -> dict:
    facts = {name: getattr(row, name) for name in ("kind", "name", "reason")}
    for place, (scheme, number) in zip(("", "second_"), row.numbers, strict=False):
        facts |= {f"{place}scheme": scheme, f"{place}number": number}
    return facts
