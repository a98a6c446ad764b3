"""One subscription of a process, handed on to every open stream, and nobody told at once with all the others.

Whoever hears a name fetches. So that hundreds don't at the same moment, readers are told one after another,
and whatever happens to a name before a reader's turn comes is told to it once.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

TICKET_SECONDS = 5 * 60
# Until the hub looks for Valkey again.
RECONNECT_SECONDS = 1
# From one reader told to the next; a page is fetched in less.
PACE_SECONDS = 0.02
PREFIX = "live:"
# What is said on it is the digest of a session that is over; every other subject is a schema and a name.
OVER = f"{PREFIX}over"


@dataclass(eq=False)
class Reader:
    """An open stream: of whom, and whether there is something to say or it is over."""

    session: str
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def end(self) -> None:
        self.over = True
        self.woken.set()


class Hub:
    """One subscription of this process, handed on to as many readers as there are."""

    def __init__(self):
        # By channel: who hears it, and who is still to be told, both in the order in which they came.
        self.readers: dict[str, dict[Reader, None]] = {}
        self.due: dict[str, dict[Reader, None]] = {}
        # Digests of sessions that are over, while a ticket of theirs may still be about.
        self.over: dict[str, float] = {}
        self.pump: asyncio.Task | None = None
        self.teller: asyncio.Task | None = None
        self.closed = False

    @property
    def size(self) -> int:
        return sum(map(len, self.readers.values()))

    @contextlib.asynccontextmanager
    async def hear(self, channel: str, session: str = ""):
        """A reader of the name that is announced on a channel."""
        if self.pump is None or self.pump.done():
            self.pump = asyncio.create_task(self._pump())
        reader = Reader(session)
        self.readers.setdefault(channel, {})[reader] = None
        if self.closed or session in self.over:
            reader.end()
        try:
            yield reader
        finally:
            self._strike(self.readers, channel, reader)
            self._strike(self.due, channel, reader)

    def tell(self, channel: str, readers: Iterable[Reader]) -> None:
        """Let readers of a channel know, each in its turn; who waits already is told once."""
        for reader in readers:
            self.due.setdefault(channel, {}).setdefault(reader)
        if self.due and (self.teller is None or self.teller.done()):
            self.teller = asyncio.create_task(self._tell_in_turn())

    async def _tell_in_turn(self):
        clock = asyncio.get_running_loop().time
        turn = clock()
        while self.due:
            for channel in list(self.due):
                if reader := next(iter(self.due.get(channel, ())), None):
                    self._strike(self.due, channel, reader)
                    reader.woken.set()
                    # In a process that is busy a sleep is longer than it should be: the next one is shorter for it.
                    turn = max(turn + PACE_SECONDS, clock() - PACE_SECONDS)
                    await asyncio.sleep(turn - clock())

    async def _pump(self):
        while True:
            with contextlib.suppress(redis.RedisError):
                await self._subscribe()
            await asyncio.sleep(RECONNECT_SECONDS)
            for channel, readers in self.readers.items():  # what was announced meanwhile is lost: all look
                self.tell(channel, readers)

    async def _subscribe(self):
        # It doesn't mend itself: whoever reconnects has missed something.
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=settings.VALKEY_SECONDS,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(f"{PREFIX}*")
            async for message in subscription.listen():
                if message["type"] == "pmessage":
                    self._heard(message["channel"].decode(), message["data"].decode())

    def _heard(self, subject: str, said: str) -> None:
        if subject == OVER:
            self._end(said)
        else:
            channel = subject.removeprefix(PREFIX)
            self.tell(channel, self.readers.get(channel, ()))

    def _end(self, session: str) -> None:
        now = time.time()
        self.over = {one: until for one, until in self.over.items() if until > now}
        self.over[session] = now + TICKET_SECONDS
        for reader in self._all():
            if reader.session == session:
                reader.end()

    def close(self) -> None:
        """End every stream, those to come as well."""
        self.closed = True
        for reader in self._all():
            reader.end()

    def _all(self) -> list[Reader]:
        return [one for readers in self.readers.values() for one in readers]

    @staticmethod
    def _strike(lists: dict[str, dict[Reader, None]], channel: str, reader: Reader) -> None:
        readers = lists.get(channel, {})
        readers.pop(reader, None)
        if not readers:
            lists.pop(channel, None)
