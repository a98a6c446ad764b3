"""Why a grade can't be agreed, and a tender can't be awarded."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.scoring.models import Bid
from spo.scoring.queries.scores import (
    unsettled_grades,
)
from spo.scoring.rules.panel import (
    why_not_undeclared,
)
from spo.scoring.sealed import why_not_trust
from spo.scoring.standstill import LONGEST, earliest_end
from spo.tenders.models import Tender
from territories.models import Membership
from territories.pages.times import day

Status = Tender.Status


def why_not_chair(tender: Tender, by: Membership) -> str | None:
    """The buyer's people, once they have declared that they have no conflict."""
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender records its consensus.")
    if tender.status != Status.MODERATION:
        return _("Moderation is not running.")
    return why_not_undeclared(tender, by)


def why_not_moderate(bid: Bid, criterion_id, by: Membership) -> str | None:
    """Each criterion of a bid once; what is recorded is final."""
    if reason := why_not_chair(bid.tender, by):
        return reason
    if bid.consensus.filter(criterion=criterion_id).exists():
        return _("The panel's grade for this criterion is recorded already.")
    return None


def why_not_award(tender: Tender, by: Membership) -> str | None:
    """Once every grade is agreed."""
    if reason := why_not_chair(tender, by):
        return reason
    if unsettled := unsettled_grades(tender):
        return _("Agreed grades that are still missing: %(count)s.") % {"count": unsettled}
    return why_not_trust(tender, tender.bids.select_related("order", "supplier"))


def why_not_stand_still(until: date | None) -> str | None:
    """None where no standstill applies. One that is kept of free will is no shorter than one that must be."""
    today = timezone.localdate()
    if until and until < (earliest := earliest_end(today)):
        return _(
            "A standstill lasts at least 8 working days from the award notice: until %(day)s, or later. "
            "Leave it empty where none applies."
        ) % {"day": day(earliest)}
    if until and until > (latest := today + LONGEST):
        return _("A standstill of more than 90 days is not meant. Give %(day)s, or earlier.") % {
            "day": day(latest)
        }
    return None
