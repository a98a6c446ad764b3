"""Whom one invites, and what a new person says."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from territories.forms import Address, Name
from territories.models import Membership, Participation, User
from territories.pages.fields import Radios
from territories.pages.lists import ListFilter
from territories.people.parts.rules import roles_to_give


class OrganisationOf(forms.ModelChoiceField):
    def label_from_instance(self, participation) -> str:
        return participation.organisation.name


class InvitationForm(forms.Form):
    """Who, for which organisation, in which role: of these only what is the inviting person's to give."""

    participation = OrganisationOf(Participation.objects.none(), label=_("Organisation"))
    role = forms.ChoiceField(label=_("Role"), widget=Radios)
    email = Address(
        label=_("E-mail address of the person"), help_text=_("They get a link that works once, for a week.")
    )

    def __init__(self, *args, by: Membership, participations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participation"].queryset = participations
        choices = list(participations)
        mine = set().union(*(roles_to_give(by, participation) for participation in choices))
        roles = [role for role in Membership.Role if role in mine]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        self.fields["role"].widget.hints = {role.value: Membership.MAY[role] for role in roles}
        if len(choices) == 1:
            self.fields["participation"].initial = choices[0]
            self.fields["participation"].widget = forms.HiddenInput()


class NewPersonForm(forms.Form):
    """Someone who has no account yet; `email` is the invited address, which a password must not resemble."""

    name = Name(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three words that have nothing to do with you are good."),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class HandOverForm(forms.Form):
    """Which colleague plays the part from now on."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Who takes it over?"), widget=Radios, empty_label=None
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = candidates


class PeopleFilter(ListFilter):
    """By words and role."""

    status = None  # type: ignore[assignment]
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("Any")), *Membership.Role.choices]
    )
