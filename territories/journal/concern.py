"""Whom an entry concerns: who did it, and whoever the pages let see the thing that it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from territories.journal.models import Entry
from territories.models import Membership
from territories.tenancy import PUBLIC, connection, tenant_models


@dataclass(frozen=True)
class Concern:
    """What a thing is called, whose rows a member reads about, and the name of the address that shows one."""

    model: type[Model]
    name: str
    told_to: Callable[[Membership], QuerySet]
    page: str
    # What naming a row reads besides the row itself.
    related: tuple[str, ...]
    words: Callable[[Any], str]

    def named(self, keys: set[str]) -> dict[str, str]:
        """The names of rows by their keys as the journal holds them; rows that are gone have none."""
        rows = self.model._default_manager.all()
        if self.related:
            rows = rows.select_related(*self.related)
        return {str(key): self.words(row) for key, row in rows.in_bulk(keys).items()}


CONCERNS: dict[str, Concern] = {}


def concerns(
    model: type[Model],
    name,
    told_to: Callable[[Membership], QuerySet],
    page: str = "",
    *,
    related: tuple[str, ...] = (),
    words: Callable[[Any], str] = str,
) -> None:
    """Called for every kind of thing in dicm/concerns.py; what it does not name, only whoever did it reads about."""
    CONCERNS[model._meta.label_lower] = Concern(model, name, told_to, page, related, words)


def concerns_here() -> dict[str, Concern]:
    """Of things in a territory's schema there, of people and organisations on the public site."""
    inside = connection.schema_name != PUBLIC
    return {label: one for label, one in CONCERNS.items() if (one.model in tenant_models()) == inside}


def entries_told_to(member: Membership) -> QuerySet[Entry]:
    """What a member may read of the active schema's journal, the last first."""
    told = Q(actor_id=member.user_id, organisation_id=member.participation.organisation_id)
    for label, one in concerns_here().items():
        keys = one.told_to(member).order_by().annotate(key=Cast("pk", CharField())).values("key")
        told |= Q(subject=label, subject_id__in=keys)
    return Entry.objects.filter(told).order_by("-seq")
