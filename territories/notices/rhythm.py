"""When a letter goes: at once, or for whoever wishes one a week on the morning of the next Monday."""

from datetime import datetime, timedelta

from django.utils import timezone

DIGEST_HOUR = 7


def first_due(wanted_at: datetime, weekly: bool) -> datetime:
    """The moment itself, or the next Monday after it, UK time."""
    if not weekly:
        return wanted_at
    local = timezone.localtime(wanted_at)
    monday = local + timedelta(days=7 - local.weekday())
    return monday.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
