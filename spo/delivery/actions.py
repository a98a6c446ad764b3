"""Claiming a delivery, and what its provider says about it."""

import secrets

from django.db import transaction
from django.utils import timezone

from spo.contracts.models import Contract, Term
from spo.delivery.flows import DELIVERY
from spo.delivery.models import Delivery
from spo.delivery.rules import why_not_claim, why_not_decide, why_not_on, why_not_twice
from spo.delivery.tasks import recompute_progress
from spo.delivery.upkeep import mark_due
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import require
from territories.stream import announce
from territories.tasks import queue


@transaction.atomic(durable=True)
def claim(term: Term, *, quantity, donor_cost, delivered_on, note: str, evidence, by: Membership) -> Delivery:
    """The supplier says what it gave; `evidence` is what evidence.checked() returned."""
    contract = Contract.objects.select_for_update().get(pk=term.contract_id)
    require(why_not_claim(contract, by))
    require(why_not_on(term, delivered_on, timezone.localdate()))
    file, suffix, digest = evidence
    require(why_not_twice(term, delivered_on, quantity, digest))
    delivery = Delivery(
        reference=reference("DEL"),
        term=term,
        quantity=quantity,
        donor_cost=donor_cost,
        delivered_on=delivered_on,
        note=note,
        evidence_key=secrets.token_hex(20),
        evidence_suffix=suffix,
        evidence_digest=digest,
        claimed_by=by.user,
        claimed_at=timezone.now(),
    )
    delivery.evidence.save(f"evidence{suffix}", file, save=False)
    delivery.save(force_insert=True)
    record("claim", delivery, by=by, after={"term": term.pk, "quantity": quantity, "evidence": digest})
    _due(contract.pk)
    return delivery


@transaction.atomic(durable=True)
def confirm(delivery: Delivery, *, by: Membership) -> Delivery:
    """The provider says: it came, as claimed."""
    delivery = _locked(delivery)
    require(why_not_decide(delivery, "confirm", by))
    before = delivery.status
    delivery.status = DELIVERY.after(before, "confirm")
    delivery.decided_by, delivery.decided_at, delivery.dispute = by.user, timezone.now(), ""
    delivery.save(update_fields=["status", "decided_by", "decided_at", "dispute"])
    record("confirm", delivery, by=by, before={"status": before}, after={"status": delivery.status})
    _due(delivery.term.contract_id)
    return delivery


@transaction.atomic(durable=True)
def dispute(delivery: Delivery, *, what: str, by: Membership) -> Delivery:
    """The provider says what is wrong with the claim; it counts for nothing until it is settled."""
    delivery = _locked(delivery)
    require(why_not_decide(delivery, "dispute", by))
    before = delivery.status
    delivery.status = DELIVERY.after(before, "dispute")
    delivery.decided_by, delivery.decided_at, delivery.dispute = by.user, timezone.now(), what
    delivery.save(update_fields=["status", "decided_by", "decided_at", "dispute"])
    record("dispute", delivery, by=by, before={"status": before}, after={"status": delivery.status})
    _due(delivery.term.contract_id)
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("term__provider", "term__contract")
    return rows.get(pk=delivery.pk)


def _due(contract_id) -> None:
    mark_due(contract_id)
    queue(recompute_progress, str(contract_id))
    announce(f"contract-{contract_id}")
