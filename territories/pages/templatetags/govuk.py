"""What page templates call by name: the error summary, buttons, and numbers in words that people read."""

from django import template
from django.forms import BaseFormSet
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from territories.pages import numbers

register = template.Library()


@register.inclusion_tag("forms/error_summary.html")
def error_summary(*forms):
    """Every error of the forms, lists of forms or formsets given, in reading order; each link leads to an id on the page."""
    general: list = []
    links: list = []
    for form in flat(forms):
        if isinstance(form, BaseFormSet):
            general += form.non_form_errors()
            continue
        general += form.non_field_errors()
        general += [error for field in form.hidden_fields() for error in field.errors]
        links += [(field.target, error) for field in form.visible_fields() for error in field.errors]
    return {"general": general, "links": links}


def flat(forms):
    for form in forms:
        if isinstance(form, list | tuple):
            yield from flat(form)
        elif isinstance(form, BaseFormSet) and form.is_bound:
            yield form
            yield from form
        elif form and getattr(form, "is_bound", False):
            yield form


@register.simple_tag
def button(label, kind="", *, name="", value="", once=True):
    """A submit button. `kind` is "", "secondary" or "warning"; `once` ignores the second of two clicks."""
    return format_html(
        '<button type="submit" class="govuk-button{}" data-module="govuk-button"{}{}>{}</button>',
        f" govuk-button--{kind}" if kind else "",
        format_html(' name="{}" value="{}"', name, value) if name else "",
        mark_safe(' data-prevent-double-click="true"') if once else "",
        label,
    )


@register.filter
def pounds(value):
    """£1,250 or £1,250.50; nothing for None."""
    return "" if value is None else numbers.pounds(value)


@register.filter
def short_pounds(value):
    """£8.9m, £640k or £1,250; nothing for None."""
    return "" if value is None else numbers.short_pounds(value)


@register.filter
def number(value):
    """1,250 or 1,250.5; nothing for None."""
    return "" if value is None else numbers.number(value)


@register.filter
def elided(page):
    """The page numbers worth showing: first, last and those near this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
