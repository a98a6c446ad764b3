"""Why something in a tender can't be done now, and who may see what when."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.orders.models import Order
from spo.orders.rules import why_not_seal
from spo.tenders.flows import TENDER
from spo.tenders.interests import last_declaration, plays_for_a_supplier, tie_of
from spo.tenders.marking import adds_up
from spo.tenders.models import Bid, Criterion, PanelMember, Tender
from spo.tenders.queries import missing_scores, unsettled_grades
from spo.tenders.sealed import why_not_trust
from spo.tenders.standstill import LONGEST, earliest_end
from territories.acts import why_not_act
from territories.models import Membership
from territories.pages.numbers import number
from territories.pages.plain import says_something
from territories.pages.times import day

Role = Membership.Role
Status = Tender.Status


def why_not_conflicted(tender: Tender, by: Membership) -> str | None:
    """Whoever declared a conflict steers nothing in the tender."""
    last = last_declaration(tender, by)
    if last and last.conflict:
        return _("You declared a conflict of interest, so somebody else has to do this.")
    return None


def why_not_begin(by: Membership) -> str | None:
    if by.role != Role.BUYER:
        return _("Only buyers prepare tenders.")
    return None


def why_not_prepare(tender: Tender, by: Membership) -> str | None:
    """Criteria are fixed when the tender opens."""
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender can change it.")
    if tender.status != Status.DRAFT:
        return _("The tender is open, so its criteria can't be changed any more.")
    return why_not_conflicted(tender, by)


def why_not_close_at(closes_at: datetime) -> str | None:
    if closes_at <= timezone.now():
        return _("The closing time must be in the future.")
    return None


def why_not_weigh(tender: Tender, weight: Decimal) -> str | None:
    left = 100 - sum(criterion.weight for criterion in tender.criteria.all())
    if weight > left:
        return _("The criteria would add up to more than 100 percent: %(left)s percent are left.") % {
            "left": number(left)
        }
    return None


def why_not_open(tender: Tender, by: Membership) -> str | None:
    if reason := why_not_prepare(tender, by):
        return reason
    criteria = list(tender.criteria.all())
    if {c.dimension for c in criteria} != set(Criterion.Dimension.values):
        return _("Add at least one criterion for HOW and one for WHERE first.")
    if not adds_up(c.weight for c in criteria):
        total = sum(c.weight for c in criteria)
        return _("The weights add up to %(total)s percent. Make them 100.") % {"total": number(total)}
    if tender.closes_at <= timezone.now():
        return _("The closing time has passed. Give a later one.")
    if not tender.panel.held().exists():
        return _("Put at least one evaluator on the panel first.")
    return None


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


def why_not_write_order(tender: Tender, by: Membership) -> str | None:
    """An order is written for a tender that still takes bids."""
    if by.role != Role.SUPPLIER:
        return _("Only suppliers write orders.")
    return why_not_bid(tender, by.participation.organisation_id)


def why_not_submit(order: Order, tender: Tender, by: Membership) -> str | None:
    """Agreed by its providers, for this tender, before it closes."""
    if reason := why_not_seal(order, by) or why_not_bid(tender, order.supplier_id):
        return reason
    if order.tender_reference != tender.reference:
        return _("The providers agreed to this order, but not for this tender. Ask them again for it first.")
    return None


def why_not_bid(tender: Tender, supplier_id: int) -> str | None:
    """A tender takes one bid of each supplier, before it closes."""
    if tender.status == Status.DRAFT:
        return _("The tender is not open yet.")
    if not tender.takes_bids:
        return _("The tender is closed, so it takes no more bids.")
    if tender.bids.filter(supplier_id=supplier_id).exists():
        return _("You have submitted an order in this tender already.")
    return None


def why_not_close(tender: Tender, by: Membership) -> str | None:
    if not tender.is_run_by(by):
        return _("Only the buyer that runs this tender can begin the scoring.")
    if reason := TENDER.why_not(tender.status, "close"):
        return reason
    if tender.takes_bids:
        return _("Bids stay sealed until the closing time has passed.")
    if not tender.bids.exists():
        return _("There is no bid to score.")
    if reason := why_not_conflicted(tender, by):
        return reason
    return why_not_trust(tender, tender.bids.select_related("order", "supplier"))


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


def why_not_read(tender: Tender, by: Membership) -> str | None:
    """The buyer's people declare before they read a bid. Panel and suppliers find no bid but those that they may read."""
    if by.role == Role.BUYER and last_declaration(tender, by) is None:
        return _("Declare your interests first: you do before you read or judge a bid.")
    return why_not_conflicted(tender, by) if by.role == Role.BUYER else None


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
