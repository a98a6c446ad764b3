"""Queued work on deliveries: ids in, upkeep called, nothing else."""

from celery import shared_task

from spo.delivery import upkeep
from spo.delivery.queries import due_progress
from territories.tasks import assert_territory


@shared_task
def recompute_progress(territory_id: int, contract_id: str) -> None:
    assert_territory(territory_id)
    upkeep.progress(contract_id)


@shared_task
def sweep(territory_id: int) -> None:
    """Recompute what is still due because its own task was lost."""
    assert_territory(territory_id)
    for contract_id in due_progress():
        upkeep.progress(contract_id)
