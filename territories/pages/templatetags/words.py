"""Times and states as readers are told them."""

from django import template
from django.forms import Textarea
from django.utils.dateparse import parse_datetime

from territories.pages.times import day, moment

register = template.Library()

_COLOURS = {
    "draft": "grey",
    "unconfirmed": "grey",
    "waiting": "yellow",
    "refused": "red",
    "proposed": "blue",
    "offered": "blue",
    "open": "blue",
    "ordered": "blue",
    "rendering": "blue",
    "signing": "yellow",
    "claimed": "yellow",
    "scoring": "purple",
    "moderation": "purple",
    "sealed": "purple",
    "returned": "orange",
    "disputed": "red",
    "failed": "red",
    "void": "grey",
    "closed": "grey",
    "withdrawn": "grey",
}


register.filter(day)
register.filter(moment)


@register.filter
def parsed(written: str):
    """The moment that stands in a body of JSON."""
    return parse_datetime(written)


@register.filter
def asks_for_text(form) -> bool:
    """Whether a form has a field in which people write in their own words."""
    return any(isinstance(field.widget, Textarea) for field in form.fields.values())


@register.filter
def colour(status: str) -> str:
    """The colour of a state's tag; its words say the same."""
    return _COLOURS.get(status, "green")


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The address's query string with some of it changed, to be put behind a `?`."""
    kept = context["request"].GET.copy()
    for name, value in changes.items():
        kept[name] = value
    kept.pop("page", None)
    return kept.urlencode()
