"""Drafting an order, offering it, and agreeing to it line by line."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Activity
from spo.orders.flows import COMMITMENT, ORDER
from spo.orders.models import Commitment, Order
from spo.orders.rules import why_not_decide, why_not_offer, why_not_take_back, why_not_write
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import Refused, Stale, require
from territories.stream import announce


@transaction.atomic(durable=True)
def draft_order(*, title: str, approach: str, by: Membership) -> Order:
    order = Order.objects.create(
        reference=reference("SPO"), supplier=by.organisation, title=title, approach=approach
    )
    record("draft", order, by=by, after={"reference": order.reference})
    return order


@transaction.atomic(durable=True)
def describe_order(order: Order, *, version: int, title: str, approach: str, by: Membership) -> Order:
    """Change the title and the approach; Stale if someone saved since `version` was read."""
    order = _locked(order)
    require(why_not_write(order, by))
    if order.version != version:
        raise Stale(_("Someone else saved this order meanwhile."), order)
    order.title, order.approach, order.version = title, approach, order.version + 1
    order.save(update_fields=["title", "approach", "version"])
    record("describe", order, by=by, after={"version": order.version})
    return order


@transaction.atomic(durable=True)
def add_commitment(order: Order, *, by: Membership, **facts) -> Commitment:
    """Add a line; `facts` are HOW (support_type, quantity, donor_cost, dates, how) and WHERE (activity, place)."""
    order = _locked(order)
    require(why_not_write(order, by))
    _published(facts["activity"])
    last = order.commitments.aggregate(last=Max("number"))["last"] or 0
    line = order.commitments.create(number=last + 1, activity_title=facts["activity"].title, **facts)
    record("add commitment", order, by=by, after={"number": line.number, "activity": line.activity_id})
    return line


@transaction.atomic(durable=True)
def rewrite_commitment(line: Commitment, *, version: int, by: Membership, **facts) -> Commitment:
    """Change a line; what a provider said about its old text no longer counts."""
    order = _locked(line.order)
    line = Commitment.objects.select_for_update().get(pk=line.pk)
    require(why_not_write(order, by))
    if line.version != version:
        raise Stale(_("Someone else saved this commitment meanwhile."), line)
    _published(facts["activity"])
    facts["activity_title"] = facts["activity"].title
    for name, value in facts.items():
        setattr(line, name, value)
    line.status = COMMITMENT.after(line.status, "rewrite")
    line.decided_by = line.decided_at = None
    line.version += 1
    line.save(update_fields=[*facts, "status", "decided_by", "decided_at", "version"])
    record("rewrite commitment", order, by=by, after={"number": line.number, "version": line.version})
    return line


@transaction.atomic(durable=True)
def remove_commitment(line: Commitment, *, by: Membership) -> None:
    order = _locked(line.order)
    require(why_not_write(order, by))
    line.delete()
    record("remove commitment", order, by=by, before={"number": line.number})


@transaction.atomic(durable=True)
def offer(order: Order, *, by: Membership) -> Order:
    """Put the order before the providers. Lines that they agreed to and that did not change stay agreed."""
    order = _locked(order)
    require(why_not_offer(order, by))
    order.status = ORDER.after(order.status, "offer")
    if not order.commitments.exclude(status=Commitment.Status.AGREED).exists():
        order.status = ORDER.after(order.status, "complete")
    order.save(update_fields=["status"])
    record("offer", order, by=by, before={"status": "draft"}, after={"status": order.status})
    announce(f"order-{order.pk}")
    return order


@transaction.atomic(durable=True)
def take_back(order: Order, *, by: Membership) -> Order:
    """Make it a draft again."""
    order = _locked(order)
    require(why_not_take_back(order, by))
    before = order.status
    order.status = ORDER.after(order.status, "take back")
    order.save(update_fields=["status"])
    record("take back", order, by=by, before={"status": before}, after={"status": order.status})
    announce(f"order-{order.pk}")
    return order


@transaction.atomic(durable=True)
def agree(line: Commitment, *, by: Membership) -> Commitment:
    """The provider agrees to one line; with the last one, the order is agreed."""
    order = _locked(line.order)
    line = _line(line)
    require(why_not_decide(line, by))
    line.status = COMMITMENT.after(line.status, "agree")
    _write_decision(line, "", by)
    record("agree", line, by=by, after={"order": order.reference, "number": line.number})
    _conclude(order)
    return line


@transaction.atomic(durable=True)
def send_back(line: Commitment, *, note: str, by: Membership) -> Commitment:
    """The provider returns one line with what should change; once all are decided the order is a draft again."""
    order = _locked(line.order)
    line = _line(line)
    require(why_not_decide(line, by))
    line.status = COMMITMENT.after(line.status, "return")
    _write_decision(line, note, by)
    record("return", line, by=by, after={"order": order.reference, "number": line.number})
    _conclude(order)
    return line


def _locked(order: Order) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("supplier").get(pk=order.pk)


def _line(line: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",))
    return rows.select_related("order", "activity__provider").get(pk=line.pk)


def _published(activity: Activity) -> None:
    if activity.status != Activity.Status.PUBLISHED:
        raise Refused(_("The activity “%(title)s” is not open to support.") % {"title": activity.title})


def _write_decision(line: Commitment, note: str, by: Membership) -> None:
    line.decided_by, line.decided_at, line.decision_note = by.user, timezone.now(), note
    line.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])


def _conclude(order: Order) -> None:
    states = set(order.commitments.values_list("status", flat=True))
    if Commitment.Status.PROPOSED not in states:
        verb = "return" if Commitment.Status.RETURNED in states else "complete"
        order.status = ORDER.after(order.status, verb)
        order.save(update_fields=["status"])
    announce(f"order-{order.pk}")
