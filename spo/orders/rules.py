"""Why something about an order can't be done now."""

from django.utils.translation import gettext as _

from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from territories.models import Membership


def own(order: Order, by: Membership) -> bool:
    return by.role == Membership.Role.SUPPLIER and order.supplier_id == by.participation.organisation_id


def why_not_write(order: Order, by: Membership) -> str | None:
    """Lines and text are written in a draft only, so that what a provider agreed to stays what it was."""
    if not own(order, by):
        return _("Only the supplier whose order it is can change it.")
    if order.status in {Order.Status.OFFERED, Order.Status.AGREED}:
        return _("The order is with the providers. Take it back to change it.")
    if order.status != Order.Status.DRAFT:
        return _("The order is sealed, so it can't be changed any more.")
    return None


def why_not_offer(order: Order, by: Membership) -> str | None:
    if not own(order, by):
        return _("Only the supplier whose order it is can offer it.")
    if reason := ORDER.why_not(order.status, "offer"):
        return reason
    lines = list(order.commitments.all())
    if not lines:
        return _("Add at least one commitment first.")
    if returned := [line.number for line in lines if line.status == Commitment.Status.RETURNED]:
        return _("Change the returned commitments first: %(numbers)s.") % {
            "numbers": ", ".join(map(str, returned))
        }
    return None


def why_not_take_back(order: Order, by: Membership) -> str | None:
    if not own(order, by):
        return _("Only the supplier whose order it is can take it back.")
    return ORDER.why_not(order.status, "take back")


def why_not_decide(line: Commitment, by: Membership) -> str | None:
    """Only the provider itself agrees to what is given to it."""
    if by.role != Membership.Role.PROVIDER:
        return _("Only the provider decides on this commitment.")
    if line.activity.provider.organisation_id != by.participation.organisation_id:
        return _("This commitment is for another provider.")
    if line.order.status != Order.Status.OFFERED:
        return _("The supplier is not offering this order now.")
    return COMMITMENT.why_not(line.status, "agree")


def why_not_seal(order: Order, by: Membership) -> str | None:
    if not own(order, by):
        return _("Only the supplier whose order it is can submit it.")
    if order.status in {Order.Status.DRAFT, Order.Status.OFFERED}:
        return _("Every commitment has to be agreed by its provider before the order can be submitted.")
    return ORDER.why_not(order.status, "seal")
