"""Pages that change by themselves: they hear names, never data, and fetch what changed as anyone would.

announce(name) → Valkey → one subscription a process → every open stream that may hear the name.
The stream holds neither a thread nor a database connection: permission is asked by an ordinary view,
which signs a token for the names; it is asked again when the token runs out and the page renews it.
"""

import asyncio
import contextlib
import signal
import threading
import time
from functools import partial

import redis
import redis.asyncio
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpResponseRedirect

from territories.tasks import here
from territories.tenancy import connection

TOKEN_SECONDS = 5 * 60
KEEP_ALIVE_SECONDS = 20
RECONNECT_SECONDS = 1
_SALT = "stream"
_PREFIX = "live:"
_publisher = redis.Redis.from_url(settings.REDIS_URL)


def announce(name: str) -> None:
    """Tell every open page of this territory, once the transaction is committed, that `name` changed."""
    channel = f"{_PREFIX}{connection.schema_name}:{name}"
    transaction.on_commit(lambda: _publisher.publish(channel, name), robust=True)


def listen(name: str) -> HttpResponseRedirect:
    """Let the reader of this request hear `name` in this territory: a redirect to the stream."""
    here()
    ticket = {
        "channel": f"{connection.schema_name}:{name}",
        "host": connection.tenant.host,
        "until": int(time.time()) + TOKEN_SECONDS,
    }
    response = HttpResponseRedirect(f"/stream/{signing.dumps(ticket, salt=_SALT)}/")
    response.status_code = 307
    return response


def admitted(scope) -> dict | None:
    """The ticket in the address, if it is ours, for this host, and not yet over."""
    headers = dict(scope.get("headers", ()))
    host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0].lower()
    try:
        ticket = signing.loads(scope["path"].removeprefix("/stream/").strip("/"), salt=_SALT)
    except signing.BadSignature:
        return None
    return ticket if ticket["host"] == host and ticket["until"] > time.time() else None


class Hub:
    """One subscription of this process, handed on to as many readers as there are."""

    def __init__(self):
        self.readers: dict[str, set[asyncio.Queue]] = {}
        self.pump: asyncio.Task | None = None
        self.closed = False

    @contextlib.asynccontextmanager
    async def hear(self, channel: str):
        """A queue of the names announced on a channel; None says that the process is about to end."""
        if self.pump is None or self.pump.done():
            self.pump = asyncio.create_task(self._pump())
        queue: asyncio.Queue = asyncio.Queue(maxsize=16)
        self.readers.setdefault(channel, set()).add(queue)
        if self.closed:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self.readers[channel].discard(queue)
            if not self.readers[channel]:
                del self.readers[channel]

    def close(self):
        """End every stream, those to come as well."""
        self.closed = True
        for queue in set().union(*self.readers.values()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def _pump(self):
        while True:
            with contextlib.suppress(redis.RedisError):
                await self._subscribe()
            await asyncio.sleep(RECONNECT_SECONDS)
            for channel in list(self.readers):  # what was announced meanwhile is lost: let everyone look
                self._tell(channel, channel.partition(":")[2].encode())

    async def _subscribe(self):
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(f"{_PREFIX}*")
            async for message in subscription.listen():
                if message["type"] == "pmessage":
                    self._tell(message["channel"].decode().removeprefix(_PREFIX), message["data"])

    def _tell(self, channel: str, name: bytes):
        for queue in self.readers.get(channel, ()):
            if not queue.full():  # a reader that far behind fetches once and has it all
                queue.put_nowait(name)


hub = Hub()


def close_when_told_to_stop() -> None:
    """Streams end with the signal itself: a server waits for its connections before it ends the lifespan."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if callable(before := signal.getsignal(number)):
            signal.signal(number, partial(_close_and, before, loop))


def _close_and(before, loop, number, frame):
    loop.call_soon_threadsafe(hub.close)
    before(number, frame)


async def stream(scope, receive, send):
    """The ASGI endpoint /stream/<token>/: Server-Sent Events until the token runs out."""
    ticket = admitted(scope)
    if ticket is None:
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"private, no-store, no-transform"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
    gone = asyncio.create_task(_disconnected(receive))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ticket["until"] - time.time()), hub.hear(ticket["channel"]) as names:
            await _pass_on(names, gone, send)
    gone.cancel()
    await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pass_on(names, gone, send):
    while not gone.done():
        name = asyncio.create_task(names.get())
        await asyncio.wait({name, gone}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if name.done() and name.result() is None:
            return
        if name.done():
            body = b"event: " + name.result() + b"\ndata: " + name.result() + b"\n\n"
        else:
            name.cancel()
            body = b": still here\n\n"
        if not gone.done():
            await send({"type": "http.response.body", "body": body, "more_body": True})
