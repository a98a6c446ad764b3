"""What evaluators, chairs and buyers have before them when they act, so that a change meanwhile is noticed."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from spo.scoring.models import Bid, Consensus, PanelMember, Score
from spo.scoring.queries.scores import standing, visible_consensus, visible_scores
from spo.tenders.marking import Ranked
from spo.tenders.models import Tender
from spo.tenders.published import criteria_of
from territories.models import Membership


@dataclass(frozen=True)
class Sheet:
    """One evaluator's scores of one bid, as last given; by the criterion's id."""

    about: Bid
    seat: PanelMember
    scores: dict[UUID, Score]

    parts_shown: ClassVar[dict] = {"grades": (Score, "%s")}

    def as_shown(self) -> dict:
        given = [
            (criterion.key, self.scores[criterion.pk])
            for criterion in criteria_of(self.about.tender)
            if criterion.pk in self.scores
        ]
        # The seat, as two sheets of a bid that say the same are not taken for each other.
        return {
            "seat": str(self.seat.pk),
            "grades": {key: {"grade": s.grade, "rationale": s.rationale} for key, s in given},
        }


def sheet_of(bid: Bid, seat: PanelMember, by: Membership) -> Sheet:
    mine = visible_scores(by, bid.tender, seat).filter(bid=bid, seat=seat)
    return Sheet(bid, seat, {row.criterion_id: row for row in mine})


@dataclass(frozen=True)
class Agenda:
    """A bid in moderation: what counts of its individual scores, and what is agreed by now."""

    about: Bid
    scores: list[Score]
    agreed: dict[UUID, Consensus]

    parts_shown: ClassVar[dict] = {"scores": (Score, "%s"), "agreed": (Consensus, _("Agreed: %s"))}

    def as_shown(self) -> dict:
        keys = {criterion.pk: criterion.key for criterion in criteria_of(self.about.tender)}
        return {
            "scores": {
                f"{keys[row.criterion_id]}, {row.seat}": {"grade": row.grade, "rationale": row.rationale}
                for row in self.scores
            },
            "agreed": {keys[pk]: {"grade": row.grade} for pk, row in self.agreed.items()},
        }


def agenda_of(bid: Bid, by: Membership) -> Agenda:
    scores = visible_scores(by, bid.tender).filter(bid=bid).order_by("seat__person", "pk")
    agreed = visible_consensus(by, bid.tender).filter(bid=bid)
    return Agenda(bid, list(scores), {row.criterion_id: row for row in agreed})


@dataclass(frozen=True)
class Standing:
    """The bids of a tender by their points, as a decision rests on them."""

    about: Tender
    ranks: list[Ranked[Bid]]

    names_shown: ClassVar[dict] = {"points": _("points of 100")}
    parts_shown: ClassVar[dict] = {"ranks": (None, "%s")}

    def as_shown(self) -> dict:
        return {"ranks": {str(row.bid): str(row.points) for row in self.ranks}}


def standing_of(tender: Tender) -> Standing:
    return Standing(tender, standing(tender))
