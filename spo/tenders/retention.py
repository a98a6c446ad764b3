"""How long the records of a procurement are kept."""

from datetime import datetime

from django.db import models
from django.db.models import QuerySet

from spo.tenders.models import Declaration
from territories.retention import YEAR, Rule, held


def declarations_due(now: datetime) -> QuerySet[Declaration]:
    """Of tenders that were awarded six years ago, unless they are held."""
    rows = Declaration.objects.filter(tender__award__decided_at__lt=now - 6 * YEAR).exclude(words="")
    return rows.exclude(tender__reference__in=held())


def forget_declaration(said: models.Model) -> None:
    assert isinstance(said, Declaration)
    said.words = ""
    said.save(update_fields=["words"])


RULES = (
    Rule(
        "what panel members wrote about their interests",
        "6 years from the award",
        "Procurement Act 2023 s.98 asks for 3; claims are barred after 6 (Limitation Act 1980 s.5)",
        declarations_due,
        forget_declaration,
    ),
)
