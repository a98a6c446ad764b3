"""How long the names of who published an activity are kept."""

from datetime import datetime

from django.db.models import QuerySet

from community.models import ActivityVersion
from territories.people.data.retention import CLAIMS, YEAR, Rule, forget_signatory


def names_due(now: datetime) -> QuerySet[ActivityVersion]:
    """Of versions of ten years ago: orders and contracts rest on them as long."""
    return ActivityVersion.objects.filter(published_at__lt=now - 10 * YEAR).exclude(person="")


RULES = (Rule("names of people who published an activity", "10 years", CLAIMS, names_due, forget_signatory),)
