"""One at a time, where there is no row yet that could be locked."""

from territories.tenancy import connection


def alone_with(*names: str) -> None:
    """Whoever else names one of these waits until this transaction is over. Give all names at once.

    They hold across territories: a name that is a territory's own carries its schema.
    """
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
