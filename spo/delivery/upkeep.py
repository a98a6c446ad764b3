"""What the machine keeps true: a contract's progress, always recomputed from its deliveries."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from spo.delivery.models import Progress
from spo.delivery.pace import percent
from spo.delivery.queries import totals
from territories.stream import announce


@transaction.atomic(durable=True)
def progress(contract_id) -> Progress | None:
    """Recompute a contract's progress if it is due; safe to run twice, or to die half way."""
    row = Progress.objects.select_for_update().filter(contract=contract_id, due_at__isnull=False).first()
    if row is None:
        return None
    sums = totals(contract_id)
    row.promised, row.confirmed, row.claimed = sums["promised"], sums["confirmed"], sums["claimed"]
    row.percent = percent(sums["done"], sums["promised"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    row.due_at, row.computed_at = None, timezone.now()
    row.save(update_fields=["promised", "confirmed", "claimed", "percent", "due_at", "computed_at"])
    announce(f"contract-{contract_id}")
    return row


def mark_due(contract_id) -> None:
    """Say, in the transaction of the act itself, that the progress no longer holds."""
    Progress.objects.update_or_create(contract_id=contract_id, defaults={"due_at": timezone.now()})
