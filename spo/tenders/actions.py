"""Running a tender: criteria and panel, bids, scores, consensus, award. Every act takes the tender's lock first."""

from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from spo.orders import steps as orders
from spo.orders.flows import ORDER
from spo.orders.models import Order
from spo.tenders import rules
from spo.tenders.flows import TENDER
from spo.tenders.models import (
    Award,
    Bid,
    Consensus,
    Criterion,
    Declaration,
    Dismissal,
    PanelMember,
    Score,
    Tender,
)
from spo.tenders.published import as_published, criteria_of, publish
from spo.tenders.queries import panel_of, seat_of
from spo.tenders.sealed import body_of, why_not_trust
from spo.tenders.sheets import agenda_of, sheet_of, standing_of
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.pages.plain import why_not_said
from territories.papers.digest import digest_of
from territories.references import reference
from territories.refusal import Refused, Stale, require
from territories.shown import require_seen
from territories.signatories import signatory
from territories.stream import announce

# What evaluators gave, each with its reason.
type Grades = dict[Criterion, tuple[int, str]]


@act
def prepare_tender(*, by: Membership, **facts) -> Tender:
    """Start a tender as a draft; `facts` are title, scope, notice, weight, top_grade, closes_at."""
    require(rules.why_not_begin(by))
    require(rules.why_not_close_at(facts["closes_at"]))
    tender = Tender.objects.create(reference=reference("TEN"), buyer=by.organisation, **facts)
    record("prepare", tender, by=by, after={"reference": tender.reference, "closes_at": tender.closes_at})
    return tender


@act
def change_tender(tender: Tender, *, version: int, by: Membership, **facts) -> Tender:
    """Change a draft's facts; Stale if someone saved since `version` was read."""
    tender = _locked(tender)
    require(rules.why_not_prepare(tender, by))
    require(rules.why_not_close_at(facts.get("closes_at", tender.closes_at)))
    if tender.version != version:
        raise Stale(_("Someone else saved this tender meanwhile."), tender)
    before = {name: getattr(tender, name) for name in facts}
    for name, value in facts.items():
        setattr(tender, name, value)
    tender.version += 1
    tender.save(update_fields=[*facts, "version"])
    record("change", tender, by=by, before=before, after=facts)
    return tender


@act
def add_criterion(
    tender: Tender, *, dimension: str, title: str, guidance: str, weight: Decimal, by: Membership
) -> Criterion:
    tender = _locked(tender)
    require(rules.why_not_prepare(tender, by))
    if tender.criteria.filter(dimension=dimension, title=title).exists():
        raise Refused(_("There is a criterion with this name already."))
    require(rules.why_not_weigh(tender, weight))
    criterion = tender.criteria.create(dimension=dimension, title=title, guidance=guidance, weight=weight)
    record("add criterion", tender, by=by, after={"title": title, "dimension": dimension, "weight": weight})
    return criterion


@act
def remove_criterion(criterion: Criterion, *, seen: str, by: Membership) -> None:
    tender = _locked(criterion.tender)
    require(rules.why_not_prepare(tender, by))
    criterion = tender.criteria.get(pk=criterion.pk)
    require_seen(criterion, seen)
    record("remove criterion", tender, by=by, before={"title": criterion.title, "weight": criterion.weight})
    criterion.delete()


@act
def appoint(tender: Tender, evaluator: Membership, *, by: Membership) -> PanelMember:
    """Put an evaluator on the panel."""
    tender = _locked(tender)
    evaluator = Membership.objects.select_related(
        "user", "participation__organisation", "participation__territory"
    ).get(pk=evaluator.pk)
    require(rules.why_not_appoint(tender, evaluator, by))
    seat = tender.panel.create(
        user=evaluator.user, organisation=evaluator.organisation, **signatory(evaluator)
    )
    record("appoint", seat, by=by, after={"tender": tender.reference, "user": evaluator.user_id})
    announce(f"tender-run-{tender.pk}")
    return seat


@act
def dismiss(seat: PanelMember, *, seen: str, by: Membership) -> PanelMember:
    """Take an evaluator off the panel. Scores from the seat are set aside: kept, never counted."""
    tender = _locked(seat.tender)
    leaving = panel_of(tender).get(pk=seat.pk)
    leaving.tender = tender
    require(rules.why_not_dismiss(leaving, by))
    require_seen(leaving, seen)
    leaving.ended_at = timezone.now()
    leaving.save(update_fields=["ended_at"])
    Dismissal.objects.create(
        seat=leaving, dismissed_by=by.user, dismissed_at=leaving.ended_at, **signatory(by)
    )
    facts = {"tender": tender.reference, "user": leaving.user_id, "scores": leaving.scores_given}
    record("dismiss", leaving, by=by, before=facts)
    announce(f"tender-run-{tender.pk}")
    return leaving


@act
def open_tender(tender: Tender, *, seen: str, by: Membership) -> Tender:
    """Publish it: from now on its criteria stand, as a copy with its digest."""
    tender = _locked(tender)
    require(rules.why_not_open(tender, by))
    require_seen(tender, seen)
    version = publish(tender, by=by)
    return _move(tender, "open", by, version=version.number, digest=version.digest)


@act
def write_order_for(order: Order, tender: Tender, *, seen: str, by: Membership) -> Order:
    """The order is for this tender from now on; providers who had agreed to it for something else are asked again."""
    tender = _locked(tender)
    require(rules.why_not_write_order(tender, by))
    require_seen(orders.locked(order), seen)
    return orders.write_for(order, tender.reference, tender.buyer, by=by)


@act
def submit(order: Order, tender: Tender, *, seen: str, by: Membership) -> Bid:
    """Seal an agreed order into a tender, before it closes: a copy with its digest."""
    tender = _locked(tender)
    order = orders.locked(order)
    require(rules.why_not_submit(order, tender, by))
    require_seen(order, seen)
    body = body_of(order, tender)
    order.status = ORDER.after(order.status, "seal")
    order.save(update_fields=["status"])
    bid = tender.bids.create(
        order=order,
        supplier=by.organisation,
        submitted_by=by.user,
        submitted_at=timezone.now(),
        body=body,
        digest=digest_of(body),
        **signatory(by),
    )
    facts = {"tender": tender.reference, "order": order.reference, "digest": bid.digest}
    record("submit", bid, by=by, after=facts)
    announce(f"tender-run-{tender.pk}")
    return bid


@act
def begin_scoring(tender: Tender, *, seen: str, by: Membership) -> Tender:
    """After the closing time: open the bids to the panel."""
    tender = _locked(tender)
    require(rules.why_not_close(tender, by))
    require_seen(tender, seen)
    return _move(tender, "close", by)


@act
def declare(tender: Tender, *, conflict: bool, words: str, by: Membership) -> Declaration:
    """Declare one's interests, before one scores, chairs or awards, and again whenever they change."""
    tender = _locked(tender)
    require(rules.why_not_declare(tender, by))
    require(rules.why_not_declare_so(tender, conflict, by))
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
    announce(f"tender-run-{tender.pk}")
    return declaration


@act
def score(bid: Bid, grades: Grades, *, seen: str, by: Membership) -> None:
    """Keep one evaluator's grades with their rationales; earlier ones stay as history until and after the round ends."""
    tender, bid = _of(bid)
    seat = seat_of(by, tender)
    require(rules.why_not_score(bid, seat))
    assert seat is not None
    require(why_not_trust(tender, [bid]))
    sheet = sheet_of(bid, seat, by)
    require_seen(sheet, seen)
    _asked(tender, *grades)
    for criterion, (grade, rationale) in grades.items():
        require(rules.why_not_grade(tender, grade, rationale))
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
    tender = _locked(tender)
    require(rules.why_not_settle(tender, by))
    require_seen(tender, seen)
    return _move(tender, "settle", by)


@act
def agree_grade(
    bid: Bid, criterion: Criterion, *, grade: int, rationale: str, seen: str, by: Membership
) -> Consensus:
    """Write down the grade that the panel agreed on, with the panel's reason. It is final."""
    tender, bid = _of(bid)
    require(rules.why_not_moderate(bid, criterion.pk, by))
    require(why_not_trust(tender, [bid]))
    _asked(tender, criterion)
    require(rules.why_not_grade(tender, grade, rationale))
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
    tender = _locked(tender)
    require(rules.why_not_award(tender, by))
    require(rules.why_not_stand_still(standstill_until) or why_not_said(reason))
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
    _move(tender, "award", by, bid=bid.pk)
    return decision


def _locked(tender: Tender) -> Tender:
    """The tender as it stands and as it was published, nobody else's until the act is over."""
    rows = Tender.objects.select_for_update(of=("self",)).select_related("buyer")
    return as_published(rows.get(pk=tender.pk))


def _of(bid: Bid) -> tuple[Tender, Bid]:
    """A bid's tender, locked, and the bid as it stands."""
    tender = _locked(bid.tender)
    bid = Bid.objects.select_related("order", "supplier").get(pk=bid.pk)
    bid.tender = tender
    return tender, bid


def _asked(tender: Tender, *criteria: Criterion) -> None:
    if not {one.pk for one in criteria} <= {one.pk for one in criteria_of(tender)}:
        raise Refused(_("Give grades for this tender's own criteria."))


def _move(tender: Tender, verb: str, by: Membership, **facts) -> Tender:
    before = tender.status
    tender.status = TENDER.after(before, verb)
    tender.save(update_fields=["status"])
    record(verb, tender, by=by, before={"status": before}, after={"status": tender.status, **facts})
    announce(f"tender-{tender.pk}")
    announce(f"tender-run-{tender.pk}")
    return tender
