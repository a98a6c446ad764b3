"""Why something in a tender can't be done now, and who may see what when."""

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.orders.models import Order
from spo.orders.rules import why_not_seal
from spo.tenders.flows import TENDER
from spo.tenders.marking import adds_up
from spo.tenders.models import Bid, Criterion, PanelMember, Tender
from territories.models import Membership

Role = Membership.Role
Status = Tender.Status


def runs(tender: Tender, by: Membership | None) -> bool:
    """The buyer's own people run its tenders."""
    return by is not None and by.role == Role.BUYER and tender.buyer_id == by.participation.organisation_id


def why_not_prepare(tender: Tender, by: Membership) -> str | None:
    """Criteria are fixed when the tender opens."""
    if not runs(tender, by):
        return _("Only the buyer that runs this tender can change it.")
    if tender.status != Status.DRAFT:
        return _("The tender is open, so its criteria can't be changed any more.")
    return None


def why_not_open(tender: Tender, by: Membership) -> str | None:
    if reason := why_not_prepare(tender, by):
        return reason
    criteria = list(tender.criteria.all())
    if {c.dimension for c in criteria} != set(Criterion.Dimension.values):
        return _("Add at least one criterion for HOW and one for WHERE first.")
    if not adds_up(c.weight for c in criteria):
        total = sum(c.weight for c in criteria)
        return _("The weights add up to %(total)s percent. Make them 100.") % {"total": f"{total:f}"}
    if tender.closes_at <= timezone.now():
        return _("The closing time has passed. Give a later one.")
    if not tender.panel.exists():
        return _("Put at least one evaluator on the panel first.")
    return None


def why_not_appoint(tender: Tender, by: Membership) -> str | None:
    if not runs(tender, by):
        return _("Only the buyer that runs this tender can choose its panel.")
    if tender.status not in {Status.DRAFT, Status.OPEN}:
        return _("Scoring has begun, so the panel can't be changed any more.")
    return None


def why_not_submit(order: Order, tender: Tender, by: Membership) -> str | None:
    return why_not_seal(order, by) or why_not_bid(tender, order.supplier_id)


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
    if not runs(tender, by):
        return _("Only the buyer that runs this tender can begin the scoring.")
    if reason := TENDER.why_not(tender.status, "close"):
        return reason
    if tender.takes_bids:
        return _("Bids stay sealed until the closing time has passed.")
    if not tender.bids.exists():
        return _("There is no bid to score.")
    return None


def why_not_dismiss(seat: PanelMember, scores: int, gone: bool, others: int, by: Membership) -> str | None:
    """Before the individual round is over. Whoever has given `scores` stays, unless they are `gone` from the territory;
    `others` is how many more there are to score.
    """
    if not runs(seat.tender, by):
        return _("Only the buyer that runs this tender changes its panel.")
    if seat.tender.status not in {Status.DRAFT, Status.OPEN, Status.SCORING}:
        return _("The individual round is over, so the panel stays as it is.")
    if scores and not gone:
        return _("%(name)s has scored already, and plays a part here: their scores count.") % {
            "name": seat.user
        }
    if seat.tender.status == Status.SCORING and not others:
        return _("Nobody else could score. The panel needs at least one evaluator.")
    return None


def why_not_declare(seat: PanelMember, by: Membership) -> str | None:
    if seat.user_id != by.user_id:
        return _("Everyone declares their own interests.")
    if seat.declared_at:
        return _("You have made your declaration already.")
    return None


def why_not_score(bid: Bid, seat: PanelMember | None) -> str | None:
    """Only people on the panel, after their declaration, in the individual round."""
    if seat is None or seat.tender_id != bid.tender_id:
        return _("Only the panel of this tender scores its bids.")
    if seat.declared_at is None:
        return _("Declare your interests first.")
    if not seat.may_score:
        return _("You declared a conflict of interest, so you can't score in this tender.")
    if bid.tender.status != Status.SCORING:
        return _("The individual round is not running.")
    return None


def why_not_settle(tender: Tender, missing: int, by: Membership) -> str | None:
    """`missing` is how many scores are still to be given."""
    if not runs(tender, by):
        return _("Only the buyer that runs this tender can end the individual round.")
    if reason := TENDER.why_not(tender.status, "settle"):
        return reason
    seats = list(tender.panel.all())
    if any(seat.declared_at is None for seat in seats):
        return _("Someone on the panel has not declared their interests yet.")
    if not any(seat.may_score for seat in seats):
        return _("Nobody on the panel may score. Every member declared a conflict of interest.")
    if missing:
        return _("Scores that are still missing: %(count)s.") % {"count": missing}
    return None


def why_not_moderate(tender: Tender, by: Membership) -> str | None:
    if not runs(tender, by):
        return _("Only the buyer that runs this tender records its consensus.")
    if tender.status != Status.MODERATION:
        return _("Moderation is not running.")
    return None


def why_not_award(tender: Tender, unsettled: int, by: Membership) -> str | None:
    """`unsettled` is how many consensus grades are still to be agreed."""
    if reason := why_not_moderate(tender, by):
        return reason
    if unsettled:
        return _("Agreed grades that are still missing: %(count)s.") % {"count": unsettled}
    return None
