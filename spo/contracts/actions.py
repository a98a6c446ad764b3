"""Locking an order in, and signing it."""

from django.utils import timezone

from spo.contracts import letters
from spo.contracts.flows import CONTRACT
from spo.contracts.models import Contract, Signature, Snapshot, Term
from spo.contracts.parties import own_seat, seats
from spo.contracts.queries import whole
from spo.contracts.rules import why_not_lock, why_not_sign
from spo.orders.flows import ORDER
from spo.orders.models import Order
from spo.orders.promised import Promised
from spo.scoring.models import Award
from spo.scoring.sealed import sealed_lines
from spo.tenders.models import Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.papers.digest import digest_of, plain
from territories.references import reference
from territories.refusal import require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce

FROZEN = (*Promised.FACTS, "activity_id", "provider_id", "support_type")


@act
def lock_in(tender: Tender, *, seen: str, by: Membership) -> Contract:
    """Freeze the awarded order, as it was sealed: a snapshot with its digest, and a term for every line."""
    tender = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    require(why_not_lock(tender, by))
    award = Award.objects.select_related("bid__supplier", "tender").get(tender=tender)
    require_seen(award, seen)
    order = Order.objects.select_for_update(of=("self",)).get(pk=award.bid.order_id)
    order.status = ORDER.after(order.status, "lock")
    order.save(update_fields=["status"])
    contract = Contract.objects.create(
        award=award,
        reference=reference("CON"),
        title=award.bid.body["title"],
        buyer=tender.buyer,
        supplier=award.bid.supplier,
        locked_at=timezone.now(),
    )
    Term.objects.bulk_create(
        Term(contract=contract, **{name: getattr(line, name) for name in FROZEN})
        for line in sealed_lines(award.bid)
    )
    body = snapshot_of(contract, award)
    Snapshot.objects.create(contract=contract, body=body, digest=digest_of(body))
    record("lock in", contract, by=by, after={"reference": contract.reference, "digest": digest_of(body)})
    letters.locked(contract, by)
    return contract


@act
def sign(contract: Contract, *, seen: str, by: Membership) -> Signature:
    """Sign the digest for one's organisation; with the last signature delivery begins."""
    contract = whole(Contract.objects.select_for_update(of=("self",))).get(pk=contract.pk)
    require(why_not_sign(contract, by))
    require_seen(contract, seen)
    seat = own_seat(contract, by)
    signature = Signature.objects.create(
        contract=contract,
        party=seat.party,
        organisation=seat.organisation,
        user=by.user,
        digest=contract.snapshot.digest,
        signed_at=timezone.now(),
        **signatory(by),
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
    letters.signed(contract, seat, by)
    announce(f"contract-{contract.pk}")
    return signature


def snapshot_of(contract: Contract, award: Award) -> dict:
    """The agreement in words and numbers that need no other table to be read: the sealed order, and who it binds."""
    who = {"contract": contract.reference, "buyer": contract.buyer.name, "sealed": award.bid.digest}
    return plain(award.bid.body | who)
