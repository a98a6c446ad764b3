"""announce → Valkey → hub → an open page: names and nothing else, in one territory, for as long as the token says."""

import asyncio
import contextlib
import time
import uuid
from unittest.mock import patch

import pytest
from django.core import signing
from django.db import connections, transaction

from dicm.asgi import application
from territories import stream as streams
from territories.stream import Hub, announce, hub, listen
from tests.cast import acting_in

HOST = b"thames-valley.dicm.localhost:8000"


class Reader:
    """A browser's event stream: what the server sent, and a way to hang up."""

    def __init__(self, path: str):
        self.scope = {"type": "http", "path": path, "headers": [(b"host", HOST)], "method": "GET"}
        self.sent: list[dict] = []
        self.came = asyncio.Event()
        self.gone = asyncio.Event()

    async def __aenter__(self):
        self.task = asyncio.create_task(application(self.scope, self._receive, self._send))
        await self.until(lambda: self.sent)
        return self

    async def __aexit__(self, *exception):
        self.gone.set()
        await asyncio.wait_for(self.task, 5)

    async def until(self, happened) -> None:
        async with asyncio.timeout(10):
            while not happened():
                self.came.clear()
                await self.came.wait()

    async def heard(self, event: str, tell) -> None:
        """Waits for an event and goes on telling: the first time, the subscription may not stand yet."""
        async with asyncio.timeout(10):
            while event not in self.events:
                await asyncio.to_thread(tell)
                self.came.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.came.wait(), 0.05)

    async def _receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.sent.append(message)
        self.came.set()

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()

    @property
    def events(self) -> list[str]:
        return [line.removeprefix("event: ") for line in self.text.splitlines() if line.startswith("event: ")]


def said_in(territory, name: str):
    """An act of another process: it commits, and is over."""

    def tell():
        try:
            with territory, transaction.atomic():
                announce(name)
        finally:
            connections.close_all()

    return tell


def address(territory, name: str) -> str:
    with territory:
        return listen(name).url


@pytest.fixture
def name() -> str:
    return f"order-{uuid.uuid4()}"


# ---- from an act to a page ----


def test_a_page_hears_the_name_of_what_changed(committed, north, name):
    async def play():
        async with Reader(address(north, name)) as reader:
            await reader.heard(name, said_in(north, name))
        return reader

    reader = asyncio.run(play())
    assert reader.status == 200
    assert dict(reader.sent[0]["headers"]) == {
        b"content-type": b"text/event-stream",
        b"cache-control": b"private, no-store, no-transform",
        b"x-content-type-options": b"nosniff",
        b"x-accel-buffering": b"no",
    }
    assert reader.text.startswith(f"retry: 3000\n\nevent: {name}\ndata: {name}\n\n")
    assert hub.readers == {}


def test_an_order_page_hears_of_the_providers_decision(committed, order_at, client_for, cast, north):
    """From the view that lets one listen to the act that is heard."""
    story = order_at("offered")
    response = client_for(cast.supplier).get(f"/orders/{story.order.pk}/live/")
    assert response.status_code == 307

    def decide():
        try:
            if story.stage != "agreed":
                story.walk("agreed")
            said_in(north, f"order-{story.order.pk}")()
        finally:
            connections.close_all()

    async def play():
        async with Reader(response.url) as reader:
            await reader.heard(f"order-{story.order.pk}", decide)
        return reader

    assert set(asyncio.run(play()).events) == {f"order-{story.order.pk}"}


def test_a_page_hears_neither_other_names_nor_other_territories(committed, north, south, name):
    async def play():
        async with Reader(address(north, name)) as reader, Reader(address(north, f"{name}-2")) as other:
            said = [said_in(south, name), said_in(north, f"{name}x"), said_in(north, f"{name}-2")]
            await other.heard(f"{name}-2", lambda: [tell() for tell in said])
            await other.heard(f"{name}-2", lambda: None)
        return reader, other

    reader, other = asyncio.run(play())
    assert reader.text == "retry: 3000\n\n"
    assert set(other.events) == {f"{name}-2"}


def test_every_reader_of_a_name_hears_it_over_one_subscription(committed, north, name):
    async def play():
        path = address(north, name)
        async with Reader(path) as first, Reader(path) as second:
            await first.heard(name, said_in(north, name))
            await second.until(lambda: second.events)
            return first.events[:1], second.events[:1], len(hub.readers)

    assert asyncio.run(play()) == ([name], [name], 1)


def test_what_is_rolled_back_is_never_heard(committed, north, name):
    def undone():
        try:
            with north, contextlib.suppress(RuntimeError), transaction.atomic():
                announce(name)
                raise RuntimeError
            said_in(north, f"{name}-end")()
        finally:
            connections.close_all()

    async def play():
        async with Reader(address(north, name)) as reader, Reader(address(north, f"{name}-end")) as end:
            await end.heard(f"{name}-end", undone)
        return reader.text

    assert asyncio.run(play()) == "retry: 3000\n\n"


def test_an_act_succeeds_even_if_nobody_can_be_told(north, name, monkeypatch, caplog):
    """Valkey may be away: the page comes a little later, the act is not undone."""
    monkeypatch.setattr(streams, "_publisher", type(streams._publisher).from_url("redis://127.0.0.1:1/0"))
    with acting_in(north):
        announce(name)
    assert [record.levelname for record in caplog.records if record.name == "django.test"] == ["ERROR"]


# ---- who may listen, and for how long ----


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_a_token_that_we_did_not_sign_is_refused(token):
    async def play():
        async with Reader(f"/stream/{token}/") as reader:
            pass
        return reader

    reader = asyncio.run(play())
    assert (reader.status, reader.text) == (403, "")


def test_a_token_that_we_signed_for_something_else_is_refused(north, name):
    token = signing.dumps(f"{north.schema_name}:{name}", salt="another")

    async def play():
        async with Reader(f"/stream/{token}/") as reader:
            pass
        return reader.status

    assert asyncio.run(play()) == 403


@pytest.mark.parametrize(
    ("age", "status"), [(streams.TOKEN_SECONDS - 60, 200), (streams.TOKEN_SECONDS + 1, 403)]
)
def test_a_token_runs_out(north, name, age, status):
    with patch("territories.stream.time.time", return_value=time.time() - age):
        path = address(north, name)

    async def play():
        async with Reader(path) as reader:
            pass
        return reader.status

    assert asyncio.run(play()) == status


def test_a_stream_ends_with_its_token(north, name, monkeypatch):
    monkeypatch.setattr(streams, "TOKEN_SECONDS", 1)
    path = address(north, name)

    async def play():
        async with Reader(path) as reader:
            await asyncio.wait_for(reader.task, 5)
        return reader.sent[-1]

    assert asyncio.run(play()) == {"type": "http.response.body", "body": b""}
    assert hub.readers == {}


def test_a_stream_says_that_it_is_still_here(north, name, monkeypatch):
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.02)
    path = address(north, name)

    async def play():
        async with Reader(path) as reader:
            await reader.until(lambda: ": still here\n\n" in reader.text)
        return reader.status

    assert asyncio.run(play()) == 200


def test_a_reader_that_hangs_up_is_forgotten(north, name):
    path = address(north, name)

    async def play():
        async with Reader(path):
            during = list(hub.readers)
        return during, list(hub.readers)

    assert asyncio.run(play()) == ([f"{north.schema_name}:{name}"], [])


def test_a_reader_that_does_not_keep_up_loses_repetitions_and_nobody_else_waits(committed, north, name):
    own = Hub()

    async def play():
        channel = f"{north.schema_name}:{name}"
        async with own.hear(channel) as slow, own.hear(f"{channel}-end") as end:
            async with asyncio.timeout(10):
                while end.empty():
                    await asyncio.to_thread(lambda: [said_in(north, name)() for _time in range(20)])
                    await asyncio.to_thread(said_in(north, f"{name}-end"))
                    await asyncio.sleep(0.02)
            return slow.qsize()

    assert asyncio.run(play()) == 16
