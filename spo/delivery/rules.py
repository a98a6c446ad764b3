"""Why something about a delivery can't be done now."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from spo.contracts.models import Contract, Term
from spo.delivery.ceiling import Ceiling
from spo.delivery.flows import DELIVERY
from spo.delivery.models import Decision, Delivery
from spo.delivery.queries import ceiling_of
from territories.models import Membership
from territories.pages.numbers import number, pounds
from territories.pages.plain import says_something
from territories.pages.times import day as in_words

Role = Membership.Role


def why_not_claim(contract: Contract, by: Membership) -> str | None:
    if by.role != Role.SUPPLIER or contract.supplier_id != by.participation.organisation_id:
        return _("Only the supplier of this contract claims deliveries.")
    if contract.status != Contract.Status.ACTIVE:
        return _("Deliveries can be claimed once every party has signed.")
    return None


def why_not_on(term: Term, day: date, today: date) -> str | None:
    """A delivery lies inside its term, and not in the future."""
    if day > today:
        return _("The day of delivery can't be in the future.")
    if not term.starts_on <= day <= term.ends_on:
        return _("This commitment runs from %(first)s to %(last)s.") % {
            "first": in_words(term.starts_on),
            "last": in_words(term.ends_on),
        }
    return None


def why_not_twice(term: Term, day: date, quantity: Decimal, digest: str) -> str | None:
    """The same amount of the same commitment on the same day with the same evidence is the same delivery."""
    same = (
        term.deliveries.filter(delivered_on=day, quantity=quantity, evidence_digest=digest)
        .exclude(decisions__verb=Decision.Verb.WITHDRAW)
        .first()
    )
    return (
        _("You claimed this delivery already, as %(reference)s.") % {"reference": same.reference}
        if same
        else None
    )


def why_not_more(term: Term, quantity: Decimal, besides: Delivery | None = None) -> str | None:
    """What was promised is delivered once: left is what is neither claimed nor confirmed. More needs a change of the contract."""
    ceiling = ceiling_of(term, besides)
    if quantity <= 0:
        return _("Give an amount above 0.")
    if quantity > ceiling.left:
        return _("Only %(left)s of the %(all)s promised are left to be delivered.") % {
            "left": number(ceiling.left),
            "all": number(ceiling.promised),
        }
    return None


def why_not_cost(ceiling: Ceiling, quantity: Decimal, cost: Decimal) -> str | None:
    """A delivery costs what the commitment's own unit cost makes of it; a supplier may state less, never more."""
    full = ceiling.cost_of(quantity)
    if cost < 0:
        return _("Give a cost of £0 or more.")
    if cost > full:
        return _("At what was agreed, %(quantity)s cost %(full)s. State that or less, not more.") % {
            "quantity": number(quantity),
            "full": pounds(full),
        }
    return None


def why_not_decide(delivery: Delivery, verb: str, by: Membership) -> str | None:
    """The provider that received it decides, nobody else."""
    if by.role != Role.PROVIDER or delivery.term.provider.organisation_id != by.participation.organisation_id:
        return _("Only the provider that received the delivery can say whether it came.")
    return DELIVERY.why_not(delivery.state, verb)


def why_not_confirm(delivery: Delivery, quantity: Decimal, by: Membership) -> str | None:
    return why_not_decide(delivery, "confirm", by) or why_not_as_much(delivery, quantity)


def why_not_as_much(delivery: Delivery, quantity: Decimal) -> str | None:
    """As much as was claimed, or a part of it, and never more than the term has left."""
    if quantity > delivery.quantity:
        return _("Only %(quantity)s were claimed.") % {"quantity": number(delivery.quantity)}
    return why_not_more(delivery.term, quantity, besides=delivery)


def why_not_in_part(delivery: Delivery, quantity: Decimal, words: str) -> str | None:
    """Who confirms a part says what is missing."""
    if quantity < delivery.quantity and not says_something(words):
        return _("Say what is missing, so that the supplier knows.")
    return None


def why_not_correct(delivery: Delivery, quantity: Decimal, by: Membership) -> str | None:
    return why_not_decide(delivery, "correct", by) or why_not_corrected_to(delivery, quantity)


def why_not_corrected_to(delivery: Delivery, quantity: Decimal) -> str | None:
    """Any amount from nothing to what was claimed, as far as the term has it left."""
    if not 0 <= quantity <= delivery.quantity:
        return _("Give an amount from 0 to %(quantity)s, which is what was claimed.") % {
            "quantity": number(delivery.quantity)
        }
    if quantity == delivery.confirmed:
        return _("That is what is confirmed already.")
    return why_not_more(delivery.term, quantity, besides=delivery) if quantity else None


def why_not_withdraw(delivery: Delivery, by: Membership) -> str | None:
    """The supplier takes a claim back as long as it is not confirmed."""
    if by.role != Role.SUPPLIER or delivery.term.contract.supplier_id != by.participation.organisation_id:
        return _("Only the supplier that claimed this delivery can withdraw it.")
    return DELIVERY.why_not(delivery.state, "withdraw")
