"""How long the records of a procurement are kept."""

from datetime import datetime
from functools import partial

from django.db import models
from django.db.models import QuerySet

from spo.scoring.models import Award, Bid, Consensus, Dismissal, PanelMember
from spo.tenders.models import Declaration, TenderVersion
from territories.people.data.retention import YEAR, Rule, forget_signatory, held

SIX_YEARS = "6 years from the award"
GROUND = "Procurement Act 2023 s.98 asks for 3; claims are barred after 6 (Limitation Act 1980 s.5)"
# What names somebody, and how a row of it leads to its tender.
NAMING = {
    PanelMember: ("people on panels", "tender"),
    Dismissal: ("people who took somebody off a panel", "seat__tender"),
    Declaration: ("people who declared their interests", "tender"),
    Consensus: ("people who chaired a moderation", "bid__tender"),
    Award: ("people who awarded", "tender"),
    TenderVersion: ("people who published a tender", "tender"),
    Bid: ("people who submitted a bid", "tender"),
}


def awarded_long_ago(model: type[models.Model], tender: str, now: datetime) -> QuerySet:
    """Rows of tenders that were awarded six years ago, unless they are held."""
    rows = model._default_manager.filter(**{f"{tender}__award__decided_at__lt": now - 6 * YEAR})
    return rows.exclude(**{f"{tender}__reference__in": held()})


def names_due(model: type[models.Model], tender: str, now: datetime) -> QuerySet:
    return awarded_long_ago(model, tender, now).exclude(person="")


def declarations_due(now: datetime) -> QuerySet:
    return awarded_long_ago(Declaration, "tender", now).exclude(words="")


def forget_declaration(said: models.Model) -> None:
    assert isinstance(said, Declaration)
    said.words = ""
    said.save(update_fields=["words"])


RULES = (
    Rule(
        "what was declared about interests in a tender",
        SIX_YEARS,
        GROUND,
        declarations_due,
        forget_declaration,
    ),
    *(
        Rule(f"names of {who}", SIX_YEARS, GROUND, partial(names_due, model, tender), forget_signatory)
        for model, (who, tender) in NAMING.items()
    ),
)
