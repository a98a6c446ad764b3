"""The web process: Django for everything but the event stream, which must not cost a thread a reader."""

import asyncio
import io
import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dicm.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 (ready only now)
from django.db import connection  # noqa: E402

from dicm.bare import bare  # noqa: E402
from dicm.postgres.pool import keep_connections  # noqa: E402
from dicm.turns import Full, Turns  # noqa: E402
from territories.stream import PATH, close_when_told_to_stop, stream  # noqa: E402

# Evidence and the form around it. Django would spool any body to disk before it looks at it.
MAX_BODY = settings.EVIDENCE_MAX_BYTES + 2 * 1024 * 1024
# How long the next part of a body may take, and the whole of it: 12 MB over a line of 1 Mbit/s.
PART_SECONDS, BODY_SECONDS = 15, 100
# More than these wait at most so many seconds for one of the DICM_WEB_AT_ONCE turns.
WAITING, WAITING_SECONDS = 500, 10
# What tells whether the process is well takes nobody's turn.
PROBES = {"/health/", "/ready/"}


class Pages(ASGIHandler):
    """Django with everything of a request in one thread, and so on one connection in one territory.

    Its own way makes the pages of errors in another thread, whose connection has taken no territory.
    A request has its turn when its body is there, and ends it with its answer, however slowly that is read.
    """

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self.turns = turns

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async=False)

    async def get_response_async(self, request):
        if request.path in PROBES:
            return await self._undisturbed(request)
        try:
            async with self.turns.turn():
                return await self._undisturbed(request)
        except Full:
            return bare(request, 503)

    async def _undisturbed(self, request):
        """The answer. A reader who goes leaves a thread behind: its turn lasts until it is done."""
        thread = asyncio.ensure_future(sync_to_async(self._answer, thread_sensitive=True)(request))
        try:
            return await asyncio.shield(thread)
        except asyncio.CancelledError:
            await asyncio.wait([thread])
            raise

    def _answer(self, request):
        try:
            return self.get_response(request)
        finally:
            connection.close()


pages = Pages(Turns(settings.DICM_WEB_AT_ONCE, WAITING, WAITING_SECONDS))


async def application(scope, receive, send):
    if scope["type"] == "http" and scope["path"].startswith(PATH):
        await stream(scope, receive, send)
    elif scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and (status := refused(scope)):
        await refuse(scope, send, status)
    else:
        try:
            await pages(scope, bounded(receive), send)
        except Unfinished:
            await refuse(scope, send, 408)
        except TooLarge:
            await refuse(scope, send, 413)


class Unfinished(Exception):
    """A body that stopped coming."""


class TooLarge(Exception):
    """A body that grew beyond what is taken, without having said so."""


def refused(scope) -> int:
    """413 for a body that says it is too large, 415 for one in another charset than UTF-8 or of an unreadable kind, else 0."""
    headers = dict(scope["headers"])
    try:
        _kind, told = parse_header_parameters(headers.get(b"content-type", b"").decode("latin-1"))
    except (ValueError, TypeError):
        return 415
    if told.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        return 415
    length = headers.get(b"content-length", b"0")
    return 413 if not length.isdigit() or int(length) > MAX_BODY else 0


async def refuse(scope, send, status: int):
    """A page of its own for a request that Django doesn't see, and an end to the connection."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
    request, unreadable = pages.create_request({**scope, "headers": headers}, io.BytesIO())
    response = unreadable or bare(request, status)
    response["Connection"] = "close"
    await pages.send_response(response, send)


def bounded(receive):
    """The same body: TooLarge where it grows beyond what it said, Unfinished where it stops coming."""
    read, more, end = 0, True, asyncio.get_running_loop().time() + BODY_SECONDS

    async def counted():
        nonlocal read, more
        if not more:
            return await receive()
        try:
            async with asyncio.timeout_at(min(end, asyncio.get_running_loop().time() + PART_SECONDS)):
                message = await receive()
        except TimeoutError as late:
            raise Unfinished from late
        read += len(message.get("body", b""))
        more = message.get("more_body", False)
        if read > MAX_BODY:
            raise TooLarge
        return message

    return counted


async def lifespan(receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if reason := await sync_to_async(keep_connections)():
                await send({"type": "lifespan.startup.failed", "message": reason})
                return
            close_when_told_to_stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
