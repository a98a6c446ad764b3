"""What a task must hold to before it touches a territory."""

from django.db import connection

from territories.tenancy import PUBLIC


class WrongTerritory(Exception):
    """A task found itself in another schema than the one that it was queued for."""


def assert_territory(territory_id: int) -> None:
    """The active schema is that of the named territory, and never the public one."""
    if connection.schema_name == PUBLIC or getattr(connection.tenant, "pk", None) != territory_id:
        raise WrongTerritory(f"task for territory {territory_id} in schema {connection.schema_name}")


def here() -> int:
    """The id of the active territory, to be passed to a task."""
    assert_territory(connection.tenant.pk)
    return connection.tenant.pk
