"""Why something about what a tender asks can't be done now."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.tenders.interests import last_declaration
from spo.tenders.marking import adds_up
from spo.tenders.models import Criterion, Tender
from territories.models import Membership
from territories.pages.numbers import number

Role = Membership.Role
Status = Tender.Status


def why_not_conflicted(tender: Tender, by: Membership) -> str | None:
    """Whoever declared a conflict steers nothing in the tender."""
    last = last_declaration(tender, by)
    if last and last.conflict:
        return _("You declared a conflict of interest, so somebody else has to do this.")
    return None


def why_not_begin(by: Membership) -> str | None:
    if by.role != Role.BUYER:
        return _("Only buyers prepare tenders.")
    return None


def why_not_prepare(tender: Tender, by: Membership) -> str | None:
    """Criteria are fixed when the tender opens."""
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender can change it.")
    if tender.status != Status.DRAFT:
        return _("The tender is open, so its criteria can't be changed any more.")
    return why_not_conflicted(tender, by)


def why_not_close_at(closes_at: datetime) -> str | None:
    if closes_at <= timezone.now():
        return _("The closing time must be in the future.")
    return None


def why_not_weigh(tender: Tender, weight: Decimal) -> str | None:
    left = 100 - sum(criterion.weight for criterion in tender.criteria.all())
    if weight > left:
        return _("The criteria would add up to more than 100 percent: %(left)s percent are left.") % {
            "left": number(left)
        }
    return None


def why_not_open(tender: Tender, by: Membership) -> str | None:
    if reason := why_not_prepare(tender, by):
        return reason
    criteria = list(tender.criteria.all())
    if {c.dimension for c in criteria} != set(Criterion.Dimension.values):
        return _("Add at least one criterion for HOW and one for WHERE first.")
    if not adds_up(c.weight for c in criteria):
        total = sum(c.weight for c in criteria)
        return _("The weights add up to %(total)s percent. Make them 100.") % {"total": number(total)}
    if tender.closes_at <= timezone.now():
        return _("The closing time has passed. Give a later one.")
    if not tender.panel_size:
        return _("Put at least one evaluator on the panel first.")
    return None


def why_not_answer(tender: Tender) -> str | None:
    """An order is written for, and submitted in, a tender that takes bids."""
    if tender.status == Status.DRAFT:
        return _("The tender is not open yet.")
    if not tender.takes_bids:
        return _("The tender is closed, so it takes no more bids.")
    return None
