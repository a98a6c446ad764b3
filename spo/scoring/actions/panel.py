"""Who scores: a seat is given, taken away, and its holder declares."""

from django.db.models import Max
from django.utils import timezone

from spo.scoring import letters
from spo.scoring.models import Dismissal, PanelMember
from spo.scoring.queries.panel import panel_of
from spo.scoring.rules.panel import (
    why_not_appoint,
    why_not_declare,
    why_not_declare_so,
    why_not_dismiss,
)
from spo.tenders import steps as tenders
from spo.tenders.models import Declaration, Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.refusal import require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce


@act
def appoint(tender: Tender, evaluator: Membership, *, by: Membership) -> PanelMember:
    """Put an evaluator on the panel."""
    tender = tenders.locked(tender)
    evaluator = Membership.objects.select_related(
        "user", "participation__organisation", "participation__territory"
    ).get(pk=evaluator.pk)
    require(why_not_appoint(tender, evaluator, by))
    seat = tender.panel.create(
        user=evaluator.user, organisation=evaluator.organisation, **signatory(evaluator)
    )
    tenders.count_panel(tender, tender.panel.held().count())
    record("appoint", seat, by=by, after={"tender": tender.reference, "user": evaluator.user_id})
    letters.seated(seat, by)
    announce(f"tender-run-{tender.pk}")
    return seat


@act
def dismiss(seat: PanelMember, *, seen: str, by: Membership) -> PanelMember:
    """Take an evaluator off the panel. Scores from the seat are set aside: kept, never counted."""
    tender = tenders.locked(seat.tender)
    leaving = panel_of(tender).get(pk=seat.pk)
    leaving.tender = tender
    require(why_not_dismiss(leaving, by))
    require_seen(leaving, seen)
    leaving.ended_at = timezone.now()
    leaving.save(update_fields=["ended_at"])
    Dismissal.objects.create(
        seat=leaving, dismissed_by=by.user, dismissed_at=leaving.ended_at, **signatory(by)
    )
    tenders.count_panel(tender, tender.panel.held().count())
    facts = {"tender": tender.reference, "user": leaving.user_id, "scores": leaving.scores_given}
    record("dismiss", leaving, by=by, before=facts)
    letters.dismissed(leaving, by)
    announce(f"tender-run-{tender.pk}")
    return leaving


@act
def declare(tender: Tender, *, conflict: bool, words: str, by: Membership) -> Declaration:
    """Declare one's interests, before one scores, chairs or awards, and again whenever they change."""
    tender = tenders.locked(tender)
    require(why_not_declare(tender, by))
    require(why_not_declare_so(tender, conflict, by))
    mine = tender.declarations.filter(user=by.user)
    declaration = mine.create(
        tender=tender,
        user=by.user,
        number=1 + (mine.aggregate(last=Max("number"))["last"] or 0),
        conflict=conflict,
        words=words,
        declared_at=timezone.now(),
        **signatory(by),
    )
    # The person's own seat, in whatever part they declare.
    if seat := tender.panel.held().filter(user=by.user).first():
        seat.conflict, seat.declared_at = conflict, declaration.declared_at
        seat.save(update_fields=["conflict", "declared_at"])
    record("declare", declaration, by=by, after={"tender": tender.reference, "conflict": conflict})
    letters.declared(tender, by)
    announce(f"tender-run-{tender.pk}")
    return declaration
