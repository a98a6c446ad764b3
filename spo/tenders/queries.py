"""What is read about tenders. `visible_scores` is the only reader of individual scores."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from spo.tenders.interests import known_ties, ties
from spo.tenders.marking import Ranked, points, ranking
from spo.tenders.models import Award, Bid, Consensus, Criterion, Declaration, PanelMember, Score, Tender
from spo.tenders.published import criteria_of
from territories.models import Membership
from territories.pages.lists import Waiting
from territories.tasks import here

Role = Membership.Role
Status = Tender.Status


def tenders_seen_by(member: Membership) -> QuerySet[Tender]:
    """Open and later ones for every member; drafts for the buyer and for its panel."""
    rows = Tender.objects.select_related("buyer", "award__bid__supplier", "award__bid__order")
    seen = ~Q(status=Status.DRAFT)
    if member.role == Role.BUYER:
        seen |= Q(buyer=member.organisation)
    return rows.filter(seen)


def tenders_run_by(member: Membership) -> QuerySet[Tender]:
    """Those that the member's organisation runs."""
    return tenders_seen_by(member).filter(buyer=member.organisation)


def criteria_run_by(member: Membership) -> QuerySet[Criterion]:
    """Those of the tenders that the member's organisation runs."""
    return Criterion.objects.select_related("tender").filter(tender__buyer=member.organisation)


def tender_list(member: Membership, *, words: str = "", status: str = "") -> QuerySet[Tender]:
    """With `bid_count`, the soonest to close first."""
    rows = tenders_seen_by(member).annotate(bid_count=Count("bids"))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(reference__icontains=words))
    if status in Status.values:
        rows = rows.filter(status=status)
    return rows.order_by("-closes_at", "pk")


def seat_of(member: Membership, tender: Tender) -> PanelMember | None:
    """The member's seat on the panel, if there is one that they were not taken off."""
    if member.role != Role.EVALUATOR:
        return None
    return PanelMember.objects.held().filter(tender=tender, user_id=member.user_id).first()


def panel_of(tender: Tender) -> QuerySet:
    """Its seats, ended ones last, each with the `scores_given` from it, the `words` of its last declaration, how many
    `others` could score, and whether its evaluator is `gone` from the territory or has a tie that is known (`tied`).
    """
    parts = Membership.objects.playing().at(here()).filter(user=OuterRef("user_id"), role=Role.EVALUATOR)
    given = Score.objects.current().filter(seat=OuterRef("pk"))
    counted = given.order_by().values("seat").annotate(n=Count("pk")).values("n")
    free = PanelMember.objects.free().filter(tender=OuterRef("tender_id"))
    beside = free.exclude(pk=OuterRef("pk")).order_by().values("tender").annotate(n=Count("pk"))
    said = Declaration.objects.filter(tender=OuterRef("tender_id"), user=OuterRef("user_id"))
    return tender.panel.annotate(
        scores_given=Coalesce(Subquery(counted), 0),
        words=Subquery(said.order_by("-number").values("words")[:1]),
        others=Coalesce(Subquery(beside.values("n")), 0),
        gone=~Exists(parts),
        tied=Exists(known_ties(tender).filter(user=OuterRef("user_id"))),
    ).order_by(F("ended_at").asc(nulls_first=True), "created_at")


def ties_seen_by(member: Membership, tender: Tender) -> list[Membership]:
    """For the buyer that runs it and the territory's leads, from the opening on."""
    return ties(tender) if tender.is_run_by(member) or member.role == Role.LEAD else []


def seats_run_by(member: Membership) -> QuerySet[PanelMember]:
    """Those of the tenders that the member's organisation runs."""
    return PanelMember.objects.select_related("tender").filter(tender__buyer=member.organisation)


def bids_seen_by(member: Membership, tender: Tender | None = None) -> QuerySet[Bid]:
    """Sealed until scoring begins, then for the panel and the buyer; a supplier sees its own. Of one tender, or all.

    One statement, whoever asks: what isn't the reader's takes as long as what isn't there.
    """
    rows = Bid.objects.select_related("order", "supplier", "tender")
    if tender:
        rows = rows.filter(tender=tender)
    if member.role == Role.SUPPLIER:
        return rows.filter(supplier=member.organisation)
    scored = rows.filter(tender__status__in=Tender.UNSEALED)
    if member.role == Role.BUYER:
        return scored.filter(tender__buyer=member.organisation)
    seats = PanelMember.objects.scoring().filter(user=member.user_id)
    return scored.filter(tender__in=seats.values("tender")) if member.role == Role.EVALUATOR else rows.none()


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


def tenders_told_to(member: Membership) -> QuerySet[Tender]:
    """The buyer's own people read about all that was done to a tender, leads once it is open."""
    if member.role == Role.BUYER:
        return Tender.objects.filter(buyer=member.organisation)
    opened = Tender.objects.exclude(status=Status.DRAFT)
    return opened if member.role == Role.LEAD else opened.none()


def seats_told_to(member: Membership) -> QuerySet[PanelMember]:
    """An evaluator's own seat; for the buyer the whole panel's."""
    if member.role == Role.BUYER:
        return PanelMember.objects.filter(tender__buyer=member.organisation)
    own = PanelMember.objects.filter(user=member.user_id)
    return own if member.role == Role.EVALUATOR else own.none()


def declarations_told_to(member: Membership) -> QuerySet[Declaration]:
    """One's own; for the buyer everybody's in its tenders."""
    mine = Q(user=member.user_id)
    if member.role == Role.BUYER:
        mine |= Q(tender__buyer=member.organisation)
    return Declaration.objects.filter(mine)


def consensus_told_to(member: Membership) -> QuerySet[Consensus]:
    """For the buyer and the panel; for a supplier that of its own bids, after the award."""
    rows = Consensus.objects.filter(bid__in=bids_seen_by(member))
    return rows.filter(bid__tender__status=Status.AWARDED) if member.role == Role.SUPPLIER else rows


def award_of(tender: Tender) -> Award | None:
    """The decision, for everyone who may see the tender; None before it is made."""
    return getattr(tender, "award", None)


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


def evaluators_of(territory) -> QuerySet[Membership]:
    """Everyone who may be put on a panel in the territory."""
    return (
        Membership.objects.playing()
        .at(territory.pk)
        .filter(role=Role.EVALUATOR, user__is_active=True)
        .select_related("user", "participation__organisation")
        .order_by("user__name", "pk")
    )


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
