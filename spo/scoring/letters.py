"""Who is told of a seat on the panel, of bids to score, and of the decision."""

from django.utils.translation import gettext_lazy as _

from spo.scoring.models import Award, PanelMember
from spo.tenders.models import Tender
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import settled, tell

Role = Membership.Role

SEAT = Letter(
    "panel_seat",
    _("You are on the panel of %(title)s"),
    _("%(buyer)s has put you on the panel that scores the bids. Before you see one, declare your interests."),
    _("Declare your interests"),
    duty=True,
)
OFF = Letter(
    "panel_off",
    _("You are off the panel of %(title)s"),
    _(
        "%(buyer)s has taken you off the panel. Scores that you have given are set aside. You need do nothing."
    ),
    _("The tender"),
)
SCORES = Letter(
    "scores_due",
    _("The bids are open: %(title)s"),
    _(
        "Read each bid and grade it by every criterion, with a reason. Nobody sees your scores before the round ends."
    ),
    _("Score the bids"),
    duty=True,
)
WON = Letter(
    "bid_won",
    _("Your bid was successful: %(title)s"),
    _(
        "%(buyer)s has awarded the tender to %(organisation)s. Next, the order is locked into a contract that everyone signs."
    ),
    _("Read the decision"),
    duty=True,
)
LOST = Letter(
    "bid_lost",
    _("Your bid was not successful: %(title)s"),
    _(
        "%(buyer)s has awarded the tender to %(winner)s. Nobody is bound by your order. You can read how your bid was graded."
    ),
    _("Read your grades"),
    duty=True,
)


def seated(seat: PanelMember, by: Membership) -> None:
    _of(seat.tender, SEAT, _evaluators([seat.user_id]), by=by, once=seat.pk, remind=True)


def dismissed(seat: PanelMember, by: Membership) -> None:
    them = _evaluators([seat.user_id])
    settled(seat.tender, SEAT, SCORES, people=them)
    _of(seat.tender, OFF, them, by=by, once=seat.pk)


def declared(tender: Tender, by: Membership) -> None:
    settled(tender, SEAT, people=_evaluators([by.user_id]))


def opened(tender: Tender, by: Membership) -> None:
    """Everyone who scores."""
    scoring = tender.panel.held().exclude(conflict=True).values_list("user", flat=True)
    _of(tender, SCORES, _evaluators(scoring), by=by, remind=True)


def round_over(tender: Tender) -> None:
    settled(tender, SCORES, SEAT)


def awarded(decision: Award, by: Membership) -> None:
    """Each bidder its own letter."""
    tender, winner = decision.tender, decision.bid.supplier
    _of(tender, WON, people(Role.SUPPLIER, [winner]), by=by)
    losers = set(tender.bids.exclude(pk=decision.bid_id).values_list("supplier", flat=True)) - {winner.pk}
    _of(tender, LOST, people(Role.SUPPLIER, losers), by=by, winner=winner)


def _evaluators(users):
    return people(Role.EVALUATOR).filter(user__in=list(users))


def _of(tender: Tender, letter: Letter, to, **how) -> None:
    tell(to, letter, tender, page=tender.get_absolute_url(), title=tender.title, buyer=tender.buyer, **how)
