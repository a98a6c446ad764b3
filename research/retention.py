"""How long the names of who published an evaluation are kept; its authors stay with it."""

from datetime import datetime

from django.db.models import QuerySet

from research.models import Edition
from territories.people.data.retention import STORAGE_LIMITATION, YEAR, Rule, forget_signatory


def names_due(now: datetime) -> QuerySet[Edition]:
    """Of editions of ten years ago: whoever answers questions about them is found by the hub."""
    return Edition.objects.filter(published_at__lt=now - 10 * YEAR).exclude(person="")


RULES = (
    Rule(
        "names of people who published an evaluation",
        "10 years",
        STORAGE_LIMITATION,
        names_due,
        forget_signatory,
    ),
)
