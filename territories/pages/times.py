"""Days and moments as readers are told them, in the language of the page."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day(value) -> str:
    """3 March 2027."""
    return date_format(value, "j F Y") if value else "–"


def moment(value) -> str:
    """3 March 2027 at 14:05, UK time."""
    if not value:
        return "–"
    local = timezone.localtime(value)
    return _("%(day)s at %(time)s, UK time") % {"day": day(local), "time": date_format(local, "H:i")}
