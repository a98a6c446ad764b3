"""What every form of an act carries: in which part it was shown, and what it showed."""

from django import template
from django.utils.html import format_html

from territories.access import PART
from territories.shown import carried

register = template.Library()


@register.filter
def seen(row) -> str:
    """The version of a row that a page shows, for the hidden field of an act on it; nothing where there is none."""
    return carried(row) if row else ""


@register.simple_tag(takes_context=True)
def acting(context) -> str:
    """The part to which a form is shown, for its hidden field: in that part it acts, whatever is chosen meanwhile."""
    part = getattr(context.request, "member", None)
    return format_html('<input type="hidden" name="{}" value="{}">', PART, part.pk) if part else ""
