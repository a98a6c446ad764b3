"""Why something about a contract can't be done now."""

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.contracts.models import Contract, Signature
from spo.contracts.parties import seat_of
from spo.contracts.terms import as_agreed
from spo.scoring.models import Bid
from spo.scoring.sealed import why_not_trust
from spo.tenders.models import Tender
from spo.tenders.rules import why_not_conflicted
from territories.models import Membership
from territories.pages.times import day
from territories.papers.digest import digest_of


def why_not_lock(tender: Tender, by: Membership) -> str | None:
    """The award is locked into a contract once, by the buyer that decided."""
    if not tender.is_run_by(by):
        return _("Only the buyer that awarded the tender can lock its order in.")
    if tender.status != Tender.Status.AWARDED:
        return _("The tender is not awarded yet.")
    if Contract.objects.filter(award__tender=tender).exists():
        return _("The order is locked into a contract already.")
    if reason := why_not_conflicted(tender, by):
        return reason
    return why_not_trust(tender, Bid.objects.filter(award__tender=tender).select_related("order", "supplier"))


def why_not_sign(contract: Contract, by: Membership) -> str | None:
    """Parties sign after the standstill, once each, and only what is still as it was locked."""
    seat = seat_of(contract, by)
    if seat is None:
        return _("Only the parties of this contract sign it.")
    if seat.signature:
        return _("%(party)s has signed already.") % {"party": seat.organisation}
    until = contract.award.standstill_until
    if until and timezone.localdate() <= until:
        return _("The standstill runs until the end of %(day)s. Nobody signs before that.") % {
            "day": day(until)
        }
    if seat.party == Signature.Party.BUYER and (reason := why_not_conflicted(contract.award.tender, by)):
        return reason
    if digest_of(contract.snapshot.body) != contract.snapshot.digest:
        return _("The snapshot no longer fits its digest. Do not sign; tell the service's support.")
    if not as_agreed(contract):
        return _("The commitments are not those of the snapshot. Do not sign; tell the service's support.")
    return None
