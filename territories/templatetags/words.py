"""Times and states as readers are told them."""

from django import template
from django.forms import Textarea
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from territories.access import PART
from territories.shown import carried

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


@register.filter
def day(value) -> str:
    """3 March 2027."""
    return date_format(value, "j F Y") if value else "–"


@register.filter
def moment(value) -> str:
    """3 March 2027 at 14:05, UK time."""
    if not value:
        return "–"
    local = timezone.localtime(value)
    return _("%(day)s at %(time)s, UK time") % {"day": day(local), "time": date_format(local, "H:i")}


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


@register.filter
def seen(row) -> str:
    """The version of a row that a page shows, for the hidden field of an act on it; nothing where there is none."""
    return carried(row) if row else ""


@register.simple_tag(takes_context=True)
def acting(context) -> str:
    """The part to which a form is shown, for its hidden field: in that part it acts, whatever is chosen meanwhile."""
    part = getattr(context.request, "member", None)
    return format_html('<input type="hidden" name="{}" value="{}">', PART, part.pk) if part else ""


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The address's query string with some of it changed, to be put behind a `?`."""
    kept = context["request"].GET.copy()
    for name, value in changes.items():
        kept[name] = value
    kept.pop("page", None)
    return kept.urlencode()
