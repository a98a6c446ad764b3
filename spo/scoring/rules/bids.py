"""Why an order can't be submitted, and bids can't be opened or read."""

from django.utils.translation import gettext as _

from spo.orders.models import Order
from spo.orders.rules import why_not_seal
from spo.scoring.sealed import why_not_trust
from spo.tenders.flows import TENDER
from spo.tenders.interests import last_declaration
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_answer, why_not_conflicted
from territories.models import Membership

Role = Membership.Role


def why_not_submit(order: Order, tender: Tender, by: Membership) -> str | None:
    """Agreed by its providers, for this tender, before it closes."""
    if reason := why_not_seal(order, by) or why_not_bid(tender, order.supplier_id):
        return reason
    if order.tender_id != tender.pk:
        return _("The providers agreed to this order, but not for this tender. Ask them again for it first.")
    return None


def why_not_bid(tender: Tender, supplier_id: int) -> str | None:
    """A tender takes one bid of each supplier, before it closes."""
    if reason := why_not_answer(tender):
        return reason
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


def why_not_read(tender: Tender, by: Membership) -> str | None:
    """The buyer's people declare before they read a bid. Panel and suppliers find no bid but those that they may read."""
    if by.role == Role.BUYER and last_declaration(tender, by) is None:
        return _("Declare your interests first: you do before you read or judge a bid.")
    return why_not_conflicted(tender, by) if by.role == Role.BUYER else None
