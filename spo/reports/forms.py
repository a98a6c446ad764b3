"""What category managers type."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.reports.rules import why_not_period
from territories.pages.fields import DateField


class ReportForm(forms.Form):
    starts_on = DateField(label=_("First day of the period"))
    ends_on = DateField(label=_("Last day of the period"))

    def clean(self):
        facts = super().clean()
        starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
        if starts_on and ends_on and (reason := why_not_period(starts_on, ends_on, timezone.localdate())):
            self.add_error("ends_on", reason)
        return facts
