"""The individual round: from the opening of the bids to the last score."""

from django.utils import timezone

from spo.scoring import letters
from spo.scoring.models import Bid, Score
from spo.scoring.queries.panel import seat_of
from spo.scoring.rules.bids import why_not_close
from spo.scoring.rules.scores import why_not_grade, why_not_score, why_not_settle
from spo.scoring.sealed import why_not_trust
from spo.scoring.sheets import sheet_of
from spo.scoring.steps import asked, with_tender
from spo.tenders import letters as asked_no_more
from spo.tenders import steps as tenders
from spo.tenders.models import Criterion, Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.refusal import require
from territories.shown import require_seen
from territories.stream import announce

# What evaluators gave, each with its reason.
type Grades = dict[Criterion, tuple[int, str]]


@act
def begin_scoring(tender: Tender, *, seen: str, by: Membership) -> Tender:
    """After the closing time: open the bids to the panel."""
    tender = tenders.locked(tender)
    require(why_not_close(tender, by))
    require_seen(tender, seen)
    tender = tenders.moved(tender, "close", by)
    asked_no_more.begun(tender)
    letters.opened(tender, by)
    return tender


@act
def score(bid: Bid, grades: Grades, *, seen: str, by: Membership) -> None:
    """Keep one evaluator's grades with their rationales; earlier ones stay as history until and after the round ends."""
    tender, bid = with_tender(bid)
    seat = seat_of(by, tender)
    require(why_not_score(bid, seat))
    assert seat is not None
    require(why_not_trust(tender, [bid]))
    sheet = sheet_of(bid, seat, by)
    require_seen(sheet, seen)
    asked(tender, *grades)
    for criterion, (grade, rationale) in grades.items():
        require(why_not_grade(tender, grade, rationale))
        last = sheet.scores.get(criterion.pk)
        if last is None or (last.grade, last.rationale) != (grade, rationale):
            Score.objects.create(
                bid=bid,
                criterion_id=criterion.pk,
                seat=seat,
                evaluator=by.user,
                number=last.number + 1 if last else 1,
                grade=grade,
                rationale=rationale,
                scored_at=timezone.now(),
            )
    # The journal says that someone scored, never what; and to nobody on the panel but themselves.
    record("score", seat, by=by, after={"bid": bid.pk, "criteria": len(grades)})
    announce(f"tender-run-{tender.pk}")


@act
def settle(tender: Tender, *, seen: str, by: Membership) -> Tender:
    """End the individual round once every score is given; no score changes after this."""
    tender = tenders.locked(tender)
    require(why_not_settle(tender, by))
    require_seen(tender, seen)
    tender = tenders.moved(tender, "settle", by)
    letters.round_over(tender)
    return tender
