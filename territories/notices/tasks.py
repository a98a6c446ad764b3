"""Queued sending, on a queue of its own: ids in, upkeep called, nothing else."""

from celery import shared_task
from django.db import transaction

from territories.notices import upkeep
from territories.tasks import assert_territory, queue
from territories.tenancy import PUBLIC, connection


@shared_task
def send(territory_id: int) -> None:
    """A batch; what is left over has the next one."""
    assert_territory(territory_id)
    if upkeep.send_due():
        send.delay(territory_id)


@shared_task
def send_public() -> None:
    if upkeep.send_due():
        send_public.delay()


def send_soon() -> None:
    """Once the transaction is committed; what is never queued, the sweep finds."""
    if connection.schema_name == PUBLIC:
        transaction.on_commit(send_public.delay, robust=True)
    else:
        queue(send)
