"""A territory is a schema and a role; both are taken together and nothing reaches past them."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection as django_connection
from django.db import models

PUBLIC = "public"
# The database connection, with the territory that it is in: `tenant`, `schema_name`, `set_tenant()`.
connection: Any = django_connection
# Apps whose tables protect accounts, or are staff's: read and written on the public site alone, by no territory's role.
ACCOUNT_APPS = ("account", "admin", "mfa", "usersessions", "socialaccount")
# Tables of other projects' apps that a territory's pages write to; our own models say it themselves.
WRITTEN_FROM_TERRITORIES = {"django_session": ("INSERT", "UPDATE", "DELETE")}
# Which migrations a schema has: read to know whether a process's code fits its tables (territories/probes.py).
MIGRATIONS = "django_migrations"


class WrongTerritory(Exception):
    """A request or a task found itself in another schema, or under another role, than it was meant for."""


@dataclass
class PublicSite:
    """The public host: no territory, the public schema, the public role."""

    schema_name: str = PUBLIC
    domain_url: str = ""


PUBLIC_SITE = PublicSite()


def role_of(schema: str, database: str | None = None) -> str:
    """The role for a schema; roles are shared by a whole server, so the database's name leads."""
    return f"{database or connection.settings_dict['NAME']}_{schema}"


def tenant_models() -> list[type[models.Model]]:
    """Models whose tables stand in every territory's schema."""
    return [
        model
        for label in settings.TENANT_APPS
        for model in apps.get_app_config(label.rsplit(".", 1)[-1]).get_models()
    ]


def public_models() -> list[type[models.Model]]:
    """Models whose tables stand in the public schema."""
    shared = {label.rsplit(".", 1)[-1] for label in settings.SHARED_APPS}
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in shared]


def privileges(model: type[models.Model]) -> list[str]:
    """What a role may do to a model's table, in its own schema.

    `insert_only = True` on a model keeps its rows for ever as they were written;
    `changing = ("field", …)` lets just those columns be updated and, unless `allowed` says so, no row be deleted;
    `allowed = ("SELECT", …)` names what may be done else, where the owner's commands alone write the rest.
    """
    changing = getattr(model, "changing", ())
    few = changing or getattr(model, "insert_only", False)
    verbs = ("SELECT", "INSERT") if few else ("SELECT", "INSERT", "UPDATE", "DELETE")
    given = list(getattr(model, "allowed", verbs))
    if changing:
        columns = [f'"{field.column}"' for field in model._meta.concrete_fields if field.name in changing]
        given.append(f"UPDATE ({', '.join(columns)})")
    return given


def ensure_role(schema: str) -> None:
    """Create the role of a schema if needed and let the connection's user take it."""
    role = connection.ops.quote_name(role_of(schema))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_of(schema)])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} NOLOGIN NOINHERIT")
        cursor.execute("SELECT pg_has_role(current_user, %s, 'SET')", [role_of(schema)])
        if not cursor.fetchone()[0]:
            cursor.execute(f"GRANT {role} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE")


def grant(schema: str) -> None:
    """(Re)grant what the role of a schema may do; run as owner, after every migration of it."""
    if not settings.DICM_ROLES:
        return
    ensure_role(schema)
    statements = list(_public_grants() if schema == PUBLIC else _territory_grants(schema))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _territory_grants(schema: str):
    quote = connection.ops.quote_name
    role = quote(role_of(schema))
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {quote(schema)}, public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA {quote(schema)}, public TO {role}"
    for model in tenant_models():
        table = f"{quote(schema)}.{quote(model._meta.db_table)}"
        yield f"GRANT {', '.join(privileges(model))} ON {table} TO {role}"
    yield f"GRANT SELECT ON {quote(schema)}.{MIGRATIONS} TO {role}"
    for model in public_models():
        table = model._meta.db_table
        if model._meta.app_label in ACCOUNT_APPS or table.startswith("journal_"):
            continue
        if not getattr(model, "read_from_territories", True):
            continue
        writes = getattr(model, "written_from_territories", WRITTEN_FROM_TERRITORIES.get(table, ()))
        yield f"GRANT {', '.join(('SELECT', *writes))} ON public.{quote(table)} TO {role}"


def _public_grants():
    quote = connection.ops.quote_name
    role = quote(role_of(PUBLIC))
    # A temporary table would stand before the real one of the same name.
    yield f"REVOKE TEMPORARY ON DATABASE {quote(connection.settings_dict['NAME'])} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT ON public.{MIGRATIONS} TO {role}"
    for model in public_models():
        yield f"GRANT {', '.join(privileges(model))} ON public.{quote(model._meta.db_table)} TO {role}"
