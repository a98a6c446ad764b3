"""How long it takes from confirming a delivery until someone else sees the new progress."""

import http.client
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec

from django.conf import settings

from dicm.bench.pages import signed_in
from dicm.bench.sizes import size
from dicm.bench.table import percentile, table
from dicm.demo import serving
from dicm.demo.story import cast, deliver
from spo.delivery import actions
from spo.delivery.models import Delivery
from territories.models import Membership, Territory
from territories.shown import version_of

DELIVERIES = size(24, 2)
BAR = re.compile(r'<progress[^>]* value="([\d.]+)"')
CHANGED = """before => {
    const bar = document.querySelector('#progress progress')
    return bar && bar.getAttribute('value') !== before && bar.getAttribute('value')
}"""
# Waits until the progress that a reader sees is another than this, and says it.
Changed = Callable[[str], str]
Reader = AbstractContextManager[Changed]


def measured(port: int) -> str:
    while not serving.answers(port):
        time.sleep(0.1)
    territory = Territory.objects.get(slug=cast.THAMES_VALLEY)
    session = signed_in(cast.BUYER, territory.host).cookies["sessionid"].value
    chromium = find_spec("playwright") and (shutil.which("chromium") or shutil.which("google-chrome"))
    with territory:
        contract = deliver.contract_of_the_story()
        waiting = claims()
        path = f"/contracts/{contract.pk}/"
        if chromium:
            reader, how = in_browser(chromium, territory, path, session), "until an open browser page changed"
        else:
            reader, how = over_http(port, territory, path, session), "at the HTTP level, without a browser"
        provider = cast.part_of(cast.BLACKBIRD_PROVIDER)
    seconds = seen(waiting, provider, reader)
    row = (len(seconds), *(f"{percentile(seconds, share):.3f}" for share in (0.5, 0.95, 1)))
    title = f"Live: seconds from the act of confirming a delivery, {how}"
    return table(title, ("deliveries", "p50", "p95", "longest"), [row])


def claims() -> list[Delivery]:
    """Deliveries of two hours that nobody has decided on, with the progress up to date."""
    contract = deliver.contract_of_the_story()
    term = contract.terms.select_related("support_type", "provider").get(number=1)
    gifts = [deliver.Gift(1, 25, 2, 90, f"Hours of mentoring, week {n}.", "") for n in range(DELIVERIES)]
    made = [deliver.claimed(gift, term) for gift in gifts]
    deliver.worker_has(lambda: deliver.progress_of(contract), "recomputed the contract's progress")
    return made


def seen(waiting: list[Delivery], provider: Membership, reader: Reader) -> list[float]:
    """Seconds for each delivery, from the start of the act; its own transaction is in it."""
    seconds = []
    # The territory is entered last: under a browser's loop, Django opens a connection of its own.
    with reader as changed, provider.territory:
        shown = changed("")
        for delivery in waiting:
            start = time.perf_counter()
            actions.confirm(delivery, seen=version_of(delivery), by=provider)
            shown = changed(shown)
            seconds.append(time.perf_counter() - start)
    return seconds


@contextmanager
def over_http(port: int, territory: Territory, path: str, session: str) -> Iterator[Changed]:
    """A reader who hears the stream and fetches the fragment as a page would."""
    headers = {"Host": f"{territory.host}:{port}", "Cookie": f"sessionid={session}", "HX-Request": "true"}

    def get(address: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", address, headers=headers)
        return line.getresponse()

    stream = get(get(f"{path}live/").headers["Location"])
    fragment = f"{path}progress/"

    def changed(before: str) -> str:
        while (shown := BAR.findall(get(fragment).read().decode())[0]) == before:
            while not stream.readline().startswith(b"data:"):
                pass
        return shown

    with stream:
        yield changed


@contextmanager
def in_browser(chromium: str, territory: Territory, path: str, session: str) -> Iterator[Changed]:
    """A reader with the contract's page open in a real browser."""
    from playwright.sync_api import sync_playwright

    # Playwright's own loop runs in this thread; nothing of ours is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        context = browser.new_context()
        domain = f".{settings.DICM_BASE_DOMAIN}"
        context.add_cookies([{"name": "sessionid", "value": session, "domain": domain, "path": "/"}])
        page = context.new_page()
        page.goto(f"{territory.url}{path}")
        yield lambda before: page.wait_for_function(CHANGED, arg=before).json_value()
        browser.close()
