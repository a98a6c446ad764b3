"""The demo's story: one Social Purchase Order from the first activity to the report.

Every act is the real action, done by the one whose act it is, in the territory's schema and under its role.
What was played is found again, so a second run changes nothing and one that was killed goes on.
"""

import os
from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import ProgrammingError

from community.models import Activity
from dicm.demo.story import agree, cast, deliver, join, score, target
from spo.contracts.models import Contract
from spo.delivery.models import Delivery
from spo.orders.models import Order
from spo.reports.models import Report
from spo.scoring.models import Bid, Score
from territories.journal.seals import seal_all
from territories.models import Territory
from territories.tenancy import connection

CHAPTERS: tuple[tuple[str, str, Callable[[], None]], ...] = (
    (cast.THAMES_VALLEY, "Target: local activities are described", target.target),
    (cast.THAMES_VALLEY, "Validate: a university publishes an evaluation", target.evaluate),
    (cast.THAMES_VALLEY, "SPO: suppliers and providers agree, line by line", agree.orders),
    (cast.THAMES_VALLEY, "Score: a tender opens and two bids come in", score.compete),
    (cast.THAMES_VALLEY, "Left open for you to try: orders", agree.orders_to_try),
    (cast.THAMES_VALLEY, "Left open for you to try: a tender", score.tender_to_try),
    (cast.HAMPSHIRE, "Meanwhile in Hampshire: an activity", target.target_in_hampshire),
    (cast.HAMPSHIRE, "Meanwhile in Hampshire: an order", agree.order_in_hampshire),
    (cast.THAMES_VALLEY, "Score: bidding closes, three evaluators score, they agree", score.score),
    (cast.THAMES_VALLEY, "Contract: locked in and signed by four parties", score.contract),
    (cast.THAMES_VALLEY, "Real-time: deliveries are claimed and confirmed", deliver.deliver),
    (cast.THAMES_VALLEY, "Shape: an ESG report is made", deliver.shape),
)


def play(say: Callable[[str], object]) -> None:
    """Play what has not been played yet, with a worker at work; `say` hears the name of each chapter."""
    cast.set_up()
    say("Left open for you to try: a charity asks to join")
    join.ask()
    for slug, name, chapter in CHAPTERS:
        say(name)
        with Territory.objects.get(slug=slug):
            chapter()
    seal_all()
    connection.set_schema_to_public()


def is_told() -> bool:
    """Whether the story was played to its end; what happened since then is the reader's."""
    try:
        with Territory.objects.get(slug=cast.THAMES_VALLEY):
            return Report.objects.filter(status=Report.Status.READY).exists()
    except (Territory.DoesNotExist, ProgrammingError):  # no territory, or no table yet
        return False


def figures() -> dict:
    """What there is after the story, counted in the database, over the territories where it plays."""
    found: dict = {"territories": Territory.objects.filter(valid_to=None).count()}
    models = {
        "activities": Activity,
        "orders": Order,
        "bids": Bid,
        "scores": Score,
        "contracts": Contract,
        "deliveries": Delivery,
    }
    for territory in Territory.objects.filter(slug__in=[cast.THAMES_VALLEY, cast.HAMPSHIRE]):
        with territory:
            for name, model in models.items():
                found[name] = found.get(name, 0) + model._default_manager.count()
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        return found | outcome()


def outcome() -> dict:
    """The contract's progress in percent, and where its report lies, from the project's folder."""
    progress = deliver.progress_of(deliver.contract_of_the_story())
    report = deliver.ready_report()
    paper = getattr(report, "paper", None)
    return {
        "progress_percent": float(progress.percent) if progress else None,
        "report_pdf": os.path.relpath(default_storage.path(paper.path), settings.BASE_DIR) if paper else None,
    }
