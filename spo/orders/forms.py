"""What suppliers and providers type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms import PlaceField
from community.models import Activity
from community.published import as_published
from community.queries import open_to_support
from community.rules import why_not_place
from spo.orders.models import Answer, Commitment, Order
from spo.orders.rules import why_not_between
from territories.forms import VersionedForm
from territories.models import SupportType
from territories.pages.fields import DateField, MoneyField, QuantityField, text


class OrderForm(VersionedForm):
    title = text(Order, "title", label=_("Name of the order"))
    approach = text(
        Order,
        "approach",
        label=_("How will you work with the providers?"),
        help_text=_("Who does what, how you keep in touch, and what happens when something slips."),
    )


class ActivityField(forms.ModelChoiceField):
    """Activities by the name under which they were published, and at the place that was."""

    def label_from_instance(self, obj: Activity) -> str:
        return as_published(obj).title

    def clean(self, value):
        return as_published(super().clean(value))


class CommitmentForm(VersionedForm):
    """One line: WHERE first, then HOW."""

    activity = ActivityField(queryset=open_to_support(), label=_("Activity"))
    postcode = PlaceField(
        label=_("Postcode where it is given"),
        required=False,
        help_text=_("Leave it empty for the place of the activity."),
    )
    support_type = forms.ModelChoiceField(SupportType.objects.all(), label=_("Kind of support"))
    quantity = QuantityField(
        label=_("How much"),
        help_text=_("In the unit of the support, such as hours or pounds."),
        above_zero=True,
    )
    donor_cost = MoneyField(
        label=_("What it costs you to give"),
        help_text=_("Your own cost, not what it might be worth to others."),
    )
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))
    how = text(Commitment, "how", label=_("How exactly will it be given?"))

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        self.territory = territory

    def clean(self):
        facts = super().clean()
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and (reason := why_not_between(first, last)):
            self.add_error("ends_on", reason)
        postcode, activity = facts.get("postcode"), facts.get("activity")
        if postcode and (reason := why_not_place(postcode, self.territory)):
            self.add_error("postcode", reason)
        elif activity and not postcode:
            facts["postcode"] = activity.postcode
        return facts

    @property
    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReturnForm(forms.Form):
    note = text(
        Answer,
        "note",
        label=_("What should change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The supplier reads this and can offer the commitment again."),
    )
