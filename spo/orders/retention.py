"""How long the names of who answered an offer are kept."""

from datetime import datetime

from django.db.models import QuerySet

from spo.orders.models import Answer
from territories.people.data.retention import CLAIMS, YEAR, Rule, forget_signatory


def names_due(now: datetime) -> QuerySet[Answer]:
    """Of answers that were given ten years ago: contracts run for years, and what they rest on as long."""
    return Answer.objects.filter(answered_at__lt=now - 10 * YEAR).exclude(person="")


RULES = (Rule("names of people who answered an offer", "10 years", CLAIMS, names_due, forget_signatory),)
