"""The panel agrees on grades, and the buyer decides."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from spo.orders.flows import ORDER
from spo.orders.models import Order
from spo.scoring import letters
from spo.scoring.models import Award, Bid, Consensus
from spo.scoring.rules.moderation import why_not_award, why_not_moderate, why_not_stand_still
from spo.scoring.rules.scores import why_not_grade
from spo.scoring.sealed import why_not_trust
from spo.scoring.sheets import agenda_of, standing_of
from spo.scoring.steps import asked, with_tender
from spo.tenders import steps as tenders
from spo.tenders.models import Criterion, Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.pages.plain import why_not_said
from territories.refusal import Refused, require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce


@act
def agree_grade(
    bid: Bid, criterion: Criterion, *, grade: int, rationale: str, seen: str, by: Membership
) -> Consensus:
    """Write down the grade that the panel agreed on, with the panel's reason. It is final."""
    tender, bid = with_tender(bid)
    require(why_not_moderate(bid, criterion.pk, by))
    require(why_not_trust(tender, [bid]))
    asked(tender, criterion)
    require(why_not_grade(tender, grade, rationale))
    require_seen(agenda_of(bid, by), seen)
    consensus = Consensus.objects.create(
        bid=bid,
        criterion_id=criterion.pk,
        grade=grade,
        rationale=rationale,
        chair=by.user,
        agreed_at=timezone.now(),
        **signatory(by),
    )
    record("agree grade", consensus, by=by, after={"bid": bid.pk, "criterion": criterion.pk, "grade": grade})
    announce(f"tender-run-{tender.pk}")
    return consensus


@act
def award(
    tender: Tender, bid: Bid, *, reason: str, standstill_until: date | None, seen: str, by: Membership
) -> Award:
    """Decide for a bid of the first rank; the orders of the other bids are void."""
    tender = tenders.locked(tender)
    require(why_not_award(tender, by))
    require(why_not_stand_still(standstill_until) or why_not_said(reason))
    standing = standing_of(tender)
    require_seen(standing, seen)
    if bid.pk not in {row.bid.pk for row in standing.ranks if row.rank == 1}:
        raise Refused(_("Only a bid with the most points can be awarded."))
    decision = Award.objects.create(
        tender=tender,
        bid=bid,
        reason=reason,
        standstill_until=standstill_until,
        decided_by=by.user,
        decided_at=timezone.now(),
        **signatory(by),
    )
    losers = Order.objects.select_for_update(of=("self",)).filter(bid__tender=tender).exclude(bid=bid)
    for loser in losers.order_by("pk"):
        loser.status = ORDER.after(loser.status, "void")
        loser.save(update_fields=["status"])
    tenders.moved(tender, "award", by, bid=bid.pk)
    letters.awarded(decision, by)
    return decision
