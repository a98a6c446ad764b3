"""What is read about orders."""

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from spo.orders.models import Commitment, Order
from spo.tenders.models import Tender
from territories.models import Membership
from territories.notices.queries import told_at
from territories.pages.lists import Waiting

Role = Membership.Role


def orders_seen_by(member: Membership) -> QuerySet[Order]:
    """A supplier's own orders; for a provider those that were put before it. Buyers read them in bids.

    With `stage`, the status as the member may know it: that an order is sealed in a bid, only its supplier knows.
    """
    sealed = Order.Status.SEALED if member.role == Role.SUPPLIER else Order.Status.AGREED
    stage = Case(When(status=Order.Status.SEALED, then=Value(str(sealed))), default=F("status"))
    rows = Order.objects.select_related("supplier", "tender__buyer").annotate(stage=stage)
    if member.role == Role.SUPPLIER:
        return rows.filter(supplier=member.organisation)
    if member.role == Role.PROVIDER:
        mine = Commitment.objects.filter(activity__provider__organisation=member.organisation)
        return rows.filter(pk__in=mine.values("order")).exclude(status=Order.Status.DRAFT)
    return rows.none()


def order_list(member: Membership, *, words: str = "", status: str = "") -> QuerySet[Order]:
    """With `lines`, `agreed` and `cost` of the lines that the member may see, newest first."""
    mine = Q(commitments__activity__provider__organisation=member.organisation)
    seen = mine if member.role == Role.PROVIDER else Q(commitments__isnull=False)
    rows = orders_seen_by(member).annotate(
        lines=Count("commitments", filter=seen),
        agreed=Count("commitments", filter=seen & Q(commitments__status="agreed")),
        cost=Sum("commitments__donor_cost", filter=seen),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(reference__icontains=words))
    if status in Order.Status.values:
        rows = rows.filter(stage=status)  # type: ignore[misc]
    return rows.order_by("-created_at", "pk")


def commitments_seen_by(member: Membership) -> QuerySet[Commitment]:
    """Every line of an own order; for a provider the lines at its own activities only."""
    rows = Commitment.objects.whole().filter(order__in=orders_seen_by(member))
    if member.role == Role.PROVIDER:
        rows = rows.filter(activity__provider__organisation=member.organisation)
    return rows


def whole_order(member: Membership) -> QuerySet[Order]:
    """Orders with the lines that this member may see, as `lines_seen`, each with what its provider said."""
    seen = commitments_seen_by(member).prefetch_related("answers")
    return orders_seen_by(member).prefetch_related(
        Prefetch("commitments", queryset=seen, to_attr="lines_seen")
    )


def open_orders_of(member: Membership) -> QuerySet[Order]:
    """Orders of the member's own that no tender has yet, newest first."""
    return orders_seen_by(member).filter(status__in=Order.BEFORE_BID).order_by("-created_at", "pk")


def waiting_for(member: Membership) -> list[Waiting]:
    """Providers decide on lines; suppliers change returned ones and submit what is agreed."""
    if member.role == Role.PROVIDER:
        lines = commitments_seen_by(member).filter(status="proposed", order__status=Order.Status.OFFERED)
        rows = Order.objects.filter(pk__in=lines.values("order")).select_related("supplier")
        text = _("Decide on what %(name)s offers you in %(reference)s")
        return [_waits(order, text, None) for order in rows.annotate(since=told_at(Order, "order_offered"))]
    if member.role == Role.SUPPLIER:
        returned = Q(status=Order.Status.DRAFT, commitments__status="returned")
        rows = orders_seen_by(member).filter(returned | Q(status=Order.Status.AGREED)).distinct()
        since = told_at(Order, "order_returned", "order_agreed")
        return [
            _waits(order, _("Submit %(reference)s in a tender: it is agreed"), order.tender)
            if order.status == Order.Status.AGREED
            else _waits(order, _("Change what a provider returned in %(reference)s"), order.tender)
            for order in rows.annotate(since=since).order_by("pk")
        ]
    return []


def _waits(order: Order, text: str, tender: Tender | None) -> Waiting:
    sentence = text % {"name": order.supplier, "reference": order.reference}
    due = tender.closes_at if tender and tender.takes_bids else None
    return Waiting(sentence, order.get_absolute_url(), order.since, due)  # type: ignore[attr-defined]
