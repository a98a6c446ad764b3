"""What readers are told of times and forms."""

from django import template
from django.forms import Textarea

from territories.pages.times import day, moment

register = template.Library()


register.filter(day)
register.filter(moment)


@register.filter
def asks_for_text(form) -> bool:
    """Whether a form has a field in which people write in their own words."""
    return any(isinstance(field.widget, Textarea) for field in form.fields.values())


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The address's query string with some of it changed, to be put behind a `?`."""
    kept = context["request"].GET.copy()
    for name, value in changes.items():
        kept[name] = value
    kept.pop("page", None)
    return kept.urlencode()
