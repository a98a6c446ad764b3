"""How many requests a web process answers at once, and who waits meanwhile."""

import asyncio
import contextlib


class Full(Exception):
    """There are too many requests, for too long."""


class Turns:
    """`at_once` are answered; `waiting` more may wait, each at most `patience` seconds."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self.free = asyncio.Semaphore(at_once)
        self.places, self.patience = waiting, patience

    @contextlib.asynccontextmanager
    async def turn(self):
        """Waits for a turn and holds it; raises Full where that would be too long."""
        if self.free.locked() and not self.places:
            raise Full
        self.places -= 1
        try:
            async with asyncio.timeout(self.patience):
                await self.free.acquire()
        except TimeoutError as late:
            raise Full from late
        finally:
            self.places += 1
        try:
            yield
        finally:
            self.free.release()
