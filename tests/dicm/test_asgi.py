"""A request is one thread and one connection from its first statement to its last, its page of an error among them."""

import asyncio
from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models.signals import post_init

from dicm.asgi import application
from territories.models import User
from territories.tenancy import PUBLIC, role_of


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


async def answered(host: str, path: str, cookie: str = "", by=application) -> Answer:
    """What a server would get for a GET."""
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

    await by(scope, receive, send)
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return Answer(sent[0]["status"], headers, text)


def asked(host: str, path: str, cookie: str = "") -> int:
    return asyncio.run(answered(host, path, cookie)).status


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
