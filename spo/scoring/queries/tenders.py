"""What is read of a tender once bids have come, and what waits for whoever scores or decides."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from spo.scoring.models import Award, PanelMember
from spo.scoring.queries.scores import (
    missing_scores,
)
from spo.tenders.models import Tender
from spo.tenders.queries import tenders_seen_by
from territories.models import Membership
from territories.pages.lists import Waiting

Role = Membership.Role
Status = Tender.Status


def tenders_decided(member: Membership) -> QuerySet[Tender]:
    """Those that the member sees, each with its decision."""
    return tenders_seen_by(member).select_related("award__bid__supplier", "award__bid__order")


def award_of(tender: Tender) -> Award | None:
    """The decision, for everyone who may see the tender; None before it is made."""
    return getattr(tender, "award", None)


def waiting_for(member: Membership) -> list[Waiting]:
    """Evaluators declare and score; buyers move their tenders on."""
    found = []
    if member.role == Role.EVALUATOR:
        seats = PanelMember.objects.held().filter(user=member.user_id).select_related("tender")
        for seat in seats.filter(tender__status__in=(Status.OPEN, Status.SCORING)):
            if seat.declared_at is None:
                found.append(
                    (_("Declare your interests for “%(title)s”") % {"title": seat.tender.title}, seat.tender)
                )
            elif (
                seat.may_score and seat.tender.status == Status.SCORING and missing_scores(seat.tender, seat)
            ):
                found.append((_("Score the bids of “%(title)s”") % {"title": seat.tender.title}, seat.tender))
    if member.role == Role.BUYER:
        for tender in Tender.objects.filter(buyer=member.organisation).exclude(status=Status.AWARDED):
            if tender.status != Status.OPEN or not tender.takes_bids:
                found.append((_("Take “%(title)s” to its next step") % {"title": tender.title}, tender))
    return [Waiting(sentence, tender.get_absolute_url()) for sentence, tender in found]
