"""Drafting an order, offering it, and agreeing to it line by line."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Activity, Placed
from community.published import as_published
from community.rules import why_not_place
from spo.orders import letters
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Answer, Commitment, Order
from spo.orders.rules import (
    why_not_add,
    why_not_between,
    why_not_decide,
    why_not_draft,
    why_not_offer,
    why_not_support,
    why_not_take_back,
    why_not_write,
    why_not_write_for,
)
from spo.orders.steps import ask_again, locked, put_before_providers
from spo.tenders import steps as tenders
from spo.tenders.models import Tender
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.pages.plain import why_not_said
from territories.papers.digest import digest_of
from territories.references import reference
from territories.refusal import Stale, require
from territories.shown import facts_of, require_seen
from territories.signatories import signatory
from territories.stream import announce


@act
def draft_order(*, title: str, approach: str, by: Membership) -> Order:
    require(why_not_draft(by))
    order = Order.objects.create(
        reference=reference("SPO"), supplier=by.organisation, title=title, approach=approach
    )
    record("draft", order, by=by, after={"reference": order.reference})
    return order


@act
def describe_order(order: Order, *, version: int, title: str, approach: str, by: Membership) -> Order:
    """Change the title and the approach; Stale if someone saved since `version` was read.

    Providers agreed to the approach as well, so with another one every line is proposed again.
    """
    order = locked(order)
    require(why_not_write(order, by))
    if order.version != version:
        raise Stale(_("Someone else saved this order meanwhile."), order)
    if approach != order.approach:
        ask_again(order.commitments.exclude(status=Commitment.Status.PROPOSED))
    order.title, order.approach, order.version = title, approach, order.version + 1
    order.save(update_fields=["title", "approach", "version"])
    record("describe", order, by=by, after={"version": order.version})
    return order


@act
def add_commitment(order: Order, *, by: Membership, **facts) -> Commitment:
    """Add a line; `facts` are HOW (support_type, quantity, donor_cost, dates, how) and WHERE (activity, place)."""
    order = locked(order)
    require(why_not_write(order, by))
    facts = _possible(facts, by)
    require(why_not_add(order, facts))
    line = order.commitments.create(number=_next_number(order), **facts)
    record("add commitment", order, by=by, after={"number": line.number, "activity": line.activity_id})
    return line


@act
def rewrite_commitment(line: Commitment, *, version: int, by: Membership, **facts) -> Commitment:
    """Change a line; what a provider said about its old text is kept and no longer counts."""
    order = locked(line.order)
    line = _line(line)
    require(why_not_write(order, by))
    if line.version != version:
        raise Stale(_("Someone else saved this commitment meanwhile."), line)
    facts = _possible(facts, by)
    for name, value in facts.items():
        setattr(line, name, value)
    line.status = COMMITMENT.after(line.status, "rewrite")
    line.version += 1
    line.save(update_fields=[*facts, "status", "version"])
    record("rewrite commitment", order, by=by, after={"number": line.number, "version": line.version})
    return line


@act
def remove_commitment(line: Commitment, *, seen: str, by: Membership) -> None:
    """Take a line out of a draft; what its provider said to it stays."""
    order = locked(line.order)
    line = _line(line)
    require(why_not_write(order, by))
    require_seen(line, seen)
    record("remove commitment", order, by=by, before={"number": line.number})
    line.delete()


@act
def offer(order: Order, *, seen: str, by: Membership) -> Order:
    """Put the order before the providers. Lines that they agreed to and that did not change stay agreed."""
    order = locked(order)
    require(why_not_offer(order, by))
    require_seen(order, seen)
    before, order.status = order.status, ORDER.after(order.status, "offer")
    put_before_providers(order)
    entry = record("offer", order, by=by, before={"status": before}, after={"status": order.status})
    letters.asked(order, entry, by)
    return order


@act
def take_back(order: Order, *, seen: str, by: Membership) -> Order:
    """Make it a draft again."""
    order = locked(order)
    require(why_not_take_back(order, by))
    require_seen(order, seen)
    before = order.status
    order.status = ORDER.after(order.status, "take back")
    order.save(update_fields=["status"])
    entry = record("take back", order, by=by, before={"status": before}, after={"status": order.status})
    letters.taken_back(order, entry, by)
    announce(f"order-{order.pk}")
    return order


@act
def agree(line: Commitment, *, seen: str, by: Membership) -> Answer:
    """The provider agrees to one line as it stands; with the last one, the order is agreed."""
    return _answer(line, Answer.Verb.AGREE, "", seen, by)


@act
def send_back(line: Commitment, *, note: str, seen: str, by: Membership) -> Answer:
    """The provider returns one line with what should change; once all are decided the order is a draft again."""
    require(why_not_said(note))
    return _answer(line, Answer.Verb.RETURN, note, seen, by)


@act
def write_for(order: Order, tender: Tender, *, seen: str, by: Membership) -> Order:
    """The order is for this tender from now on. Providers agreed to buyer and tender as well: they are asked again."""
    tender = tenders.locked(tender)
    order = locked(order)
    require(why_not_write_for(order, tender, by))
    require_seen(order, seen)
    before = {"tender": order.tender_reference, "status": order.status}
    order.tender, order.version = tender, order.version + 1
    order.status = ORDER.after(order.status, "write for")
    order.save(update_fields=["tender", "version", "status"])
    if order.status == Order.Status.OFFERED:
        put_before_providers(order)
    facts = {"tender": tender.reference, "status": order.status}
    entry = record("write for", order, by=by, before=before, after=facts)
    letters.asked(order, entry, by)
    return order


def _answer(line: Commitment, verb: str, note: str, seen: str, by: Membership) -> Answer:
    order = locked(line.order)
    line = _line(line)
    require(why_not_decide(line, by))
    require_seen(line, seen)
    line.status = COMMITMENT.after(line.status, verb)
    line.save(update_fields=["status"])
    body = facts_of(line)
    answer = Answer.objects.create(
        order=order,
        line=line,
        line_number=line.number,
        number=1 + (line.answers.aggregate(last=Max("number"))["last"] or 0),
        verb=verb,
        note=note,
        body=body,
        digest=digest_of(body),
        user=by.user,
        answered_at=timezone.now(),
        **signatory(by),
    )
    facts = {"order": order.reference, "number": line.number, "digest": answer.digest}
    entry = record(verb, line, by=by, after=facts)
    _conclude(order)
    letters.answered(answer, entry, by)
    return answer


def _line(line: Commitment) -> Commitment:
    return line.order.commitments.whole().select_for_update(of=("self",)).get(pk=line.pk)


def _next_number(order: Order) -> int:
    """One more than any line has had, so that what was said to a line that is gone is not taken for this one's."""
    lines = order.commitments.aggregate(last=Max("number"))["last"] or 0
    said = order.answers.aggregate(last=Max("line_number"))["last"] or 0
    return max(lines, said) + 1


def _possible(facts: dict, by: Membership) -> dict:
    """The facts of a line, with the activity as it is called now and the place of the postcode."""
    activity = as_published(Activity.objects.get(pk=facts["activity"].pk))
    require(why_not_support(activity))
    require(why_not_between(facts["starts_on"], facts["ends_on"]))
    require(why_not_place(facts["postcode"], by.territory))
    place = Placed.facts_of(facts["postcode"])
    return facts | place | {"activity": activity, "activity_title": activity.title}


def _conclude(order: Order) -> None:
    states = set(order.commitments.values_list("status", flat=True))
    if Commitment.Status.PROPOSED not in states:
        verb = "return" if Commitment.Status.RETURNED in states else "complete"
        order.status = ORDER.after(order.status, verb)
        order.save(update_fields=["status"])
    announce(f"order-{order.pk}")
