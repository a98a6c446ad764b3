"""Fields that read what people type: days, money, amounts, choices with a line below each."""

import datetime
import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.pages.plain import plain_line, plain_words

# A plan or an event in another year is a slip of the pen.
YEARS = range(2000, 2101)


class Radios(forms.RadioSelect):
    """One of a few. `hints` maps a value to a line below it; `inline` suits Yes and No, `small` dense screens."""

    def __init__(self, attrs=None, choices=(), *, hints=None, inline=False, small=False):
        super().__init__(attrs, choices)
        self.hints, self.inline, self.small = hints or {}, inline, small

    def get_context(self, name, value, attrs):
        return with_layout(super().get_context(name, value, attrs), self)


class Checkboxes(forms.CheckboxSelectMultiple):
    """Any of a few. `hints` maps a value to a line below it; `small` suits dense screens."""

    inline = False

    def __init__(self, attrs=None, choices=(), *, hints=None, small=False):
        super().__init__(attrs, choices)
        self.hints, self.small = hints or {}, small

    def get_context(self, name, value, attrs):
        return with_layout(super().get_context(name, value, attrs), self)


def with_layout(context, widget):
    context["widget"] |= {"inline": widget.inline, "small": widget.small}
    for _group, options, _index in context["widget"]["optgroups"]:
        for option in options:
            option["hint"] = widget.hints.get(option["value"], "")
    return context


class DateInput(forms.MultiWidget):
    """A day, a month and a year, each in a box of its own; posts `name_day`, `name_month`, `name_year`."""

    template_name = "forms/date.html"

    def __init__(self, attrs=None):
        super().__init__(dict.fromkeys(("day", "month", "year"), forms.TextInput), attrs)

    def decompress(self, value):
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return ["", "", ""]
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else ""


class DateField(forms.DateField):
    """A `datetime.date` typed as day, month (number or name) and four-digit year: of a plan or an event, in YEARS."""

    widget = DateInput
    default_error_messages = {
        "year": gettext_lazy("%(label)s must be in a year from %(first)s to %(last)s"),
    }

    def to_python(self, value):
        if not isinstance(value, list | tuple):
            return super().to_python(value)
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(self.incomplete(parts), code="incomplete")
        try:
            return real_date(*parts)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value):
        super().validate(value)
        if value and value.year not in YEARS:
            words = {"label": self.label or _("The date"), "first": YEARS[0], "last": YEARS[-1]}
            raise ValidationError(self.error_messages["year"], code="year", params=words)

    def incomplete(self, parts):
        missing = "".join(letter for letter, part in zip("dmy", parts, strict=True) if not part)
        sentences = {
            "d": _("%(label)s must include a day"),
            "m": _("%(label)s must include a month"),
            "y": _("%(label)s must include a year"),
            "dm": _("%(label)s must include a day and a month"),
            "dy": _("%(label)s must include a day and a year"),
            "my": _("%(label)s must include a month and a year"),
        }
        return sentences[missing] % {"label": self.label or _("The date")}


def real_date(day, month, year):
    """The date, or ValueError. A month may be a name, whole or short, in the language of the page."""
    named = [(str(name), number) for months in (MONTHS, MONTHS_3) for number, name in months.items()]
    numbers = {name.strip(".").lower(): number for name, number in named}
    month = numbers.get(month.strip(".").lower(), month)
    if not (re.fullmatch(r"[0-9]{4}", year) and re.fullmatch(r"[0-9]{1,2}", day)):
        raise ValueError(day, year)
    if not re.fullmatch(r"[0-9]{1,2}", str(month)):
        raise ValueError(month)
    return datetime.date(int(year), int(month), int(day))


class NumberField(forms.DecimalField):
    """What MoneyField and QuantityField share: strict digits, thousands in commas of three, no exponents.

    A decimal comma is refused rather than read as a thousand: "12,50" is not 1,250.
    """

    widget = forms.TextInput
    prefix = suffix = ""
    width = 10

    def __init__(self, *, above_zero=False, max_digits=12, decimal_places=2, **kwargs):
        self.above_zero = above_zero
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Decimal):
            return value if isinstance(value, Decimal) else None
        text = re.sub(r"[\s£\u00a0]", "", str(value)).replace("\u2212", "-")
        if text == "":
            return None
        if not re.fullmatch(r"-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", ""))

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        wrong = "negative" if value < 0 else "zero" if self.above_zero and value == 0 else None
        if wrong:
            raise ValidationError(self.error_messages[wrong], code=wrong)

    def prepare_value(self, value):
        """A stored 24.00 shows as 24; what was typed shows as it was typed."""
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value:f}" if value % 1 else f"{value:.0f}"
        return value


class MoneyField(NumberField):
    """Pounds, a Decimal with two places: "£1,200.50", "1200", "1 200" are understood, negatives refused."""

    prefix = "£"

    def clean(self, value):
        value = super().clean(value)
        return value if value is None else value.quantize(Decimal("0.01"))

    def prepare_value(self, value):
        if isinstance(value, Decimal) and value.is_finite() and value % 1:
            return f"{value:.2f}"
        return super().prepare_value(value)


class QuantityField(NumberField):
    """A Decimal amount, never below 0. `unit` is shown after the box; `above_zero` refuses 0 as well."""

    def __init__(self, *, unit="", **kwargs):
        super().__init__(**kwargs)
        self.suffix = unit


class Line(forms.CharField):
    """Words in one line."""

    default_validators = [plain_line]


class Words(forms.CharField):
    """Words in as many lines as they need."""

    default_validators = [plain_words]

    def __init__(self, **options):
        options.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**options)


def text(model, name: str, **options) -> forms.CharField:
    """A text field as long as the model's, with the model's own label."""
    field = model._meta.get_field(name)
    long = field.get_internal_type() == "TextField"
    options.setdefault("label", field.verbose_name.capitalize())
    return (Words if long else Line)(max_length=field.max_length, **options)
