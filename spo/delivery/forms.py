"""What suppliers and providers type about deliveries."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spo.contracts.models import Term
from spo.delivery.models import Decision, Delivery
from spo.delivery.queries import ceiling_of, with_counts
from spo.delivery.rules import (
    why_not_as_much,
    why_not_corrected_to,
    why_not_cost,
    why_not_in_part,
    why_not_more,
    why_not_on,
)
from territories.pages.fields import DateField, MoneyField, QuantityField, text
from territories.pages.numbers import number
from territories.papers import uploads as evidence


def what_is_left(term: Term) -> str:
    """A line, its unit, and what of it is left, confirmed and claimed; the term `with_counts`."""
    counts = {
        "left": number(term.quantity - term.claimed - term.confirmed),
        "all": number(term.quantity),
        "unit": term.support_type.unit_name,
        "confirmed": number(term.confirmed),
        "claimed": number(term.claimed),
    }
    left = (
        gettext("%(left)s of %(all)s %(unit)s left (confirmed: %(confirmed)s, claimed: %(claimed)s)") % counts
    )
    return f"{term.number}. {term} – {term.activity_title}: {left}"


class ClaimForm(forms.Form):
    term = forms.ModelChoiceField(
        Term.objects.none(), label=_("Which commitment?"), widget=forms.RadioSelect, empty_label=None
    )
    quantity = QuantityField(
        label=_("How much was delivered"),
        help_text=_("In the unit of the commitment that you chose. You can claim what is left of it."),
        above_zero=True,
    )
    donor_cost = MoneyField(
        label=_("What it cost you"),
        required=False,
        help_text=_("Leave it empty for the cost that was agreed. You can state less, never more."),
    )
    delivered_on = DateField(label=_("Day of delivery"))
    note = text(
        Delivery,
        "note",
        label=_("What was delivered?"),
        help_text=_("No names of people who were helped."),
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=_("A PDF, JPEG or PNG of up to 10 MB, without personal details of people who were helped."),
    )

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = with_counts(terms)
        self.fields["term"].label_from_instance = what_is_left

    def clean_evidence(self):
        try:
            return evidence.checked(self.cleaned_data["evidence"], settings.EVIDENCE_MAX_BYTES)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean(self):
        facts = super().clean()
        term, day = facts.get("term"), facts.get("delivered_on")
        if term and day and (reason := why_not_on(term, day, timezone.localdate())):
            self.add_error("delivered_on", reason)
        quantity, cost = facts.get("quantity"), facts.get("donor_cost")
        if term and quantity and (reason := why_not_more(term, quantity)):
            self.add_error("quantity", reason)
        elif term and quantity and cost and (reason := why_not_cost(ceiling_of(term), quantity, cost)):
            self.add_error("donor_cost", reason)
        return facts


class ConfirmForm(forms.Form):
    """A part of what was claimed, and what is missing."""

    quantity = QuantityField(label=_("How much came?"), above_zero=True)
    words = text(
        Decision,
        "words",
        label=_("If not all of it came: what is missing?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The supplier reads this, and can claim the rest again when it has come."),
    )

    def __init__(self, *args, delivery: Delivery, **kwargs):
        super().__init__(*args, **kwargs)
        self.delivery = delivery

    def clean(self):
        facts = super().clean()
        if (quantity := facts.get("quantity")) is None:
            return facts
        if reason := why_not_as_much(self.delivery, quantity):
            self.add_error("quantity", reason)
        elif reason := why_not_in_part(self.delivery, quantity, facts.get("words", "")):
            self.add_error("words", reason)
        return facts


class CorrectForm(forms.Form):
    """The right amount, and why the one that was confirmed is wrong."""

    quantity = QuantityField(label=_("How much really came?"), help_text=_("0, if nothing came."))
    reason = text(
        Decision,
        "words",
        label=_("Why is it corrected?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you confirmed stays on record, with this correction beside it."),
    )

    def __init__(self, *args, delivery: Delivery, **kwargs):
        super().__init__(*args, **kwargs)
        self.delivery = delivery

    def clean(self):
        facts = super().clean()
        quantity = facts.get("quantity")
        if quantity is not None and (reason := why_not_corrected_to(self.delivery, quantity)):
            self.add_error("quantity", reason)
        return facts


class WithdrawForm(forms.Form):
    words = text(
        Decision,
        "words",
        label=_("Why do you withdraw it?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The provider reads this."),
    )


class DisputeForm(forms.Form):
    what = text(
        Decision,
        "words",
        label=_("What is wrong?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "The supplier and the buyer read this. The delivery does not count until you confirm it."
        ),
    )
