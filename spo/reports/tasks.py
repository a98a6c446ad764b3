"""Queued work on reports, on a queue of its own: ids in, upkeep called, nothing else."""

from celery import shared_task

from spo.reports import upkeep
from territories.tasks import assert_territory


@shared_task
def render_report(territory_id: int, report_id: str) -> None:
    assert_territory(territory_id)
    upkeep.render(report_id)


@shared_task
def sweep(territory_id: int) -> None:
    """Make what is still waiting because its own task was lost, and PDFs that could not be made before."""
    assert_territory(territory_id)
    for report_id in list(upkeep.waiting().values_list("pk", flat=True)):
        upkeep.render(report_id)
    for report_id in list(upkeep.without_pdf().values_list("pk", flat=True)):
        upkeep.add_pdf(report_id)
