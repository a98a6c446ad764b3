"""What buyers and evaluators type about panel, scores and award."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spo.scoring.models import Award, Score
from spo.scoring.queries.panel import evaluators_of
from spo.scoring.rules.moderation import why_not_stand_still
from spo.tenders.models import Criterion, Declaration
from territories.pages.fields import DateField, Radios, text


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
