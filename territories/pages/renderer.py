"""Plain Django forms as GOV.UK components: classes, ids, hints, errors and widgets, for every form."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.pages.fields import MoneyField, NumberField

# With these a browser would cut, refuse or cover what is typed, without a sentence that says why.
SILENT = ("maxlength", "minlength", "min", "max", "step", "placeholder", "required", "cols")

# A column for whole numbers holds no larger one.
LARGEST = 2**31 - 1

BOXES = ("govuk-input", "govuk-select", "govuk-textarea", "govuk-file-upload")

PASSWORD = "govuk-password-input__input govuk-js-password-input-input"

# Widget class → (CSS class, template or None for Django's own). The first match counts.
DRESS = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes", "forms/choices.html"),
    (forms.RadioSelect, "govuk-radios", "forms/choices.html"),
    (forms.CheckboxInput, "govuk-checkboxes__input", None),
    (forms.Select, "govuk-select", None),
    (forms.Textarea, "govuk-textarea", None),
    (forms.FileInput, "govuk-file-upload", "forms/file.html"),
    (forms.PasswordInput, f"govuk-input {PASSWORD}", "forms/password.html"),
    (forms.widgets.Input, "govuk-input", None),
)


class BoundField(DjangoBoundField):
    """A field that knows its GOV.UK classes and the id that an error should lead to.

    Being bound also gives the form's own copy of the field its sentences, before anything is cleaned.
    """

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if field.label is None:
            field.label = self.label
        give_sentences(field)
        be_strict(field)
        say_one_thing(field)
        dress(field)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        for name in SILENT:
            attrs.pop(name, None)
        base = widget.attrs.get("class", "")
        if self.errors and base.startswith(BOXES):
            attrs["class"] = f"{base} {base.split()[0]}--error"
        if self.counted:
            attrs["class"] = f"{attrs.get('class', base)} govuk-js-character-count"
        return attrs

    @property
    def aria_describedby(self):
        ids = super().aria_describedby
        return f"{ids} {self.auto_id}-info".strip() if self.counted and ids is not None else ids

    @property
    def kind(self):
        """How `forms/field.html` lays the field out."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "group" if self.use_fieldset else "box"

    @property
    def counted(self):
        """The most characters of a text area, or None."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None)
        return None

    @property
    def optional(self):
        """Whether the label says "(optional)". A form may set `mark_optional = False`, as filters do."""
        marks = getattr(self.form, "mark_optional", True)
        return marks and not self.field.required and self.kind != "checkbox"

    @cached_property
    def target(self):
        """The id of the first control, which exists on the page whatever the widget."""
        if self.kind == "group" and hasattr(self.field.widget, "choices"):
            return self.subwidgets[0].id_for_label if self.subwidgets else f"{self.auto_id}_field"
        return self.id_for_label or f"{self.auto_id}_field"


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField


def dress(field):
    """Put GOV.UK's classes and templates on the form's own copy of a widget."""
    widget = field.widget
    if widget.is_hidden:
        return
    if isinstance(widget, forms.NumberInput):
        # type=number scrolls its value away and swallows letters without a word
        widget.input_type = "text"
        widget.attrs["inputmode"] = "numeric" if type(field) is forms.IntegerField else "decimal"
    if isinstance(field, NumberField):
        widget.attrs.setdefault("inputmode", "decimal" if field.decimal_places else "numeric")
    for name in SILENT:
        widget.attrs.pop(name, None)
    for kind, classes, template in DRESS:
        if isinstance(widget, kind):
            characters = getattr(field, "width", 10 if isinstance(widget, forms.NumberInput) else None)
            width = f"govuk-input--width-{characters}" if characters else ""
            widget.attrs["class"] = " ".join(filter(None, (classes, width, widget.attrs.get("class", ""))))
            widget.template_name = template or widget.template_name
            return


def be_strict(field):
    """Take numbers and times in the digits of the page alone, numbers that a column holds, letters that can be written.

    Python reads "1_0", "٣" and "1e1" as numbers, and whoever typed them may have meant another.
    """
    if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
        field.validators.append(writable)
    wanted = next((form for kind, form in TYPED.items() if isinstance(field, kind)), None)
    if wanted is None or isinstance(field, NumberField):
        return
    read = field.to_python

    def to_python(value):
        if isinstance(value, str) and value.strip() and not re.fullmatch(wanted, value.strip()):
            raise ValidationError(field.error_messages["invalid"], code="invalid")
        number = read(value)
        if isinstance(number, int) and abs(number) > LARGEST:
            raise ValidationError(field.error_messages["invalid"], code="invalid")
        return number

    field.to_python = to_python


# What is typed into fields that Python would read generously. Decimal fields are whole-number fields to Django.
TYPED = {
    forms.DecimalField: r"[+-]?[0-9]+(\.[0-9]+)?",
    forms.FloatField: r"[+-]?[0-9]+(\.[0-9]+)?",
    forms.IntegerField: r"[+-]?[0-9]+",
    forms.TimeField: r"[0-9:.]+",
}


def writable(text):
    """Refuses halves of characters, which no database and no letter can hold."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValidationError("", code="null_characters_not_allowed", params={"value": ""})


# What is said in place of Django's own words, by kind of field and code: what to do, to stand behind the field's name.
# The last kind that fits counts. Decimal fields are whole-number fields to Django.
SAYS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        forms.Field,
        {
            "invalid_choice": gettext_lazy("choose one of the answers in the list"),
            "invalid_list": gettext_lazy("choose one of the answers in the list"),
            "invalid_pk_value": gettext_lazy("choose one of the answers in the list"),
            "max_length": gettext_lazy("use %(limit_value)d characters or fewer. You used %(show_value)d"),
            "min_length": gettext_lazy("use %(limit_value)d characters or more. You used %(show_value)d"),
            "min_value": gettext_lazy("enter %(limit_value)s or more"),
            "max_value": gettext_lazy("enter %(limit_value)s or less"),
            "null_characters_not_allowed": gettext_lazy("write this without the sign that can't be read"),
        },
    ),
    (forms.IntegerField, {"invalid": gettext_lazy("enter a whole number, such as 24")}),
    (
        (forms.DecimalField, forms.FloatField),
        {
            "invalid": gettext_lazy("enter a number, such as 24 or 1.5"),
            "negative": gettext_lazy("enter 0 or more"),
            "zero": gettext_lazy("enter more than 0"),
            "max_decimal_places": gettext_lazy("use at most %(max)s digits after the decimal point"),
            "max_whole_digits": gettext_lazy("enter a smaller number, of at most %(max)s digits"),
            "max_digits": gettext_lazy("enter a smaller number, of at most %(max)s digits"),
        },
    ),
    (
        MoneyField,
        {
            "invalid": gettext_lazy("enter an amount in pounds, such as 1,200 or 1,200.50"),
            "negative": gettext_lazy("enter £0 or more"),
            "zero": gettext_lazy("enter more than £0"),
            "max_decimal_places": gettext_lazy("give pence in two digits, such as 1,200.50"),
        },
    ),
    (forms.DateField, {"invalid": gettext_lazy("enter a real date, such as 27 3 2027")}),
    (forms.TimeField, {"invalid": gettext_lazy("enter a time on the 24-hour clock, such as 14:30")}),
    (forms.EmailField, {"invalid": gettext_lazy("enter an e-mail address, such as name@example.org")}),
    (
        forms.FileField,
        {
            "invalid": gettext_lazy("choose a file"),
            "missing": gettext_lazy("choose a file"),
            "empty": gettext_lazy("this file is empty. Choose another one"),
            "max_length": gettext_lazy("use a shorter name for the file, of %(max)d characters or fewer"),
            "contradiction": gettext_lazy("choose a file or remove the old one, not both"),
        },
    ),
)

# Django fills in these messages with %, so a percent sign in the name has to be doubled.
FILLED = {
    "invalid_choice",
    "invalid_pk_value",
    "max_length",
    "min_length",
    "min_value",
    "max_value",
    "max_digits",
}


def give_sentences(field):
    """Replace Django's own words by ones that name the field and say what to do; a field's own `error_messages` stay."""
    name, say = str(field.label).rstrip(" :"), field.error_messages
    django = of_django(type(field))
    ours = {code: words for kind, those in SAYS if isinstance(field, kind) for code, words in those.items()}
    for code, words in ours.items():
        if code not in say or say[code] == django.get(code):
            filled = code in FILLED or (code == "invalid" and isinstance(field, forms.EmailField))
            say[code] = behind(name.replace("%", "%%") if filled else name, str(words))
    if say.get("required") == django["required"]:
        say["required"] = needed(field, name)


def of_django(kind: type) -> dict:
    """The messages that a kind of field has from Django itself."""
    lines = [one for one in reversed(kind.__mro__) if one.__module__.startswith("django.")]
    return {
        code: words for one in lines for code, words in vars(one).get("default_error_messages", {}).items()
    }


def behind(name: str, words: str) -> str:
    """ "Cost: enter more than £0"; behind a question "What did it cost? Enter more than £0"."""
    return f"{name} {words[:1].upper()}{words[1:]}" if name.endswith("?") else f"{name}: {words}"


def say_one_thing(field):
    """Of all that is wrong with a value, the first: 0.001 percent is too fine and too little, and one of them is enough."""
    read = field.clean

    def clean(*values):
        try:
            return read(*values)
        except ValidationError as wrong:
            first = wrong.error_list[0]
            if first.code == "null_characters_not_allowed":  # choices say it in Django's words
                first.message = field.error_messages[first.code]
            raise first from None

    field.clean = clean


def needed(field, name):
    chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    if name.endswith("?"):
        return behind(name, _("choose an answer") if chooses else _("this needs an answer"))
    return behind(name, _("choose an answer") if chooses else _("this is needed"))
