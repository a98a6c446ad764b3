"""Hundreds have one contract's page open, and somebody claims: how long until each of them shows it, and at what cost."""

import asyncio
import os
import time

from asgiref.sync import sync_to_async
from django.db import connections

from dicm.bench.pages import signed_in
from dicm.bench.sizes import size
from dicm.bench.table import percentile, table
from dicm.bench.visitors import Cpu, Visitor, Watch
from dicm.demo.story import cast, deliver
from spo.contracts.models import Term
from territories.models import Territory

PAGES, CLAIMS, CLAIMS_FOR_ONE = size(200, 5), size(3, 1), size(20, 1)
PATIENCE = 60  # seconds


class Page:
    """A contract's page that somebody keeps open: it fetches its part when it hears a name, one fetch at a time."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self.visitor, self.path = visitor, path
        self.heard = asyncio.Event()
        self.shown = asyncio.Condition()
        self.text, self.fetches, self.errors = "", 0, 0

    async def stay(self) -> None:
        await asyncio.gather(self._listen(), self._fetch())

    async def _listen(self) -> None:
        async for _name in self.visitor.events(f"{self.path}live/"):
            self.heard.set()

    async def _fetch(self) -> None:
        while True:
            await self.heard.wait()
            self.heard.clear()
            answer = await self.visitor.ask(f"{self.path}progress/", None, {"HX-Request": "true"})
            self.fetches, self.errors = self.fetches + 1, self.errors + (answer.status != 200)
            async with self.shown:
                self.text = answer.text
                self.shown.notify_all()

    async def shows(self, words: str) -> float:
        """When it shows these words."""
        async with self.shown:
            await self.shown.wait_for(lambda: words in self.text)
        return time.perf_counter()


def measured(port: int, web: int) -> str:
    """`web` is the web process, whose CPU is read."""
    territory = Territory.objects.get(slug=cast.THAMES_VALLEY)
    with territory:
        contract = deliver.contract_of_the_story()
        term = contract.terms.select_related("support_type", "provider").get(number=1)
    session = signed_in(cast.BUYER, territory.host).cookies["sessionid"].value
    connections.close_all()
    path, rows = f"/contracts/{contract.pk}/", []
    for pages, claims in ((1, CLAIMS_FOR_ONE), (PAGES, CLAIMS)):
        visitors = [Page(Visitor(port, territory.host, session), path) for _page in range(pages)]
        rows.append((pages, claims, *asyncio.run(seen(visitors, claims, territory, term, web))))
    return table(
        "Open pages: seconds from the act of claiming until a page shows it",
        ("pages", "claims", "p50", "p95", "last", "errors", "fetches", "connections", "CPU of web"),
        rows,
    )


async def seen(pages: list[Page], claims: int, territory: Territory, term: Term, web: int) -> tuple:
    watch, cpu, seconds = Watch(os.environ["DATABASE_URL"]), Cpu(web), []
    staying = [asyncio.create_task(page.stay()) for page in pages]
    watching = asyncio.create_task(watch.look())
    await asyncio.sleep(2 + len(pages) * 0.03)  # until all of them listen
    for number in range(claims):
        start = time.perf_counter()
        reference = await sync_to_async(claim)(territory, term, f"Open to {len(pages)}, number {number}.")
        async with asyncio.timeout(PATIENCE):
            seconds += [
                moment - start for moment in await asyncio.gather(*(page.shows(reference) for page in pages))
            ]
        await asyncio.sleep(1)
    for task in (*staying, watching):
        task.cancel()
    errors, fetches = sum(page.errors for page in pages), sum(page.fetches for page in pages)
    times = (f"{percentile(seconds, share):.2f}" for share in (0.5, 0.95, 1))
    return *times, errors, fetches, watch.most, cpu


def claim(territory: Territory, term: Term, note: str) -> str:
    """A delivery of one hour, and what it is called."""
    try:
        with territory:
            return deliver.claimed(deliver.Gift(1, 26, 1, 5, note, ""), term).reference
    finally:
        connections.close_all()
