"""Whose people are told: those who play a role here, in the active territory."""

from collections.abc import Iterable

from django.db.models import QuerySet

from territories.models import Membership, Organisation
from territories.tasks import here


def people(role: str, organisations: Iterable[Organisation | int] | None = None) -> QuerySet[Membership]:
    """Who plays the role here, everywhere or for these organisations."""
    rows = Membership.objects.playing().at(here()).filter(role=role, user__is_active=True)
    if organisations is not None:
        keys = {getattr(one, "pk", one) for one in organisations}
        rows = rows.filter(participation__organisation__in=keys)
    return rows.select_related("user", "participation__organisation", "participation__territory")
