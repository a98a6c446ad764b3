"""Databases for measuring, and how long it takes to found territories in them."""

import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

# The queues of a running demo are not ours: Valkey keeps 16 numbered databases.
REDIS_DATABASE = 9


@contextmanager
def fresh_database() -> Iterator[dict[str, str]]:
    """The environment of a new database beside the one in use; it goes with its roles at the end."""
    name = f"dicm_bench_{secrets.token_hex(4)}"
    here = os.environ.get("DATABASE_URL", "postgresql://localhost/dicm")
    with psycopg.connect(here, autocommit=True) as server, tempfile.TemporaryDirectory() as media:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield os.environ | {
                "DATABASE_URL": make_conninfo(here, dbname=name),
                "REDIS_URL": re.sub(r"/\d+$", "", settings.REDIS_URL) + f"/{REDIS_DATABASE}",
                "DICM_MEDIA_ROOT": media,
                "PORT": str(free_port()),
            }
        finally:
            _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    roles = server.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{name}_"])
    for (role,) in roles.fetchall():
        server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def founded(environment: Mapping[str, str], *options: str) -> float:
    """Seconds that `create_territories` says it took in this environment, as a process of its own."""
    said = manage(environment, "create_territories", *options)
    return float(re.findall(r"in ([\d.]+) s\.", said)[-1])


def manage(environment: Mapping[str, str], *words: str) -> str:
    """What a management command prints in another environment."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
