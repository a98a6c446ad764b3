"""What is read of a tender once bids have come, and what waits for whoever scores or decides."""

from collections.abc import Iterator

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from spo.scoring.models import Award, Bid, PanelMember, Score
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
    if member.role == Role.EVALUATOR:
        return list(_for_evaluator(member))
    if member.role != Role.BUYER:
        return []
    rows = Tender.objects.filter(buyer=member.organisation).exclude(status=Status.AWARDED)
    text = _("Take “%(title)s” to its next step")
    return [
        Waiting(
            text % {"title": row.title},
            row.get_absolute_url(),
            row.closes_at if row.closes_at < timezone.now() else row.created_at,
        )
        for row in rows
        if row.status != Status.OPEN or not row.takes_bids
    ]


def _for_evaluator(member: Membership) -> Iterator[Waiting]:
    given = (
        Score.objects.counted().filter(seat=OuterRef("pk")).order_by().values("seat").annotate(n=Count("pk"))
    )
    bids = Bid.objects.filter(tender=OuterRef("tender")).order_by().values("tender").annotate(n=Count("pk"))
    seats = (
        PanelMember.objects.held()
        .filter(user=member.user_id, tender__status__in=(Status.OPEN, Status.SCORING))
        .select_related("tender")
        .prefetch_related("tender__versions")
        .annotate(
            given=Coalesce(Subquery(given.values("n")), 0), bids=Coalesce(Subquery(bids.values("n")), 0)
        )
    )
    for seat in seats:
        tender = seat.tender
        asked = list(tender.versions.all())[-1].body["criteria"]
        if seat.declared_at is None:
            text = _("Declare your interests for “%(title)s”") % {"title": tender.title}
            yield Waiting(text, tender.get_absolute_url(), seat.created_at, tender.closes_at)
        elif seat.may_score and tender.status == Status.SCORING and seat.given < seat.bids * len(asked):
            text = _("Score the bids of “%(title)s”") % {"title": tender.title}
            yield Waiting(text, tender.get_absolute_url(), tender.closes_at)
