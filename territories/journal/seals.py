"""Seals: how far each journal had come, written down elsewhere, so that entries cut off at its end are missed."""

from territories.journal.models import Entry
from territories.models import Seal, Territory
from territories.tenancy import PUBLIC_SITE, connection


def seal_all() -> int:
    """Write down the last entry of every journal that has grown since its last seal; returns how many."""
    heads = {}
    for site in [PUBLIC_SITE, *Territory.objects.all()]:
        connection.set_tenant(site)
        heads[connection.schema_name] = Entry.objects.order_by("-seq").values_list("seq", "digest").first()
    connection.set_tenant(PUBLIC_SITE)
    known = set(Seal.objects.values_list("schema", "seq"))
    new = [
        Seal(schema=schema, seq=head[0], digest=head[1])
        for schema, head in heads.items()
        if head and (schema, head[0]) not in known
    ]
    # Someone else may seal at the same moment.
    Seal.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def seals_of(schema: str) -> dict[int, str]:
    """The digest that each sealed entry had, by its number."""
    return dict(Seal.objects.filter(schema=schema).values_list("seq", "digest"))


def last_seal() -> Seal | None:
    """How far the active schema's journal is known to have come."""
    return Seal.objects.filter(schema=connection.schema_name).order_by("-seq").first()
