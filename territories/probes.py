"""What load balancers and those who watch ask: is the process alive, and is it of use?"""

from django.db import OperationalError, ProgrammingError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from territories.access import everyone
from territories.models import Territory
from territories.stream import can_publish
from territories.tenancy import PUBLIC, connection

# Schemas that were seen with every migration: what is applied stays so.
_complete: set[str] = set()


@everyone
@never_cache
def health(request):
    """Alive: asks nobody else, so that a process is not restarted because its database is away."""
    return HttpResponse("ok\n", content_type="text/plain")


@everyone
@never_cache
def ready(request):
    """503 without the database or with migrations that are missing; without Valkey it serves, and says so."""
    database, migrations = _database()
    broker = can_publish()
    status = "ready" if broker else "degraded"
    if not (database and migrations):
        status = "unavailable"
    facts = {"database": database, "migrations": migrations, "broker": broker}
    answer = JsonResponse({"status": status, **facts}, status=503 if status == "unavailable" else 200)
    if answer.status_code == 503:
        answer["Retry-After"] = "5"
    return answer


def _database() -> tuple[bool, bool]:
    """Whether it answers, and whether every schema has the migrations of this process's code."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True, not behind()
    except OperationalError:
        return False, False


def behind() -> list[str]:
    """The schemas that miss a migration, the public one first; asked on the public site."""
    unknown = [t for t in Territory.objects.filter(valid_to=None) if t.schema_name not in _complete]
    if not unknown and PUBLIC in _complete:
        return []
    wanted = set(MigrationLoader(None).disk_migrations)
    found = {PUBLIC: _has(wanted)}
    for territory in unknown:
        with territory:
            found[territory.schema_name] = _has(wanted)
    _complete.update(schema for schema, whole in found.items() if whole)
    return [schema for schema, whole in found.items() if not whole]


def _has(wanted: set[tuple[str, str]]) -> bool:
    try:
        return wanted <= set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except ProgrammingError:  # not even the table
        return False
