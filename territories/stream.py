"""Pages that change by themselves: they hear names, never data, and fetch what changed as anyone would.

announce(name) → Valkey → one subscription a process → every open stream that may hear the name.
The stream holds neither a thread nor a database connection: permission is asked by an ordinary view,
which signs a ticket for the name; it is asked again when the ticket runs out and the page renews it.
The ticket is the session's, and with the session the stream ends. Whose turn it is to hear: territories/hub.py.
"""

import asyncio
import contextlib
import signal
import threading
import time
from functools import partial

import redis
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.cookie import parse_cookie
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.retry import Retry

from territories.hub import OVER, PACE_SECONDS, PREFIX, TICKET_SECONDS, Hub, Reader
from territories.tasks import here
from territories.tenancy import connection

KEEP_ALIVE_SECONDS = 20
# Until a page comes again whose stream ended.
RETURN_SECONDS = 3
_SALT = "stream"
PATH = "/stream/"  # answered beside Django (dicm/asgi.py)
_TIMES = {"socket_timeout": settings.VALKEY_SECONDS, "socket_connect_timeout": settings.VALKEY_SECONDS}
# Once more, for a connection that the server has closed meanwhile.
_publisher = redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 1), **_TIMES)


def announce(name: str) -> None:
    """Tell every open page of this territory, once the transaction is committed, that `name` changed."""
    channel = f"{PREFIX}{connection.schema_name}:{name}"
    transaction.on_commit(lambda: _publisher.publish(channel, name), robust=True)


def end_streams(session_key: str) -> None:
    """End every open stream of a session, once the transaction is committed."""
    digest = _digest(session_key)
    transaction.on_commit(lambda: _publisher.publish(OVER, digest), robust=True)


def can_publish() -> bool:
    """Whether Valkey answers now."""
    try:
        return bool(_publisher.ping())
    except redis.RedisError:
        return False


def listen(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """Let the session of this request hear `name` in this territory: a redirect to the stream."""
    here()
    ticket = {
        "channel": f"{connection.schema_name}:{name}",
        "host": connection.tenant.host,
        "session": _digest(request.session.session_key or ""),
        "until": int(time.time()) + TICKET_SECONDS,
    }
    response = HttpResponseRedirect(f"{PATH}{signing.dumps(ticket, salt=_SALT)}/")
    response.status_code = 307
    return response


def admitted(scope) -> dict | None:
    """The ticket in the address, if it is ours, for this host and session, and not yet over."""
    headers = dict(scope.get("headers", ()))
    host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0].lower()
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    session = _digest(cookies.get(settings.SESSION_COOKIE_NAME, ""))
    try:
        ticket = signing.loads(scope["path"].removeprefix(PATH).strip("/"), salt=_SALT)
    except signing.BadSignature:
        return None
    ours = (ticket["host"], ticket["session"]) == (host, session)
    return ticket if ours and ticket["until"] > time.time() else None


def _digest(session_key: str) -> str:
    """A session's name for outsiders: Valkey and addresses never see its key."""
    return salted_hmac(_SALT, session_key, algorithm="sha256").hexdigest()


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
    """The ASGI endpoint /stream/<ticket>/: Server-Sent Events until the ticket runs out or its session ends."""
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
    # Those who are cut off together come back one after another, and look whether they missed something.
    again = 1000 * (RETURN_SECONDS + hub.size * PACE_SECONDS)
    await send(_part(f"id: {ticket['until']}\nretry: {again:.0f}\n\n"))
    with contextlib.suppress(TimeoutError):
        async with (
            asyncio.timeout(ticket["until"] - time.time()),
            hub.hear(ticket["channel"], ticket["session"]) as reader,
        ):
            if b"last-event-id" in dict(scope["headers"]):
                hub.tell(ticket["channel"], [reader])
            await _pass_on(ticket["channel"].partition(":")[2], reader, receive, send)
    await send({"type": "http.response.body", "body": b""})


async def _pass_on(name: str, reader: Reader, receive, send):
    leaving = asyncio.create_task(_leaving(receive, reader))
    try:
        while not reader.over:
            try:
                await asyncio.wait_for(reader.woken.wait(), KEEP_ALIVE_SECONDS)
                said = f"event: {name}\ndata: {name}\n\n"
            except TimeoutError:
                said = ": still here\n\n"
            reader.woken.clear()
            if not reader.over:
                await send(_part(said))
    finally:
        leaving.cancel()


async def _leaving(receive, reader: Reader):
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.end()


def _part(text: str) -> dict:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}
