"""Why a score can't be given, and the individual round can't end."""

from django.utils.translation import gettext as _

from spo.scoring.models import Bid, PanelMember
from spo.scoring.queries.scores import (
    missing_scores,
)
from spo.tenders.flows import TENDER
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_conflicted
from territories.models import Membership
from territories.pages.plain import says_something

Status = Tender.Status


def why_not_score(bid: Bid, seat: PanelMember | None) -> str | None:
    """Only people on the panel, after their declaration, in the individual round."""
    if seat is None or seat.tender_id != bid.tender_id or seat.ended_at:
        return _("Only the panel of this tender scores its bids.")
    if seat.declared_at is None:
        return _("Declare your interests first.")
    if not PanelMember.objects.scoring().filter(pk=seat.pk).exists():
        return _("You declared a conflict of interest, so you can't score in this tender.")
    if bid.tender.status != Status.SCORING:
        return _("The individual round is not running.")
    return None


def why_not_grade(tender: Tender, grade: int, rationale: str) -> str | None:
    """A grade on the tender's own scale, with a reason."""
    if not 0 <= grade <= tender.top_grade:
        return _("Give every grade on the tender's own scale.")
    if not says_something(rationale):
        return _("Say for every grade why.")
    return None


def why_not_settle(tender: Tender, by: Membership) -> str | None:
    """Everybody on the panel has declared, and whoever may score has."""
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender can end the individual round.")
    if reason := TENDER.why_not(tender.status, "settle"):
        return reason
    if tender.panel.held().filter(declared_at=None).exists():
        return _("Someone on the panel has not declared their interests yet.")
    if missing := missing_scores(tender):
        return _("Scores that are still missing: %(count)s.") % {"count": missing}
    if not tender.panel.scoring().exists():
        return _("Nobody on the panel may score. Every member declared a conflict of interest.")
    return why_not_conflicted(tender, by)
