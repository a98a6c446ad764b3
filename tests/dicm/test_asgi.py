"""A request is one thread and one connection from its first statement to its last, its page of an error among them."""

import asyncio

import pytest
from django.db import connection
from django.db.models.signals import post_init

from dicm.asgi import application
from territories.models import User
from territories.tenancy import PUBLIC, role_of


def asked(host: str, path: str, cookie: str = "") -> int:
    """The status of an answer to a GET, as a server would ask for it."""
    sent: list[dict] = []
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"host", host.encode()), (b"cookie", cookie.encode())],
    }  # fmt: skip
    body = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return body.pop() if body else await asyncio.Future()

    async def send(message):
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    return sent[0]["status"]


@pytest.fixture
def seen():
    """Where PostgreSQL says that people are read."""
    found = set()

    def look(sender, **more):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema, current_user")
            found.add(cursor.fetchone())

    post_init.connect(look, sender=User)
    yield found
    post_init.disconnect(look, sender=User)


@pytest.mark.parametrize(
    ("path", "status"), [("/activities/", 200), ("/nowhere/", 404), ("/reports/new/", 404)]
)
def test_a_page_and_a_page_of_an_error_run_under_the_territorys_role(
    committed, cast, north, client_for, seen, path, status
):
    cookie = f"sessionid={client_for(cast.supplier).cookies['sessionid'].value}"
    seen.clear()
    assert asked(north.host, path, cookie) == status
    assert seen == {(north.schema_name, role_of(north.schema_name))}


def test_an_error_on_the_public_site_runs_under_its_role(committed, cast, client_for, seen):
    browser = client_for(cast.supplier, territory=None)
    seen.clear()
    assert asked("dicm.localhost", "/nowhere/", f"sessionid={browser.cookies['sessionid'].value}") == 404
    assert seen == {(PUBLIC, role_of(PUBLIC))}


def test_an_unknown_host_reads_nothing(committed, seen):
    assert asked("elsewhere.dicm.localhost", "/") == 404
    assert seen == set()
