"""A hundred evaluators score one tender at the same time, each saving as soon as the page has come."""

import asyncio
import os
import random
import re
import time

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.test import Client

from dicm.bench.pages import TENDER
from dicm.bench.sizes import size
from dicm.bench.table import percentile, table
from dicm.bench.visitors import Cpu, Visitor, Watch
from dicm.demo.story import cast
from spo.scoring import actions
from spo.scoring.models import Bid
from territories.models import Membership, Territory, User
from territories.tenancy import connection

SCORERS, SECONDS = size(100, 3), size(30, 3)
# Between reading a page and saving it, seconds: people think longer.
THOUGHT = (0.5, 1.5)
FIELD = re.compile(r'name="([\w-]+-(grade|rationale))"')
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|seen)" value="([^"]*)"')


def measured(port: int, web: int) -> str:
    territory = Territory.objects.get(slug=cast.THAMES_VALLEY)
    with territory:
        bid = Bid.objects.select_related("tender").filter(tender__title=TENDER).latest("submitted_at")
    visitors = [Visitor(port, territory.host, evaluator(territory, bid, number)) for number in range(SCORERS)]
    connections.close_all()
    reading, saving, errors, most, cpu = asyncio.run(scored(visitors, f"/bids/{bid.pk}/score/", web))
    rows = [
        (
            what,
            len(taken),
            *(f"{percentile(taken, share):.2f}" for share in (0.5, 0.95, 1)),
            errors,
            most,
            cpu,
        )
        for what, taken in (("a page read", reading), ("scores saved", saving))
    ]
    return table(
        f"{SCORERS} evaluators who score for {SECONDS} seconds: seconds until the answer",
        ("what", "times", "p50", "p95", "longest", "errors", "connections", "CPU of web"),
        rows,
    )


def evaluator(territory: Territory, bid: Bid, number: int) -> str:
    """One more seat on the panel; returns the session of who sits there."""
    email = f"scorer{number}@police.example"
    user = User.objects.create(email=email, name=f"Scorer {number}")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    with territory:
        buyer = cast.part_of(cast.BUYER)
    connection.set_schema_to_public()  # as its owner, who alone appoints
    part = Membership.objects.appoint(
        user=user, participation=buyer.participation, role=Membership.Role.EVALUATOR
    )
    with territory:
        actions.appoint(bid.tender, part, by=buyer)
        actions.declare(bid.tender, conflict=False, words="", by=part)
    client = Client(HTTP_HOST=territory.host)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session["account_authentication_methods_user"] = str(session[SESSION_KEY])
    session.save()
    return str(session.session_key)


async def scored(visitors: list[Visitor], path: str, web: int) -> tuple:
    """Seconds of each reading and each saving, how many answers were none of ours, connections, CPU."""
    watch, cpu = Watch(os.environ["DATABASE_URL"]), Cpu(web)
    watching = asyncio.create_task(watch.look())
    reading: list[float] = []
    saving: list[float] = []
    end = time.perf_counter() + SECONDS
    errors = await asyncio.gather(*(score(visitor, path, end, reading, saving) for visitor in visitors))
    watching.cancel()
    return reading, saving, sum(errors), watch.most, str(cpu)


async def score(visitor: Visitor, path: str, end: float, reading: list[float], saving: list[float]) -> int:
    errors = 0
    await asyncio.sleep(random.uniform(*THOUGHT))
    while time.perf_counter() < end:
        start = time.perf_counter()
        page = await visitor.ask(path)
        reading.append(time.perf_counter() - start)
        await asyncio.sleep(random.uniform(*THOUGHT))
        start = time.perf_counter()
        answer = await visitor.ask(path, filled(page.text))
        saving.append(time.perf_counter() - start)
        errors += (page.status, answer.status) != (200, 302)
    return errors


def filled(page: str) -> list[tuple[str, str]]:
    """Any grade and some words for every criterion, and what the form carries along."""
    asked = dict(FIELD.findall(page))
    values = {
        "grade": lambda: str(random.randint(0, 5)),
        "rationale": lambda: f"For a reason {random.random()}.",
    }
    return [*dict(HIDDEN.findall(page)).items(), *((name, values[kind]()) for name, kind in asked.items())]
