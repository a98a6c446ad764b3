"""An order is sealed into a tender."""

from django.utils import timezone

from spo.orders import steps as orders
from spo.orders.flows import ORDER
from spo.orders.models import Order
from spo.scoring.models import Bid
from spo.scoring.rules.bids import why_not_submit
from spo.scoring.sealed import body_of
from spo.tenders import steps as tenders
from spo.tenders.letters import entered
from spo.tenders.models import Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.papers.digest import digest_of
from territories.refusal import require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce


@act
def submit(order: Order, tender: Tender, *, seen: str, by: Membership) -> Bid:
    """Seal an agreed order into a tender, before it closes: a copy with its digest."""
    tender = tenders.locked(tender)
    order = orders.locked(order)
    require(why_not_submit(order, tender, by))
    require_seen(order, seen)
    body = body_of(order, tender)
    order.status = ORDER.after(order.status, "seal")
    order.save(update_fields=["status"])
    bid = tender.bids.create(
        order=order,
        supplier=by.organisation,
        submitted_by=by.user,
        submitted_at=timezone.now(),
        body=body,
        digest=digest_of(body),
        **signatory(by),
    )
    facts = {"tender": tender.reference, "order": order.reference, "digest": bid.digest}
    record("submit", bid, by=by, after=facts)
    entered(tender, bid.supplier)
    announce(f"tender-run-{tender.pk}")
    return bid
