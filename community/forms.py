"""What people type about providers and activities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Impact, Need, Placed, Primary, Provider, Secondary
from community.rules import why_not_place
from territories import identifiers, postcodes
from territories.forms import Name, VersionedForm
from territories.models import SupportType
from territories.pages.fields import QuantityField, text
from territories.pages.lists import ListFilter
from territories.people.joining.forms import NamedForm
from territories.references import reference


class PlaceField(forms.CharField):
    """A postcode; cleans to the facts of `Placed`. Give the form's territory to `placed()`."""

    def clean(self, value):
        typed = super().clean(value)
        try:
            return postcodes.normalised(typed) if typed else ""
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


def placed(postcode: str, territory) -> dict:
    """The facts of `Placed` for a postcode of this territory; ValidationError with the reason otherwise."""
    if reason := why_not_place(postcode, territory):
        raise forms.ValidationError(reason)
    return Placed.facts_of(postcode)


class ProviderForm(NamedForm):
    name = Name(label=_("Name of the organisation"), max_length=160)
    scheme = forms.ChoiceField(label=_("Register"), choices=identifiers.SCHEMES, initial="GB-CHC")
    number = forms.CharField(
        label=_("Number in that register"),
        max_length=40,
        required=False,
        help_text=_("Leave it empty only where the group has no public number."),
    )
    about = text(Provider, "about", label=_("What the organisation does"))

    field_order = ("name", "another")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "another" in self.fields:
            self.fields["another"].label = _("This is another organisation of the same name")
            self.fields["another"].help_text = ""

    def clean(self):
        facts = super().clean()
        if facts.get("scheme") == "XI" and not facts.get("number"):
            facts["number"] = reference("XI")
        elif not facts.get("number") and "number" not in self.errors:
            self.add_error("number", _("Number in that register: this is needed"))
        if facts.get("scheme") and facts.get("number"):
            try:
                facts["number"] = identifiers.normalised(facts["scheme"], facts["number"])
            except ValueError as wrong:
                self.add_error("number", str(wrong))
        self.clean_names(facts, [[facts.get("scheme", ""), facts.get("number", "")]])
        return facts


class IntroductionForm(forms.Form):
    """What a provider that joined by itself says about itself."""

    about = text(
        Provider,
        "about",
        label=_("What your organisation does"),
        help_text=_("Suppliers and residents read it."),
    )


class ActivityForm(VersionedForm):
    """What an activity is; `territory` decides which postcodes are inside."""

    provider = forms.ModelChoiceField(Provider.objects.none(), label=_("Provider"))
    title = text(Activity, "title", label=_("Name of the activity"))
    what = text(
        Activity,
        "what",
        label=_("What it does"),
        help_text=_("Two or three paragraphs that a resident understands."),
    )
    who = text(
        Activity,
        "who",
        label=_("Who it is for"),
        help_text=_("A group, such as “young people aged 11 to 17”. Never name a person."),
    )
    postcode = PlaceField(
        label=_("Postcode of the place"), help_text=_("We show only its first half, such as OX4.")
    )

    def __init__(self, *args, territory, providers=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.territory = territory
        if providers is None:
            del self.fields["provider"]
        else:
            self.fields["provider"].queryset = providers
            if len(providers) == 1:
                self.fields["provider"].initial = providers[0]

    def clean_postcode(self):
        if postcode := self.cleaned_data["postcode"]:
            self.place = placed(postcode, self.territory)
        return postcode

    @property
    def facts(self) -> dict:
        """What an action takes: the fields and the place."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return typed | self.place


class ImpactForm(forms.Form):
    primary = forms.ChoiceField(
        label=_("What changes for people?"), choices=Primary, widget=forms.RadioSelect
    )
    secondary = forms.ChoiceField(
        label=_("Which service is needed less?"), choices=Secondary, widget=forms.RadioSelect
    )
    reason = text(
        Impact,
        "reason",
        label=_("Why does one lead to the other?"),
        help_text=_("What you see, and how you know."),
    )


class NeedForm(forms.Form):
    support_type = forms.ModelChoiceField(SupportType.objects.all(), label=_("Kind of support"))
    quantity = QuantityField(
        label=_("How much"),
        help_text=_("In the unit of the support, such as hours or pounds."),
        above_zero=True,
    )
    note = text(Need, "note", label=_("What for"), required=False)


class ActivityFilter(ListFilter):
    """By words, dual impact and district."""

    status = None  # type: ignore[assignment]
    primary = forms.ChoiceField(label=_("What changes for people"), required=False)
    secondary = forms.ChoiceField(label=_("Service relieved"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["primary"].choices = [("", _("Any")), *Primary.choices]
        self.fields["secondary"].choices = [("", _("Any")), *Secondary.choices]
        self.fields["district"].choices = [("", _("Any")), *districts]
