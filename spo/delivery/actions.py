"""Claiming a delivery, and what is said to it. Every act takes the contract's lock first, which guards the ceiling."""

import secrets
from datetime import date
from decimal import Decimal

from django.utils import timezone

from spo.contracts.models import Contract, Term
from spo.delivery import letters
from spo.delivery.ceiling import share
from spo.delivery.flows import DELIVERY
from spo.delivery.models import Decision, Delivery
from spo.delivery.queries import ceiling_of
from spo.delivery.rules import (
    why_not_claim,
    why_not_confirm,
    why_not_correct,
    why_not_cost,
    why_not_decide,
    why_not_in_part,
    why_not_more,
    why_not_on,
    why_not_twice,
    why_not_withdraw,
)
from spo.delivery.tasks import recompute_progress
from spo.delivery.upkeep import mark_due
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.pages.plain import why_not_said
from territories.references import reference
from territories.refusal import require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce
from territories.tasks import queue

Verb = Decision.Verb


@act
def claim(
    term: Term,
    *,
    quantity: Decimal,
    donor_cost: Decimal | None,
    delivered_on: date,
    note: str,
    evidence,
    by: Membership,
) -> Delivery:
    """The supplier says what it gave; `evidence` is what evidence.checked() returned.

    Without a `donor_cost` it is what the term's own unit cost makes of the quantity.
    """
    contract = Contract.objects.select_for_update().get(pk=term.contract_id)
    term = Term.objects.get(pk=term.pk, contract=contract)
    require(why_not_claim(contract, by))
    require(why_not_on(term, delivered_on, timezone.localdate()))
    file, suffix, digest = evidence
    require(why_not_twice(term, delivered_on, quantity, digest))
    require(why_not_more(term, quantity))
    ceiling = ceiling_of(term)
    cost = ceiling.cost_of(quantity) if donor_cost is None else donor_cost
    require(why_not_cost(ceiling, quantity, cost))
    delivery = Delivery(
        reference=reference("DEL"),
        term=term,
        quantity=quantity,
        donor_cost=cost,
        delivered_on=delivered_on,
        note=note,
        evidence_key=secrets.token_hex(20),
        evidence_suffix=suffix,
        evidence_digest=digest,
        claimed_by=by.user,
        claimed_at=timezone.now(),
        **signatory(by),
    )
    delivery.evidence.save(f"evidence{suffix}", file, save=False)
    delivery.save(force_insert=True)
    facts = {"term": term.pk, "quantity": quantity, "donor_cost": cost, "evidence": digest}
    record("claim", delivery, by=by, after=facts)
    letters.claimed(delivery, by)
    _due(contract.pk)
    return delivery


@act
def confirm(
    delivery: Delivery, *, quantity: Decimal | None = None, words: str = "", seen: str, by: Membership
) -> Delivery:
    """The provider says: it came, as claimed, or as much of it as `quantity`. The rest may be claimed again."""
    delivery = _locked(delivery)
    came = delivery.quantity if quantity is None else quantity
    require(why_not_confirm(delivery, came, by))
    require(why_not_in_part(delivery, came, words))
    require_seen(delivery, seen)
    cost = share(delivery.donor_cost, came, delivery.quantity)
    cost = min(cost, ceiling_of(delivery.term, besides=delivery).left_cost)
    return _decided(delivery, Verb.CONFIRM, words, by, quantity=came, donor_cost=cost)


@act
def dispute(delivery: Delivery, *, what: str, seen: str, by: Membership) -> Delivery:
    """The provider says what is wrong with the claim; it counts for nothing until it is settled."""
    delivery = _locked(delivery)
    require(why_not_decide(delivery, "dispute", by) or why_not_said(what))
    require_seen(delivery, seen)
    return _decided(delivery, Verb.DISPUTE, what, by)


@act
def withdraw(delivery: Delivery, *, words: str, seen: str, by: Membership) -> Delivery:
    """The supplier takes a claim back that nobody has confirmed."""
    delivery = _locked(delivery)
    require(why_not_withdraw(delivery, by))
    require_seen(delivery, seen)
    return _decided(delivery, Verb.WITHDRAW, words, by)


@act
def correct(delivery: Delivery, *, quantity: Decimal, reason: str, seen: str, by: Membership) -> Delivery:
    """The provider mends what it confirmed by mistake: a further entry, with its reason, up or down to `quantity`."""
    delivery = _locked(delivery)
    require(why_not_correct(delivery, quantity, by) or why_not_said(reason))
    require_seen(delivery, seen)
    cost = share(delivery.donor_cost, quantity, delivery.quantity)
    cost = min(cost, ceiling_of(delivery.term, besides=delivery).left_cost)
    return _decided(
        delivery,
        Verb.CORRECT,
        reason,
        by,
        quantity=quantity - delivery.confirmed,
        donor_cost=cost - delivery.confirmed_cost,
    )


def _locked(delivery: Delivery) -> Delivery:
    """The delivery as it stands, nobody else's until the act is over, like all of its contract."""
    Contract.objects.select_for_update(of=("self",)).get(terms__deliveries=delivery.pk)
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("term__provider", "term__contract")
    return rows.get(pk=delivery.pk)


def _decided(delivery: Delivery, verb: Verb, words: str, by: Membership, **counts: Decimal) -> Delivery:
    before = delivery.state
    delivery.status = DELIVERY.after(before, verb)
    delivery.save(update_fields=["status"])
    number = 1 + delivery.decisions.count()
    entry = Decision.objects.create(
        delivery=delivery,
        number=number,
        verb=verb,
        words=words,
        decided_by=by.user,
        decided_at=timezone.now(),
        **counts,
        **signatory(by),
    )
    after = {"status": delivery.status, "entry": number, **counts}
    record(verb, delivery, by=by, before={"status": before}, after=after)
    letters.decided(delivery, entry, by)
    _due(delivery.term.contract_id)
    return delivery


def _due(contract_id) -> None:
    mark_due(contract_id)
    queue(recompute_progress, str(contract_id))
    announce(f"contract-{contract_id}")
