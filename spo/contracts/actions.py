"""Locking an order in, and signing it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from spo.contracts.flows import CONTRACT
from spo.contracts.models import Contract, Signature, Snapshot, Term
from spo.contracts.parties import digest_of, own_seat, seats
from spo.contracts.queries import whole
from spo.contracts.rules import why_not_lock, why_not_sign
from spo.orders.flows import ORDER
from spo.orders.models import Commitment, Order
from spo.tenders.models import Tender
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import require
from territories.stream import announce

FROZEN = [
    "number",
    "activity",
    "activity_title",
    "support_type",
    "quantity",
    "donor_cost",
    "starts_on",
    "ends_on",
    "how",
    "postcode",
    "district_code",
    "district",
]


@transaction.atomic(durable=True)
def lock_in(tender: Tender, *, by: Membership) -> Contract:
    """Freeze the awarded order: a snapshot with its digest, and a term for every commitment."""
    tender = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    require(why_not_lock(tender, by))
    award = tender.award
    order = Order.objects.select_for_update(of=("self",)).get(pk=award.bid.order_id)
    order.status = ORDER.after(order.status, "lock")
    order.save(update_fields=["status"])
    contract = Contract.objects.create(
        award=award,
        reference=reference("CON"),
        title=order.title,
        buyer=tender.buyer,
        supplier=order.supplier,
        locked_at=timezone.now(),
    )
    lines = order.commitments.select_related("activity__provider__organisation", "support_type")
    Term.objects.bulk_create(
        Term(
            contract=contract,
            provider=line.activity.provider,
            **{name: getattr(line, name) for name in FROZEN},
        )
        for line in lines
    )
    body = snapshot_of(contract, order, lines)
    Snapshot.objects.create(contract=contract, body=body, digest=digest_of(body))
    record("lock in", contract, by=by, after={"reference": contract.reference, "digest": digest_of(body)})
    return contract


@transaction.atomic(durable=True)
def sign(contract: Contract, *, by: Membership) -> Signature:
    """Sign the digest for one's organisation; with the last signature delivery begins."""
    contract = whole(Contract.objects.select_for_update(of=("self",))).get(pk=contract.pk)
    require(why_not_sign(contract, by))
    seat = own_seat(contract, by)
    signature = Signature.objects.create(
        contract=contract,
        party=seat.party,
        organisation=seat.organisation,
        user=by.user,
        digest=contract.snapshot.digest,
        signed_at=timezone.now(),
    )
    if all(place.signature for place in seats(contract) if place != seat):
        contract.status = CONTRACT.after(contract.status, "complete")
        contract.signed_at = timezone.now()
        contract.save(update_fields=["status", "signed_at"])
    record(
        "sign",
        contract,
        by=by,
        after={"party": seat.party, "digest": signature.digest, "status": contract.status},
    )
    announce(f"contract-{contract.pk}")
    return signature


def snapshot_of(contract: Contract, order: Order, lines: Iterable[Commitment]) -> dict:
    """The agreement in words and numbers that need no other table to be read; numbers as text."""
    return {
        "contract": contract.reference,
        "order": order.reference,
        "tender": contract.award.tender.reference,
        "title": order.title,
        "approach": order.approach,
        "buyer": contract.buyer.name,
        "supplier": contract.supplier.name,
        "commitments": [
            {
                "number": line.number,
                "provider": line.activity.provider.organisation.name,
                "activity": line.activity_title,
                "support": line.support_type.code,
                "unit": line.support_type.unit,
                "quantity": str(line.quantity),
                "donor_cost_gbp": str(line.donor_cost),
                "starts_on": line.starts_on.isoformat(),
                "ends_on": line.ends_on.isoformat(),
                "how": line.how,
                "district": line.district,
                "postcode": line.postcode,
                "agreed_at": line.decided_at.isoformat() if line.decided_at else "",
            }
            for line in lines
        ],
    }
