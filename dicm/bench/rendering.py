"""How long a large report takes, and how much memory the process that makes it needs."""

import os
import resource
import secrets
import sys
import time

from django.utils import timezone

from dicm.bench.founding import manage
from dicm.bench.table import table
from dicm.story import cast, deliver
from spo.delivery.models import Delivery
from spo.reports import upkeep
from spo.reports.models import Report
from territories.models import Territory
from territories.references import reference

DELIVERIES = 300
OWN = {"id", "created_at", "reference", "evidence_key"}


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
    """More confirmed deliveries, copied from the ones that the story has, until there are so many."""
    patterns = list(Delivery.objects.filter(status=Delivery.Status.CONFIRMED))
    missing = wanted - Delivery.objects.count()
    names = [field.attname for field in Delivery._meta.concrete_fields if field.name not in OWN]
    Delivery.objects.bulk_create(
        Delivery(
            reference=reference("DEL"),
            evidence_key=secrets.token_hex(20),
            **{name: getattr(patterns[number % len(patterns)], name) for name in names},
        )
        for number in range(missing)
    )


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
