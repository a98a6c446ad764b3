"""What acts on orders, of this room and of those above, have in common: steps inside somebody's act, no doors."""

from collections.abc import Iterable

from spo.orders.agreements import no_longer_agreed
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from spo.orders.rules import why_not_write_for
from territories.journal.chain import record
from territories.models import Membership, Organisation
from territories.refusal import require
from territories.stream import announce


def locked(order: Order) -> Order:
    """The order as it stands, nobody else's until the act is over."""
    return Order.objects.select_for_update(of=("self",)).select_related("supplier", "buyer").get(pk=order.pk)


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


def write_for(order: Order, tender_reference: str, buyer: Organisation | None, *, by: Membership) -> Order:
    """From now on the order is for this buyer and tender, or with "" and None for none.

    Providers agreed to buyer and tender as well: an order that is with them is put before them again at once.
    """
    order = locked(order)
    require(why_not_write_for(order, by))
    before = {"tender": order.tender_reference, "status": order.status}
    order.tender_reference, order.buyer, order.version = tender_reference, buyer, order.version + 1
    order.status = ORDER.after(order.status, "write for")
    order.save(update_fields=["tender_reference", "buyer", "version", "status"])
    if order.status == Order.Status.OFFERED:
        put_before_providers(order)
    after = {"tender": tender_reference, "status": order.status}
    record("write for", order, by=by, before=before, after=after)
    return order
