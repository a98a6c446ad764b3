"""What a task must hold to before it touches a territory."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, transaction

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


@contextmanager
def alone_at(name: str) -> Iterator[bool]:
    """Whether nobody else in this territory is at work on `name`; for as long as it lasts, nobody else will be.

    PostgreSQL holds the lock for the connection and lets it go in the moment in which that ends, however the
    process dies. So there is no lease to renew, and no time to wait until a dead process is taken for dead.
    Whoever lost its connection has lost the lock too: write only what is still yours to write.
    """
    key = [f"{connection.schema_name}:{name}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
