"""Who is told that a tender is open, closes soon and has closed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.tenders.models import Tender
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import settled, tell

Role = Membership.Role
SOON = timedelta(days=3)

OPENED = Letter(
    "tender_opened",
    _("A tender is open: %(title)s"),
    _("%(buyer)s asks for bids until %(closes_at)s. Social value weighs %(weight)s %% in it."),
    _("Read what is asked"),
)
CLOSING = Letter(
    "tender_closing",
    _("Three days left: %(title)s"),
    _("The tender of %(buyer)s closes on %(closes_at)s, and you have not submitted an order in it."),
    _("Read what is asked"),
    hushed=True,
)
CLOSED = Letter(
    "tender_closed",
    _("%(title)s has closed"),
    _("The time for bids is over. Begin the scoring, so that the panel can open them."),
    _("Begin the scoring"),
    duty=True,
)


def opened(tender: Tender, by: Membership) -> None:
    """Every supplier here, and once more three days before the end; the buyer's people when it has come."""
    suppliers = people(Role.SUPPLIER)
    _of(tender, OPENED, suppliers, by=by)
    if tender.closes_at - SOON > timezone.now():
        _of(tender, CLOSING, suppliers, by=by, at=tender.closes_at - SOON)
    _of(tender, CLOSED, people(Role.BUYER, [tender.buyer_id]), at=tender.closes_at)


def begun(tender: Tender) -> None:
    settled(tender, CLOSED, CLOSING)


def entered(tender: Tender, supplier) -> None:
    """A supplier that has submitted is not told that it has not."""
    settled(tender, CLOSING, people=people(Role.SUPPLIER, [supplier]))


def _of(tender: Tender, letter: Letter, to, **how) -> None:
    tell(
        to,
        letter,
        tender,
        page=tender.get_absolute_url(),
        title=tender.title,
        buyer=tender.buyer,
        closes_at=tender.closes_at,
        weight=tender.weight,
        **how,
    )
