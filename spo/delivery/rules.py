"""Why something about a delivery can't be done now."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from spo.contracts.models import Contract, Term
from spo.delivery.flows import DELIVERY
from spo.delivery.models import Delivery
from territories.charts import number
from territories.models import Membership

Role = Membership.Role


def why_not_claim(contract: Contract, by: Membership) -> str | None:
    if by.role != Role.SUPPLIER or contract.supplier_id != by.participation.organisation_id:
        return _("Only the supplier of this contract claims deliveries.")
    if contract.status != Contract.Status.ACTIVE:
        return _("Deliveries can be claimed once every party has signed.")
    return None


def why_not_on(term: Term, day, today) -> str | None:
    """A delivery lies inside its term, and not in the future."""
    if day > today:
        return _("The day of delivery can't be in the future.")
    if not term.starts_on <= day <= term.ends_on:
        return _("This commitment runs from %(first)s to %(last)s.") % {
            "first": f"{term.starts_on:%-d %B %Y}",
            "last": f"{term.ends_on:%-d %B %Y}",
        }
    return None


def why_not_twice(term: Term, day, quantity, digest: str) -> str | None:
    """The same amount of the same commitment on the same day with the same evidence is the same delivery."""
    same = term.deliveries.filter(delivered_on=day, quantity=quantity, evidence_digest=digest).first()
    return (
        _("You claimed this delivery already, as %(reference)s.") % {"reference": same.reference}
        if same
        else None
    )


def why_not_more(term: Term, quantity) -> str | None:
    """What was promised is delivered once; more than that needs a change of the contract."""
    counted = (
        term.deliveries.exclude(status=Delivery.Status.DISPUTED).aggregate(sum=Sum("quantity"))["sum"] or 0
    )
    left = term.quantity - counted
    if quantity <= left:
        return None
    return _("Only %(left)s of the %(all)s promised are left to be delivered.") % {
        "left": number(left),
        "all": number(term.quantity),
    }


def why_not_decide(delivery: Delivery, verb: str, by: Membership) -> str | None:
    """The provider that received it decides, nobody else."""
    if by.role != Role.PROVIDER or delivery.term.provider.organisation_id != by.participation.organisation_id:
        return _("Only the provider that received the delivery can say whether it came.")
    return DELIVERY.why_not(delivery.status, verb)
