"""Founding a territory: its row, its address, its schema, its role.

The schema is made from the statements of the migrations themselves, collected once and run for each
territory: a tenth of the time of migrating 45 times, with the names that the migrations give.
"""

import csv
from datetime import date
from functools import cache

from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from territories.models import Domain, Oversight, Region, SupportType, Territory
from territories.postcodes import ATLAS
from territories.tenancy import PUBLIC, connection, grant

# The day from which the shipped atlas is known to hold.
ATLAS_FROM = date(2026, 11, 1)


def atlas(name: str) -> list[dict]:
    """The rows of one of the shipped tables."""
    with open(ATLAS / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plant_public() -> None:
    """Write regions and support types as shipped, and grant the public role. Idempotent."""
    connection.set_schema_to_public()
    for row in atlas("regions"):
        Region.objects.update_or_create(code=row.pop("code"), defaults=row)
    for row in atlas("support_types"):
        # What staff corrected since then stays.
        SupportType.objects.get_or_create(code=row.pop("code"), defaults=row)
    grant(PUBLIC)


def found(facts: dict) -> Territory:
    """Write a territory as the atlas has it and make what is missing of it. Safe to run again."""
    connection.set_schema_to_public()
    facts = dict(facts)
    region = Region.objects.get(code=facts.pop("region"))
    oversight = facts.pop("oversight")
    with transaction.atomic():
        territory, _created = Territory.objects.update_or_create(
            slug=facts.pop("slug"),
            defaults=facts | {"region": region},
            create_defaults=facts
            | {"region": region, "schema_name": schema_for(facts), "valid_from": ATLAS_FROM},
        )
        Domain.objects.update_or_create(
            tenant=territory, is_primary=True, defaults={"domain": territory.host}
        )
        if not territory.oversights.filter(valid_to=None, body=oversight).exists():
            territory.oversights.filter(valid_to=None).update(valid_to=date.today())
            Oversight.objects.create(territory=territory, body=oversight, valid_from=ATLAS_FROM)
        build_schema(territory.schema_name)
    return territory


def schema_for(facts: dict) -> str:
    """A new territory's schema name: letters, digits and underscores, never changed afterwards."""
    return f"t_{facts['name'].lower().replace(' ', '_').replace('-', '_')}"


def build_schema(schema: str) -> None:
    """Make a schema's tables, if it has none yet, and grant its role what it may do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
        missing = cursor.fetchone() is None
        if missing:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(schema)}")
    if missing:
        statements = blueprint()
        connection.set_schema(schema)
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            _record_migrations()
        finally:
            connection.set_schema_to_public()
    grant(schema)


@cache
def blueprint() -> tuple[str, ...]:
    """Every statement of the migrations of a territory, in order."""
    connection.set_schema("t_blueprint")
    try:
        loader = MigrationExecutor(connection).loader
        steps = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
        collected = loader.collect_sql([(loader.graph.nodes[step], False) for step in steps])
    finally:
        connection.set_schema_to_public()
    return tuple(statement for statement in collected if not statement.startswith("--"))


def _record_migrations() -> None:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    loader = MigrationExecutor(connection).loader
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name) for app, name in sorted(loader.disk_migrations)
    )
