"""How long the files that show a delivery are kept, and the names of who signed, claimed and decided."""

from datetime import datetime
from functools import partial

from django.db import models
from django.db.models import Max, QuerySet

from spo.contracts.models import Contract, Signature
from spo.delivery.models import Decision, Delivery
from territories.people.data.retention import CLAIMS, YEAR, Rule, forget_signatory, held

SIX_YEARS = "6 years from the end of the contract"
# What names somebody, and how a row of it leads to its contract.
NAMING = {
    Signature: ("people who signed a contract", "contract"),
    Delivery: ("people who claimed a delivery", "term__contract"),
    Decision: ("people who decided on a delivery", "delivery__term__contract"),
}


def ended_long_ago(now: datetime) -> QuerySet[Contract]:
    """Contracts whose last line ended six years ago, unless they are held."""
    ended = Contract.objects.annotate(end=Max("terms__ends_on")).filter(end__lt=(now - 6 * YEAR).date())
    return ended.exclude(reference__in=held()).exclude(award__tender__reference__in=held())


def evidence_due(now: datetime) -> QuerySet[Delivery]:
    ended = ended_long_ago(now).values("pk")
    return Delivery.objects.filter(term__contract__in=ended).exclude(evidence="")


def names_due(model: type[models.Model], contract: str, now: datetime) -> QuerySet:
    rows = model._default_manager.filter(**{f"{contract}__in": ended_long_ago(now).values("pk")})
    return rows.exclude(person="")


def forget_evidence(delivery: models.Model) -> None:
    """The file goes; its digest stays, and so does what was delivered."""
    assert isinstance(delivery, Delivery)
    delivery.evidence.delete(save=False)
    delivery.save(update_fields=["evidence"])


RULES = (
    Rule(
        "pictures and documents that show deliveries",
        SIX_YEARS,
        CLAIMS,
        evidence_due,
        forget_evidence,
    ),
    *(
        Rule(f"names of {who}", SIX_YEARS, CLAIMS, partial(names_due, model, contract), forget_signatory)
        for model, (who, contract) in NAMING.items()
    ),
)
