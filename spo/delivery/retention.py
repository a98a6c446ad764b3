"""How long the files that show a delivery are kept."""

from datetime import datetime

from django.db import models
from django.db.models import Max, QuerySet

from spo.contracts.models import Contract
from spo.delivery.models import Delivery
from territories.retention import YEAR, Rule, held


def evidence_due(now: datetime) -> QuerySet[Delivery]:
    """Of contracts whose last line ended six years ago, unless they are held."""
    ended = Contract.objects.annotate(end=Max("terms__ends_on")).filter(end__lt=(now - 6 * YEAR).date())
    ended = ended.exclude(reference__in=held()).exclude(award__tender__reference__in=held())
    return Delivery.objects.filter(term__contract__in=ended.values("pk")).exclude(evidence="")


def forget_evidence(delivery: models.Model) -> None:
    """The file goes; its digest stays, and so does what was delivered."""
    assert isinstance(delivery, Delivery)
    delivery.evidence.delete(save=False)
    delivery.save(update_fields=["evidence"])


RULES = (
    Rule(
        "pictures and documents that show deliveries",
        "6 years from the end of the contract",
        "claims on a contract are barred after 6 years (Limitation Act 1980 s.5)",
        evidence_due,
        forget_evidence,
    ),
)
