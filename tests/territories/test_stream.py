"""announce → Valkey → hub → an open page: names and nothing else, in one territory, for as long as the token says."""

import asyncio
import contextlib
import re
import time
import uuid
from unittest.mock import patch

import pytest
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import connections, transaction
from django.http import HttpRequest

from dicm.asgi import application
from territories import stream as streams
from territories.cookies import SessionStore
from territories.hub import PACE_SECONDS, Hub
from territories.stream import announce, hub, listen
from tests.client import acting_in

HOST = "thames-valley.dicm.localhost:8000"


class Reader:
    """A browser's event stream: what the server sent, and a way to hang up."""

    def __init__(self, path: str, session: str = "", **headers: str):
        said = {"host": HOST, "cookie": f"sessionid={session}"} | headers
        lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
        self.scope = {"type": "http", "path": path, "headers": lines, "method": "GET"}
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


def address(territory, name: str, session: str = "") -> str:
    request = HttpRequest()
    request.session = SessionStore(session or None)
    with territory:
        return listen(request, name).url


def opening(place: int = 0) -> str:
    """What a stream begins with, whose ticket was just signed, after so many others."""
    return rf"id: \d+\nretry: {3000 + 20 * place}\n\n"


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
    assert re.match(rf"{opening()}event: {name}\ndata: {name}\n\n", reader.text)
    assert hub.readers == {}


def test_an_order_page_hears_of_the_providers_decision(committed, order_at, client_for, cast, north):
    """From the view that lets one listen to the act that is heard."""
    story = order_at("offered")
    browser = client_for(cast.supplier)
    response = browser.get(f"/orders/{story.order.pk}/live/")
    assert response.status_code == 307

    def decide():
        try:
            if story.stage != "agreed":
                story.walk("agreed")
            said_in(north, f"order-{story.order.pk}")()
        finally:
            connections.close_all()

    async def play():
        async with Reader(response.url, browser.cookies["sessionid"].value) as reader:
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
    assert re.fullmatch(opening(), reader.text)
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

    assert re.fullmatch(opening(), asyncio.run(play()))


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
    ("age", "status"), [(streams.TICKET_SECONDS - 60, 200), (streams.TICKET_SECONDS + 1, 403)]
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
    monkeypatch.setattr(streams, "TICKET_SECONDS", 1)
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


# ---- many readers ----


def turns_of(hub: Hub, readers: int, telling):
    """When each of some readers of one channel was told, in seconds from the first word."""

    async def play():
        loop, told = asyncio.get_running_loop(), [[] for _reader in range(readers)]
        async with contextlib.AsyncExitStack() as stack:
            held = [await stack.enter_async_context(hub.hear("north:x")) for _reader in range(readers)]

            async def wait(reader, times):
                while True:
                    await reader.woken.wait()
                    reader.woken.clear()
                    times.append(loop.time() - start)

            start = loop.time()
            waiting = [asyncio.create_task(wait(*pair)) for pair in zip(held, told, strict=True)]
            await telling(lambda: hub.tell("north:x", hub.readers["north:x"]))
            while hub.due or not all(told):
                await asyncio.sleep(0.01)
            for task in waiting:
                task.cancel()
        return told

    return asyncio.run(play())


def test_readers_are_told_one_after_another_and_the_first_waits_for_nobody():
    async def once(tell):
        tell()

    (first, *_between, last) = turns_of(Hub(), 40, once)
    assert len(first) == len(last) == 1
    assert last[0] - first[0] >= 38 * PACE_SECONDS


def test_what_happens_while_a_reader_waits_is_told_once():
    async def five_times(tell):
        for _time in range(5):
            tell()

    assert [len(times) for times in turns_of(Hub(), 20, five_times)] == [1] * 20


def test_what_happens_after_a_readers_turn_is_told_again():
    async def twice(tell):
        tell()
        await asyncio.sleep(5.5 * PACE_SECONDS)
        tell()

    told = [len(times) for times in turns_of(Hub(), 40, twice)]
    assert (told[0], told[-1], set(told)) == (2, 1, {1, 2})


def test_a_single_reader_does_not_wait_for_the_hundreds_of_another_name():
    own = Hub()

    async def play():
        async with contextlib.AsyncExitStack() as stack:
            for _reader in range(200):
                await stack.enter_async_context(own.hear("north:many"))
            alone = await stack.enter_async_context(own.hear("north:one"))
            own.tell("north:many", own.readers["north:many"])
            own.tell("north:one", own.readers["north:one"])
            await alone.woken.wait()
            return len(own.due["north:many"])

    assert asyncio.run(play()) >= 195


def test_those_who_were_cut_off_together_come_back_one_after_another(north, name):
    async def play():
        path = address(north, name)
        async with Reader(path) as first, Reader(path) as second, Reader(path) as third:
            return [reader.text for reader in (first, second, third)]

    texts = asyncio.run(play())
    assert [bool(re.fullmatch(opening(place), text)) for place, text in enumerate(texts)] == [True] * 3


def test_a_page_that_comes_again_looks_whether_it_missed_something(north, name):
    async def play():
        async with Reader(address(north, name), last_event_id="1") as reader:
            await reader.until(lambda: reader.events)
        return reader.events

    assert asyncio.run(play()) == [name]


# ---- a session and its streams ----


def test_a_ticket_is_of_use_to_its_own_session_alone(north, name):
    path = address(north, name, session="a" * 32)

    async def play(session):
        async with Reader(path, session) as reader:
            pass
        return reader.status

    assert [asyncio.run(play(session)) for session in ("a" * 32, "b" * 32, "")] == [200, 403, 403]


def signed_out(browser):
    """The button of the public site, pressed by the same browser."""

    def press():
        try:
            browser.post("/accounts/logout/")
        finally:
            connections.close_all()

    return press


def ended_elsewhere(browser):
    """What a colleague at another machine does on "Your account"."""

    def end():
        try:
            UserSession.objects.create(
                session_key=browser.session.session_key,
                user_id=browser.session["_auth_user_id"],
                ip="10.0.0.1",
            ).end()
        finally:
            connections.close_all()

    return end


@pytest.mark.parametrize("end", [signed_out, ended_elsewhere])
def test_a_stream_ends_with_its_session_and_no_other_does(committed, cast, client_for, north, name, end):
    browser, other = client_for(cast.supplier, territory=None), client_for(cast.buyer, territory=None)
    keys = [one.session.session_key for one in (browser, other)]
    paths = [address(north, name, key) for key in keys]

    async def play():
        async with Reader(paths[0], keys[0]) as mine, Reader(paths[1], keys[1]) as theirs:
            # A subscription may not stand yet when the first word is said.
            await theirs.heard(name, said_in(north, name))
            await asyncio.to_thread(end(browser))
            await asyncio.wait_for(mine.task, 5)
            still = not theirs.task.done()
            async with Reader(paths[0], keys[0]) as again:
                await asyncio.wait_for(again.task, 5)
        return mine.sent[-1], still

    assert asyncio.run(play()) == ({"type": "http.response.body", "body": b""}, True)
