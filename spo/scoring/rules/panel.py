"""Why somebody can't be put on a panel or taken off it, or declare so."""

from django.utils.translation import gettext as _

from spo.scoring.interests import plays_for_a_supplier, tie_of
from spo.scoring.models import PanelMember
from spo.tenders.interests import last_declaration
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_conflicted
from territories.acts import why_not_act
from territories.models import Membership

Role = Membership.Role
Status = Tender.Status


def why_not_choose_panel(tender: Tender, by: Membership) -> str | None:
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender can choose its panel.")
    if tender.status not in Tender.BEFORE_MODERATION:
        return _("The individual round is over, so the panel stays as it is.")
    return why_not_conflicted(tender, by)


def why_not_appoint(tender: Tender, evaluator: Membership, by: Membership) -> str | None:
    """Nobody who plays a supplier's part; once bids are open, nobody who plays or played a part in one of them.

    Before that the second would name a bidder: it is shown at the opening.
    """
    if reason := why_not_choose_panel(tender, by) or why_not_act(evaluator):
        return reason
    who: dict = {"name": evaluator.user}
    if evaluator.role != Role.EVALUATOR:
        return _("%(name)s is no evaluator here.") % who
    if tender.panel.held().filter(user=evaluator.user).exists():
        return _("%(name)s is on the panel already.") % who
    if plays_for_a_supplier(evaluator):
        return _("%(name)s plays a supplier's part, so they can't score bids.") % who
    if tie := tie_of(tender, evaluator):
        where = who | {"organisation": tie.organisation}
        return _("%(name)s plays or played a part for %(organisation)s, which is in this tender.") % where
    return None


def why_not_dismiss(seat: PanelMember, by: Membership) -> str | None:
    """Before the individual round is over. Whoever scores stays, unless they are gone from the territory or have a tie.

    `seat` is one of `panel_of`.
    """
    tender = seat.tender
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender changes its panel.")
    if tender.status not in Tender.BEFORE_MODERATION:
        return _("The individual round is over, so the panel stays as it is.")
    if seat.ended_at:
        return _("%(name)s is off the panel already.") % {"name": seat}
    counts = seat.scores_given and seat.conflict is False  # type: ignore[attr-defined]
    if counts and not (seat.gone or seat.tied):  # type: ignore[attr-defined]
        return _("%(name)s has scored already, and plays a part here: their scores count.") % {"name": seat}
    if tender.status == Status.SCORING and not seat.others:  # type: ignore[attr-defined]
        return _("Nobody else could score. Put another evaluator on the panel first.")
    return why_not_conflicted(tender, by)


def why_not_declare(tender: Tender, by: Membership) -> str | None:
    """Whoever scores, chairs or awards declares, before they do and again at any time."""
    if tender.is_run_by(by):
        return None
    seat = tender.panel.held().filter(user=by.user_id).exists()
    if by.role != Role.EVALUATOR or not seat:
        return _("Whoever scores, chairs or awards declares their own interests.")
    return None


def why_not_declare_so(tender: Tender, conflict: bool, by: Membership) -> str | None:
    """A conflict that was declared stays declared: somebody else takes over."""
    last = last_declaration(tender, by)
    if last and last.conflict and not conflict:
        return _(
            "You declared a conflict of interest, which stands. Ask the buyer to let somebody else do it."
        )
    return None


def why_not_undeclared(tender: Tender, by: Membership) -> str | None:
    """Whoever chairs or awards has declared that they have no conflict."""
    if last_declaration(tender, by) is None:
        return _("Declare your interests first: whoever chairs or awards does.")
    return why_not_conflicted(tender, by)
