"""What acts on orders, of this room and of those above, have in common: steps inside somebody's act, no doors."""

from collections.abc import Iterable

from spo.orders.agreements import no_longer_agreed
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from territories.stream import announce


def locked(order: Order) -> Order:
    """The order as it stands, nobody else's until the act is over."""
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related("supplier", "tender__buyer")
        .get(pk=order.pk)
    )


def put_before_providers(order: Order) -> None:
    """Ask each provider whose yes is missing, or was to something else; agreed at once where none is."""
    ask_again(no_longer_agreed(order))
    if not order.commitments.exclude(status=Commitment.Status.AGREED).exists():
        order.status = ORDER.after(order.status, "complete")
    order.save(update_fields=["status"])
    announce(f"order-{order.pk}")


def ask_again(lines: Iterable[Commitment]) -> None:
    """Propose lines once more that were agreed or returned."""
    for line in lines:
        line.status = COMMITMENT.after(line.status, "ask again")
        line.save(update_fields=["status"])
