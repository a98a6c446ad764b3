"""Running a tender: criteria and panel, bids, scores, consensus, award."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from spo.orders.flows import ORDER
from spo.orders.models import Order
from spo.tenders import rules
from spo.tenders.flows import TENDER
from spo.tenders.models import Award, Bid, Consensus, Criterion, PanelMember, Score, Tender
from spo.tenders.queries import missing_scores, panel_of, standing, unsettled_grades
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import Refused, require
from territories.stream import announce


@transaction.atomic(durable=True)
def prepare_tender(*, by: Membership, **facts) -> Tender:
    """Start a tender as a draft; `facts` are title, scope, notice, weight, top_grade, closes_at."""
    tender = Tender.objects.create(reference=reference("TEN"), buyer=by.organisation, **facts)
    record("prepare", tender, by=by, after={"reference": tender.reference, "closes_at": tender.closes_at})
    return tender


@transaction.atomic(durable=True)
def change_tender(tender: Tender, *, by: Membership, **facts) -> Tender:
    tender = _locked(tender)
    require(rules.why_not_prepare(tender, by))
    before = {name: getattr(tender, name) for name in facts}
    for name, value in facts.items():
        setattr(tender, name, value)
    tender.save(update_fields=list(facts))
    record("change", tender, by=by, before=before, after=facts)
    return tender


@transaction.atomic(durable=True)
def add_criterion(
    tender: Tender, *, dimension: str, title: str, guidance: str, weight, by: Membership
) -> Criterion:
    tender = _locked(tender)
    require(rules.why_not_prepare(tender, by))
    if tender.criteria.filter(dimension=dimension, title=title).exists():
        raise Refused(_("There is a criterion with this name already."))
    if weight + sum(c.weight for c in tender.criteria.all()) > 100:
        raise Refused(_("With this weight the criteria would add up to more than 100 percent."))
    criterion = tender.criteria.create(dimension=dimension, title=title, guidance=guidance, weight=weight)
    record("add criterion", tender, by=by, after={"title": title, "dimension": dimension, "weight": weight})
    return criterion


@transaction.atomic(durable=True)
def remove_criterion(criterion: Criterion, *, by: Membership) -> None:
    tender = _locked(criterion.tender)
    require(rules.why_not_prepare(tender, by))
    record("remove criterion", tender, by=by, before={"title": criterion.title, "weight": criterion.weight})
    criterion.delete()


@transaction.atomic(durable=True)
def appoint(tender: Tender, evaluator: Membership, *, by: Membership) -> PanelMember:
    """Put an evaluator on the panel."""
    tender = _locked(tender)
    require(rules.why_not_appoint(tender, by))
    if tender.panel.filter(user=evaluator.user).exists():
        raise Refused(_("%(name)s is on the panel already.") % {"name": evaluator.user})
    seat = tender.panel.create(user=evaluator.user, organisation=evaluator.organisation)
    record("appoint", seat, by=by, after={"tender": tender.reference, "user": evaluator.user_id})
    return seat


@transaction.atomic(durable=True)
def dismiss(seat: PanelMember, *, by: Membership) -> None:
    """Take an evaluator off the panel, who has not scored or is gone; scores of someone who is gone go too."""
    tender = _locked(seat.tender)
    panel = list(panel_of(tender))
    leaving = next(one for one in panel if one.pk == seat.pk)
    leaving.tender = tender
    others = [one for one in panel if one is not leaving and one.conflict is not True and not one.gone]
    require(rules.why_not_dismiss(leaving, leaving.scores, leaving.gone, len(others), by))
    Score.objects.filter(bid__tender=tender, evaluator=leaving.user_id).delete()
    facts = {"tender": tender.reference, "user": leaving.user_id, "scores": leaving.scores}
    record("dismiss", leaving, by=by, before=facts)
    leaving.delete()
    announce(f"tender-run-{tender.pk}")


@transaction.atomic(durable=True)
def open_tender(tender: Tender, *, by: Membership) -> Tender:
    """Publish it; from now on its criteria stand."""
    tender = _locked(tender)
    require(rules.why_not_open(tender, by))
    return _move(tender, "open", by)


@transaction.atomic(durable=True)
def submit(order: Order, tender: Tender, *, by: Membership) -> Bid:
    """Seal an agreed order into a tender, before it closes."""
    tender = _locked(tender)
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    require(rules.why_not_submit(order, tender, by))
    order.status = ORDER.after(order.status, "seal")
    order.save(update_fields=["status"])
    bid = tender.bids.create(
        order=order, supplier=by.organisation, submitted_by=by.user, submitted_at=timezone.now()
    )
    record("submit", bid, by=by, after={"tender": tender.reference, "order": order.reference})
    announce(f"tender-run-{tender.pk}")
    return bid


@transaction.atomic(durable=True)
def begin_scoring(tender: Tender, *, by: Membership) -> Tender:
    """After the closing time: open the bids to the panel."""
    tender = _locked(tender)
    require(rules.why_not_close(tender, by))
    return _move(tender, "close", by)


@transaction.atomic(durable=True)
def declare(seat: PanelMember, *, conflict: bool, declaration: str, by: Membership) -> PanelMember:
    """Declare one's interests, once, before reading a bid."""
    seat = PanelMember.objects.select_for_update().get(pk=seat.pk)
    require(rules.why_not_declare(seat, by))
    seat.conflict, seat.declaration, seat.declared_at = conflict, declaration, timezone.now()
    seat.save(update_fields=["conflict", "declaration", "declared_at"])
    record("declare", seat, by=by, after={"conflict": conflict})
    return seat


@transaction.atomic(durable=True)
def score(
    bid: Bid, seat: PanelMember | None, grades: dict[Criterion, tuple[int, str]], *, by: Membership
) -> None:
    """Keep one evaluator's grades with their rationales; they can be changed until the round ends."""
    tender = Tender.objects.select_for_update().get(pk=bid.tender_id)
    bid.tender = tender
    require(rules.why_not_score(bid, seat))
    for criterion, (grade, rationale) in grades.items():
        if criterion.tender_id != tender.pk or not 0 <= grade <= tender.top_grade:
            raise Refused(_("Give every grade on the tender's own scale."))
        Score.objects.update_or_create(
            bid=bid,
            criterion=criterion,
            evaluator=by.user,
            defaults={"grade": grade, "rationale": rationale, "scored_at": timezone.now()},
        )
    # The journal says that someone scored, never what; and to nobody on the panel but themselves.
    record("score", seat, by=by, after={"bid": bid.pk, "criteria": len(grades)})
    announce(f"tender-run-{tender.pk}")


@transaction.atomic(durable=True)
def settle(tender: Tender, *, by: Membership) -> Tender:
    """End the individual round once every score is given; no score changes after this."""
    tender = _locked(tender)
    require(rules.why_not_settle(tender, missing_scores(tender), by))
    return _move(tender, "settle", by)


@transaction.atomic(durable=True)
def agree_grade(bid: Bid, criterion: Criterion, *, grade: int, rationale: str, by: Membership) -> Consensus:
    """Write down the grade that the panel agreed on, with the panel's reason. It is final."""
    tender = Tender.objects.select_for_update().get(pk=bid.tender_id)
    require(rules.why_not_moderate(tender, by))
    if criterion.tender_id != tender.pk or not 0 <= grade <= tender.top_grade:
        raise Refused(_("Give every grade on the tender's own scale."))
    if Consensus.objects.filter(bid=bid, criterion=criterion).exists():
        raise Refused(_("The panel's grade for this criterion is recorded already."))
    consensus = Consensus.objects.create(
        bid=bid,
        criterion=criterion,
        grade=grade,
        rationale=rationale,
        chair=by.user,
        agreed_at=timezone.now(),
    )
    record("agree grade", consensus, by=by, after={"bid": bid.pk, "criterion": criterion.pk, "grade": grade})
    announce(f"tender-run-{tender.pk}")
    return consensus


@transaction.atomic(durable=True)
def award(tender: Tender, bid: Bid, *, reason: str, standstill_until: date | None, by: Membership) -> Award:
    """Decide for a bid of the first rank; the orders of the other bids are void."""
    tender = _locked(tender)
    require(rules.why_not_award(tender, unsettled_grades(tender), by))
    ranks = {row.bid.pk: row.rank for row in standing(tender)}
    if ranks.get(bid.pk) != 1:
        raise Refused(_("Only a bid with the most points can be awarded."))
    decision = Award.objects.create(
        tender=tender,
        bid=bid,
        reason=reason,
        standstill_until=standstill_until,
        decided_by=by.user,
        decided_at=timezone.now(),
    )
    for loser in Order.objects.select_for_update().filter(bid__tender=tender).exclude(bid=bid):
        loser.status = ORDER.after(loser.status, "void")
        loser.save(update_fields=["status"])
    _move(tender, "award", by, bid=bid.pk)
    return decision


def _locked(tender: Tender) -> Tender:
    return Tender.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=tender.pk)


def _move(tender: Tender, verb: str, by: Membership, **facts) -> Tender:
    before = tender.status
    tender.status = TENDER.after(before, verb)
    tender.save(update_fields=["status"])
    record(verb, tender, by=by, before={"status": before}, after={"status": tender.status, **facts})
    announce(f"tender-{tender.pk}")
    announce(f"tender-run-{tender.pk}")
    return tender
