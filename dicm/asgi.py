"""The web process: Django for everything but the event stream, which must not cost a thread a reader."""

import os
from email.message import Message

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dicm.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 (ready only now)

from territories.stream import close_when_told_to_stop, stream  # noqa: E402

# Evidence and the form around it. Django would spool any body to disk before it looks at it.
MAX_BODY = settings.EVIDENCE_MAX_BYTES + 2 * 1024 * 1024


class Pages(ASGIHandler):
    """Django with everything of a request in one thread, and so on one connection in one territory.

    Its own way makes the pages of errors in another thread, whose connection has taken no territory.
    """

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async=False)

    async def get_response_async(self, request):
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


pages = Pages()


async def application(scope, receive, send):
    if scope["type"] == "http" and scope["path"].startswith("/stream/"):
        await stream(scope, receive, send)
    elif scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and (status := refused(scope)):
        await send({"type": "http.response.start", "status": status, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})
    else:
        await pages(scope, bounded(receive), send)


def refused(scope) -> int:
    """413 for a body that says it is too large, 415 for one in another charset than UTF-8, else 0."""
    headers = dict(scope["headers"])
    kind = Message()
    kind["content-type"] = headers.get(b"content-type", b"").decode("latin-1")
    if str(kind.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8"}:
        return 415
    length = headers.get(b"content-length", b"0")
    return 413 if not length.isdigit() or int(length) > MAX_BODY else 0


def bounded(receive):
    """The same body, cut off as if the reader had gone where it grows too large without saying so."""
    read = 0

    async def counted():
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return message if read <= MAX_BODY else {"type": "http.disconnect"}

    return counted


async def lifespan(receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            close_when_told_to_stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
