"""Why something about an order can't be done now."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Activity
from spo.orders.agreements import no_longer_agreed, numbers
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_answer
from territories.models import Membership

Status = Order.Status


def own(order: Order, by: Membership) -> bool:
    return by.role == Membership.Role.SUPPLIER and order.supplier_id == by.participation.organisation_id


def why_not_draft(by: Membership) -> str | None:
    if by.role != Membership.Role.SUPPLIER:
        return _("Only suppliers draft Social Purchase Orders.")
    return None


def why_not_write(order: Order, by: Membership) -> str | None:
    """Lines and text are written in a draft only, so that what a provider agreed to stays what it was."""
    if not own(order, by):
        return _("Only the supplier whose order it is can change it.")
    if order.status in {Status.OFFERED, Status.AGREED}:
        return _("The order is with the providers. Take it back to change it.")
    if order.status != Status.DRAFT:
        return _("The order is sealed, so it can't be changed any more.")
    return None


def why_not_support(activity: Activity) -> str | None:
    if activity.state != Activity.Status.PUBLISHED:
        return _("The activity “%(title)s” is not open to support.") % {"title": activity.title}
    return None


def why_not_between(starts_on: date, ends_on: date) -> str | None:
    if ends_on < starts_on:
        return _("The last day must be on or after the first day.")
    if ends_on < timezone.localdate():
        return _("The last day has passed. A commitment is about what is still to come.")
    return None


def why_not_add(order: Order, facts: dict) -> str | None:
    """The very same line twice is a form that was sent twice."""
    if order.commitments.filter(**facts).exists():
        return _("This order has this very line already. Change it there, or make this one different.")
    return None


def why_not_offer(order: Order, by: Membership) -> str | None:
    if not own(order, by):
        return _("Only the supplier whose order it is can offer it.")
    if reason := ORDER.why_not(order.status, "offer"):
        return reason
    lines = list(order.commitments.all())
    if not lines:
        return _("Add at least one commitment first.")
    if returned := [line for line in lines if line.status == Commitment.Status.RETURNED]:
        return _("Change the returned commitments first: %(numbers)s.") % {"numbers": numbers(returned)}
    if over := [line for line in lines if line.ends_on < timezone.localdate()]:
        return _("The last day of these commitments has passed: %(numbers)s. Change them first.") % {
            "numbers": numbers(over)
        }
    return None


def why_not_take_back(order: Order, by: Membership) -> str | None:
    if not own(order, by):
        return _("Only the supplier whose order it is can take it back.")
    return ORDER.why_not(order.status, "take back")


def why_not_write_for(order: Order, tender: Tender, by: Membership) -> str | None:
    """The tender that an order is written for is chosen until it is sealed; one order of a supplier goes into it."""
    if not own(order, by):
        return _("Only the supplier whose order it is can change it.")
    if reason := why_not_answer(tender) or ORDER.why_not(order.status, "write for"):
        return reason
    if tender.orders.filter(supplier=order.supplier_id).exclude(status__in=Order.BEFORE_BID).exists():
        return _("You have submitted an order in this tender already.")
    return None


def why_not_decide(line: Commitment, by: Membership) -> str | None:
    """Only the provider itself agrees to what is given to it."""
    if by.role != Membership.Role.PROVIDER:
        return _("Only the provider decides on this commitment.")
    if line.activity.provider.organisation_id != by.participation.organisation_id:
        return _("This commitment is for another provider.")
    if line.order.status != Status.OFFERED:
        return _("The supplier is not offering this order now.")
    return COMMITMENT.why_not(line.status, "agree")


def why_not_seal(order: Order, by: Membership) -> str | None:
    """Every line as its provider agreed to it: line, approach, buyer and tender."""
    if not own(order, by):
        return _("Only the supplier whose order it is can submit it.")
    if order.status in {Status.DRAFT, Status.OFFERED}:
        return _("Every commitment has to be agreed by its provider before the order can be submitted.")
    if reason := ORDER.why_not(order.status, "seal"):
        return reason
    if changed := no_longer_agreed(order):
        return _(
            "These commitments are not what their providers agreed to: %(numbers)s. Offer them again."
        ) % {"numbers": numbers(changed)}
    return None
