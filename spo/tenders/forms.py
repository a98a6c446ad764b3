"""What buyers and evaluators type."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.tenders.models import Award, Criterion, Declaration, Score, Tender
from spo.tenders.queries import evaluators_of
from spo.tenders.rules import why_not_close_at, why_not_stand_still
from territories.forms import VersionedForm
from territories.pages.fields import DateField, Radios, text


class TenderForm(VersionedForm):
    title = text(Tender, "title", label=_("Name of the tender"))
    scope = text(Tender, "scope", label=_("What is bought?"))
    notice = text(
        Tender,
        "notice",
        label=_("Number of the tender notice"),
        required=False,
        help_text=_("As published on Find a Tender, such as 032703-2026."),
    )
    weight = forms.DecimalField(
        label=_("Weight of social value in the whole tender, in percent"),
        min_value=1,
        max_value=100,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    top_grade = forms.TypedChoiceField(
        label=_("Scale of grades"),
        coerce=int,
        initial=5,
        choices=[(3, _("0 to 3")), (4, _("0 to 4")), (5, _("0 to 5")), (10, _("0 to 10"))],
    )
    closes_on = DateField(label=_("Last day for bids"))
    closes_time = forms.TimeField(
        label=_("Closing time, UK time"),
        initial="12:00",
        help_text=_("24-hour clock, such as 12:00."),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M"),
    )

    @classmethod
    def facts_of(cls, row: Tender) -> dict:
        closes = timezone.localtime(row.closes_at).replace(second=0, microsecond=0)
        own = ("title", "scope", "notice", "weight", "top_grade")
        typed = {name: getattr(row, name) for name in own}
        return typed | {"closes_on": closes.date(), "closes_time": closes.time()}

    def clean(self):
        facts = super().clean()
        day, hour = facts.get("closes_on"), facts.get("closes_time")
        if day and isinstance(hour, time):
            self.closes_at = timezone.make_aware(datetime.combine(day, hour))
            if reason := why_not_close_at(self.closes_at):
                self.add_error("closes_on", reason)
        return facts

    @property
    def facts(self) -> dict:
        apart = {"version", "closes_on", "closes_time"}
        typed = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return typed | {"closes_at": self.closes_at}


class CriterionForm(forms.Form):
    dimension = forms.ChoiceField(
        label=_("What does it judge?"),
        choices=[
            (Criterion.Dimension.HOW, _("HOW the support is given")),
            (Criterion.Dimension.WHERE, _("WHERE it lands: activity, place, people")),
        ],
        widget=forms.RadioSelect,
    )
    title = text(Criterion, "title", label=_("Criterion"))
    guidance = text(Criterion, "guidance", label=_("What earns a high grade?"))
    weight = forms.DecimalField(
        label=_("Weight in percent"),
        min_value=1,
        max_value=100,
        decimal_places=2,
        help_text=_("All criteria together make 100."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class PanelForm(forms.Form):
    evaluator = forms.ModelChoiceField(None, label=_("Evaluator"))

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evaluator"].queryset = evaluators_of(territory)
        self.fields["evaluator"].label_from_instance = lambda part: f"{part.user}, {part.organisation}"


class DeclarationForm(forms.Form):
    conflict = forms.TypedChoiceField(
        label=_("Do you have any interest in a supplier or a provider that may take part?"),
        choices=[("no", _("No, none")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=_(
            "Employment, shares, family, a seat on a board, volunteering: anything that someone could see as a tie."
        ),
    )
    words = text(Declaration, "words", label=_("If yes, what is it?"), required=False)

    def clean(self):
        facts = super().clean()
        if facts.get("conflict") and not facts.get("words"):
            self.add_error("words", _("Say what the interest is."))
        if facts.get("conflict") is False and facts.get("words"):
            self.add_error(
                "conflict", _("You describe an interest below. Choose Yes, or empty the description.")
            )
        return facts


class ScoreForm(forms.Form):
    """A grade and a rationale for one criterion; give `criterion`, `top_grade` and what was kept before."""

    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, widget=Radios(inline=True, small=True))
    rationale = text(
        Score,
        "rationale",
        label=_("Rationale"),
        help_text=_("Point to what the order says, and why it is not the next grade up."),
    )

    def __init__(self, *args, criterion: Criterion, top_grade: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.criterion = criterion
        self.fields["grade"].choices = [(n, str(n)) for n in range(top_grade + 1)]

    @property
    def kept(self) -> tuple[int, str]:
        return self.cleaned_data["grade"], self.cleaned_data["rationale"]


class AwardForm(forms.Form):
    bid = forms.ModelChoiceField(None, label=_("Award to"), widget=forms.RadioSelect, empty_label=None)
    reason = text(Award, "reason", label=_("Reason for the decision"))
    standstill_until = DateField(
        label=_("Last day of the standstill"),
        required=False,
        help_text=_(
            "At least 8 working days from the award notice where a standstill applies. Leave it empty where none does."
        ),
    )

    def __init__(self, *args, bids, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bid"].queryset = bids

    def clean_standstill_until(self):
        last = self.cleaned_data["standstill_until"]
        if reason := why_not_stand_still(last):
            raise forms.ValidationError(reason)
        return last
