"""How long a large report takes, and how much memory the process that makes it needs."""

import os
import resource
import secrets
import sys
import time
from itertools import cycle, islice

from django.db import models
from django.utils import timezone

from dicm.bench.founding import manage
from dicm.bench.sizes import size
from dicm.bench.table import table
from dicm.demo.story import cast, deliver
from spo.delivery.models import Decision, Delivery
from spo.reports import upkeep
from spo.reports.models import Report
from territories.models import Territory
from territories.references import reference

DELIVERIES = size(300, 40)
OWN = {"id", "created_at"}


def measured() -> str:
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        multiply(DELIVERIES)
        report, rows = ordered(), Delivery.objects.count()
    seconds, megabytes = manage(os.environ, "bench", "--render", str(report.pk)).split()
    return table(
        "Report: figures, pages and PDF/A, in a process of its own",
        ("deliveries", "seconds", "peak memory, MB"),
        [(rows, seconds, megabytes)],
    )


def multiply(wanted: int) -> None:
    """More confirmed deliveries, copied with what was said to them from those of the story, until there are so many."""
    patterns = Delivery.objects.filter(status=Delivery.Status.CONFIRMED).prefetch_related("decisions")
    missing = wanted - Delivery.objects.count()
    pairs = [
        (pattern, again(pattern, reference=reference("DEL"), evidence_key=secrets.token_hex(20)))
        for pattern in islice(cycle(patterns), missing)
    ]
    Delivery.objects.bulk_create(copy for _pattern, copy in pairs)
    Decision.objects.bulk_create(
        again(entry, delivery_id=copy.pk) for pattern, copy in pairs for entry in pattern.decisions.all()
    )


def again[Row: models.Model](row: Row, **changed) -> Row:
    """The same row once more, not saved, under a key of its own."""
    names = [field.attname for field in row._meta.concrete_fields if field.name not in OWN]
    return type(row)(**{name: getattr(row, name) for name in names} | changed)


def ordered() -> Report:
    """A report that no worker has been asked to make."""
    manager, term = cast.part_of(cast.MANAGER), deliver.contract_of_the_story().terms.earliest("starts_on")
    return Report.objects.create(
        reference=reference("ESG"),
        starts_on=term.starts_on,
        ends_on=timezone.localdate(),
        ordered_by=manager.user,
        organisation=manager.organisation,
        ordered_at=timezone.now(),
    )


def render(report_id: str) -> str:
    """Make a report and say how many seconds and megabytes that took; for a process that does nothing else."""
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        start = time.perf_counter()
        upkeep.render(report_id)
        seconds = time.perf_counter() - start
    units = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / units
    return f"{seconds:.1f} {peak:.0f}"
