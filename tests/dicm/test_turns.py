"""So many requests at once and no more; the others wait, but not for ever and not in any number."""

import asyncio
import contextlib
import threading
import time

import pytest

from dicm.asgi import Pages
from dicm.turns import Full, Turns
from tests.dicm.test_asgi import answered


def test_no_more_than_so_many_have_a_turn_at_once():
    async def play():
        turns, now, most = Turns(3, 100, 5), 0, 0

        async def work():
            nonlocal now, most
            async with turns.turn():
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.001)
                now -= 1

        await asyncio.gather(*(work() for _one in range(30)))
        return most, now, turns.places

    assert asyncio.run(play()) == (3, 0, 100)


def test_who_finds_no_place_to_wait_is_told_at_once_and_who_waits_too_long_later():
    async def play():
        turns, outcomes = Turns(1, 1, 0.05), []

        async def wait():
            try:
                async with turns.turn():
                    outcomes.append("a turn")
            except Full:
                outcomes.append("full")

        async with turns.turn():
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0)
            await wait()
            assert (outcomes, waiting.done()) == (["full"], False)
            await waiting
        await wait()
        return outcomes

    assert asyncio.run(play()) == ["full", "full", "a turn"]


def test_who_leaves_while_waiting_leaves_no_place_behind():
    async def play():
        turns = Turns(1, 1, 5)
        async with turns.turn():
            waiting = asyncio.create_task(turns.turn().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting
        return turns.places, turns.free.locked()

    assert asyncio.run(play()) == (1, False)


# ---- at the door of the web process ----


@pytest.mark.parametrize(
    ("path", "status", "again"), [("/activities/", 503, "5"), ("/health/", 200, None), ("/ready/", 200, None)]
)
def test_a_page_that_finds_no_turn_says_when_to_come_again_and_probes_need_none(
    committed, path, status, again
):
    pages = Pages(Turns(1, 0, 5))

    async def play():
        async with pages.turns.turn():
            return await answered("dicm.localhost", path, by=pages)

    said = asyncio.run(play())
    assert (said.status, said.headers.get("retry-after")) == (status, again)
    assert ("This page can't be shown right now" in said.text) == (status == 503)


class Slow(Pages):
    """Takes its time in the middle of a request."""

    def __init__(self):
        super().__init__(Turns(1, 1, 5))
        self.begun, self.go_on = threading.Event(), threading.Event()

    def get_response(self, request):
        self.begun.set()
        self.go_on.wait(10)
        return super().get_response(request)


def test_a_reader_who_goes_leaves_a_turn_taken_until_its_thread_is_done_and_holds_nobody_up(committed):
    async def play():
        pages = Slow()
        gone = asyncio.create_task(answered("dicm.localhost", "/accessibility/", by=pages))
        await asyncio.to_thread(pages.begun.wait, 10)
        gone.cancel()
        start = time.monotonic()
        await asyncio.sleep(0.05)
        held_up, taken = time.monotonic() - start, pages.turns.free.locked()
        pages.go_on.set()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        return held_up < 5, taken, pages.turns.free.locked()

    assert asyncio.run(play()) == (True, True, False)
