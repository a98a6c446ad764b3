"""What category managers type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from territories.govuk import DateField


class ReportForm(forms.Form):
    starts_on = DateField(label=_("First day of the period"))
    ends_on = DateField(label=_("Last day of the period"))

    def clean(self):
        facts = super().clean()
        if facts.get("starts_on") and facts.get("ends_on") and facts["ends_on"] < facts["starts_on"]:
            self.add_error("ends_on", _("The last day must be on or after the first day."))
        return facts
