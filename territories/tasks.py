"""What a task must hold to before it touches a territory."""

from django.db import transaction

from territories.tenancy import PUBLIC, WrongTerritory, connection


def assert_territory(territory_id: int) -> None:
    """The active schema is that of the named territory, and never the public one."""
    active = getattr(connection.tenant, "pk", None)
    if connection.schema_name == PUBLIC or active is None or active != territory_id:
        raise WrongTerritory(f"task for territory {territory_id} in schema {connection.schema_name}")


def here() -> int:
    """The id of the active territory, to be passed to a task."""
    territory: int = getattr(connection.tenant, "pk", 0)
    assert_territory(territory)
    return territory


def queue(task, *arguments: str) -> None:
    """Queue a task of this territory once the transaction is committed.

    The act stands even if the broker is away: what was marked due is swept up later.
    """
    territory = here()
    transaction.on_commit(lambda: task.delay(territory, *arguments), robust=True)
