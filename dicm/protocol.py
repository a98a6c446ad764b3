"""uvicorn's own HTTP, which otherwise waits for ever for the rest of a request's head.

uvicorn --http dicm.protocol:Protocol dicm.asgi:application
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10
# In both languages: which one the reader wants stands in the head that did not come.
TOO_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n"
    b"Your request did not arrive as a whole in time. Please send it once more.\n"
    b"Ni chyrhaeddodd eich cais yn gyfan mewn pryd. Anfonwch ef unwaith eto.\n"
)


class Protocol(H11Protocol):
    """From a connection's first moment, or a further request's first byte, a head is whole in HEAD_SECONDS."""

    head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport):
        super().connection_made(transport)
        self._watch_the_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_the_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching()

    def _watch_the_head(self) -> None:
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop_watching()
        elif self.head_timer is None:
            self.head_timer = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def _stop_watching(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def _too_late(self) -> None:
        self.head_timer = None
        self.transport.write(TOO_LATE)
        self.transport.close()
