"""The login of web and worker processes: it owns nothing, and may only take the roles of the territories.

Whoever could make a page run statements of their own would still be no owner: RESET ROLE leads to a user who
can do nothing but read which territories there are. Migrations and founding run as the owner.
"""

import os
import secrets

from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from territories.models import Domain, Territory
from territories.tenancy import PUBLIC, connection, role_of

# Of the owner's connection, what leads to the same database.
SAME = ("dbname", "host", "port", "sslmode", "sslrootcert")

# What nobody who serves may do for longer; the owner, who migrates, may. They hold for the login however it connects.
PATIENCE = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A machine that is gone without a word holds neither locks nor reports for hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


def login_name() -> str:
    return role_of("service")


def environment() -> dict[str, str]:
    """The environment of processes that serve, where it is us who start them: ours, with a login made for them."""
    if not settings.DICM_ROLES:
        return dict(os.environ)
    return os.environ | {"DATABASE_URL": let_in(settings.DICM_SERVICE_PASSWORD or secrets.token_hex(16))}


def let_in(password: str) -> str:
    """Create the login or give it this password, and let it take every role there is; returns where to connect.

    Run as the owner, after each founding of a territory.
    """
    connection.set_schema_to_public()
    login = sql.Identifier(login_name())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login_name()])
        verb = sql.SQL("ALTER ROLE" if cursor.fetchone() else "CREATE ROLE")
        statements = [
            sql.SQL("{} {} LOGIN NOINHERIT PASSWORD {}").format(verb, login, sql.Literal(password)),
            *(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(login, sql.Identifier(name), sql.Literal(value))
                for name, value in PATIENCE.items()
            ),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(login),
            *(
                sql.SQL("GRANT SELECT ON public.{} TO {}").format(sql.Identifier(model._meta.db_table), login)
                for model in (Territory, Domain)
            ),
            *(
                sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(role), login)
                for role in map(role_of, [PUBLIC, *Territory.objects.values_list("schema_name", flat=True)])
            ),
        ]
        for statement in statements:
            cursor.execute(statement)
    params = connection.get_connection_params()
    facts = {name: params[name] for name in SAME if params.get(name)}
    return make_conninfo(**facts | {"user": login_name(), "password": password})
