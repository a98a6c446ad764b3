"""What buyers and evaluators type."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.tenders.models import Criterion, Tender
from spo.tenders.rules import why_not_close_at
from territories.forms import VersionedForm
from territories.pages.fields import DateField, text


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
