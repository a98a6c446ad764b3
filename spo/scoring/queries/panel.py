"""What is read about panels, always for a member."""

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from spo.scoring.interests import known_ties, ties
from spo.scoring.models import PanelMember, Score
from spo.tenders.models import Declaration, Tender
from territories.models import Membership
from territories.tasks import here

Role = Membership.Role


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


def seats_told_to(member: Membership) -> QuerySet[PanelMember]:
    """An evaluator's own seat; for the buyer the whole panel's."""
    if member.role == Role.BUYER:
        return PanelMember.objects.filter(tender__buyer=member.organisation)
    own = PanelMember.objects.filter(user=member.user_id)
    return own if member.role == Role.EVALUATOR else own.none()


def evaluators_of(territory) -> QuerySet[Membership]:
    """Everyone who may be put on a panel in the territory."""
    return (
        Membership.objects.playing()
        .at(territory.pk)
        .filter(role=Role.EVALUATOR, user__is_active=True)
        .select_related("user", "participation__organisation")
        .order_by("user__name", "pk")
    )
