"""Who reads which score when. `visible_scores` is the only reader of individual scores."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import (
    Count,
    QuerySet,
)

from spo.scoring.models import Bid, Consensus, PanelMember, Score
from spo.scoring.queries.bids import bids_seen_by
from spo.scoring.queries.panel import seat_of
from spo.tenders.marking import Ranked, points, ranking
from spo.tenders.models import Tender
from spo.tenders.published import criteria_of
from territories.models import Membership

Role = Membership.Role
Status = Tender.Status


def visible_scores(member: Membership, tender: Tender, seat: PanelMember | None = None) -> QuerySet[Score]:
    """In the individual round everyone's own only; from moderation on what counts of the panel's, for panel and buyer."""
    rows = Score.objects.select_related("seat", "criterion").filter(bid__tender=tender)
    seat = seat or seat_of(member, tender)
    if tender.status in Tender.DISCLOSED and (tender.is_run_by(member) or (seat and seat.may_score)):
        return rows.counted()
    return rows.current().filter(seat=seat) if seat else rows.none()


def visible_consensus(member: Membership, tender: Tender) -> QuerySet[Consensus]:
    """For the buyer and the panel; after the award, for each supplier that of its own bid."""
    rows = Consensus.objects.select_related("criterion").filter(bid__in=bids_seen_by(member, tender))
    if member.role == Role.SUPPLIER and tender.status != Status.AWARDED:
        return rows.none()
    return rows


def consensus_told_to(member: Membership) -> QuerySet[Consensus]:
    """For the buyer and the panel; for a supplier that of its own bids, after the award."""
    rows = Consensus.objects.filter(bid__in=bids_seen_by(member))
    return rows.filter(bid__tender__status=Status.AWARDED) if member.role == Role.SUPPLIER else rows


def missing_scores(tender: Tender, seat: PanelMember | None = None) -> int:
    """How many scores the panel, or one of its members, still has to give."""
    scoring = tender.panel.scoring()
    given = Score.objects.counted().filter(bid__tender=tender)
    if seat:
        scoring, given = scoring.filter(pk=seat.pk), given.filter(seat=seat)
    return scoring.count() * tender.bids.count() * len(criteria_of(tender)) - given.count()


def unsettled_grades(tender: Tender) -> int:
    """How many consensus grades are still to be agreed."""
    agreed = Consensus.objects.filter(bid__tender=tender).count()
    return tender.bids.count() * len(criteria_of(tender)) - agreed


def standing(tender: Tender) -> list[Ranked[Bid]]:
    """The bids by their consensus points, with the weights as published; empty until every grade is agreed."""
    if unsettled_grades(tender):
        return []
    weights = {criterion.pk: criterion.weight for criterion in criteria_of(tender)}
    grades: dict[Bid, list[tuple[Decimal, int]]] = defaultdict(list)
    for row in Consensus.objects.select_related("bid__order", "bid__supplier").filter(bid__tender=tender):
        grades[row.bid].append((weights[row.criterion_id], row.grade))
    return ranking({bid: points(pairs, tender.top_grade) for bid, pairs in grades.items()})


def my_progress(member: Membership, tender: Tender, seat: PanelMember) -> list[dict]:
    """For an evaluator: each bid with how many of the criteria are scored."""
    given = dict(
        visible_scores(member, tender, seat)
        .filter(seat=seat)
        .values_list("bid")
        .annotate(n=Count("pk"))
        .order_by()
    )
    wanted = len(criteria_of(tender))
    return [
        {"bid": bid, "given": given.get(bid.pk, 0), "wanted": wanted} for bid in bids_seen_by(member, tender)
    ]
