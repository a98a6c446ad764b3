"""The connections that a web process keeps: as many as it answers requests at once, and never more than PostgreSQL has.

A connection remembers schema and role of whoever used it last. A request begins with a DatabaseWrapper that
knows of none and takes both before its first statement, so what was left behind is never seen.
"""

import logging

from django.conf import settings
from django.db import OperationalError, connection

logger = logging.getLogger(__name__)
# What workers, the clock, migrations and somebody at a console may need beside web processes.
OTHERS = 20
POOL = {
    "name": "web",
    "min_size": 1,
    # A page waits so long for a connection, which it does only while PostgreSQL is away.
    "timeout": 2.0,
    # Then nobody tries for minutes at growing intervals: the next page that needs one does.
    "reconnect_timeout": 3.0,
    "max_idle": 120.0,
}
ROOM = """
    SELECT current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - current_setting('reserved_connections')::int
"""


def keep_connections() -> str | None:
    """Keep connections from now on; or the sentence that says why this process must not start."""
    if not settings.DICM_DB_POOL:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute(ROOM)
            (room,) = cursor.fetchone()
    except OperationalError as away:
        # It will come: pages say meanwhile that it is not there.
        logger.error("PostgreSQL did not say how many connections it has: %s", away)
        room = None
    finally:
        connection.close()
    if room is not None and (reason := too_many(room)):
        return reason
    options = connection.settings_dict["OPTIONS"]
    options["pool"] = POOL | {"max_size": size()}
    # One that PostgreSQL has closed meanwhile is replaced before somebody gets it.
    connection.settings_dict["CONN_HEALTH_CHECKS"] = True
    return None


def size() -> int:
    """One for each request that is being answered, and one to look whether the process is ready."""
    return settings.DICM_WEB_AT_ONCE + 1


def too_many(room: int) -> str | None:
    """Why web processes and all others don't fit in so many connections."""
    processes, each = settings.DICM_WEB_PROCESSES, size()
    if processes * each + OTHERS <= room:
        return None
    return (
        f"{processes} web processes with {each} connections each (DICM_WEB_PROCESSES, DICM_WEB_AT_ONCE) and {OTHERS} for all "
        f"others are {processes * each + OTHERS} connections, and PostgreSQL has {room}: raise its max_connections or lower ours."
    )
