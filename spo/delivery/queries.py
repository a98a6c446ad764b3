"""What is read about deliveries and progress."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from spo.contracts.models import Contract, Term
from spo.contracts.queries import contracts_seen_by, whole_terms
from spo.delivery.ceiling import Ceiling
from spo.delivery.models import Decision, Delivery, Progress
from spo.delivery.pace import due_by
from territories.models import Membership
from territories.notices.queries import told_at
from territories.pages.lists import Waiting

# As long as the pages that heard of a change take to come for it, and not until an upgrade.
SHARED_SECONDS = 30
MONEY = DecimalField(max_digits=20, decimal_places=2)
NOTHING = Value(Decimal(0), MONEY)
UNDECIDED = Q(deliveries__decisions=None)
# How a delivery stands by the last entry of the ledger: `Delivery.state` for queries.
_LAST = Decision.objects.filter(delivery=OuterRef("pk")).order_by("-number")
_LEADS_TO = Case(*(When(verb=verb, then=Value(state.value)) for verb, state in Decision.LEADS_TO.items()))
STANDING = Coalesce(Subquery(_LAST.values(state=_LEADS_TO)[:1]), Value(Delivery.Status.CLAIMED.value))


@dataclass(frozen=True)
class TermProgress:
    """One term: quantities in its own unit, up to today."""

    term: Term
    claimed: Decimal
    confirmed: Decimal
    due: Decimal

    @property
    def on_track(self) -> bool:
        return self.confirmed >= self.due


def terms_of(contract: Contract, today: date) -> list[TermProgress]:
    """Each term with what was claimed and confirmed, and what is due by today; one statement."""
    rows = with_counts(whole_terms().filter(contract=contract))
    return [
        TermProgress(
            term, term.claimed, term.confirmed, due_by(today, term.quantity, term.starts_on, term.ends_on)
        )
        for term in rows
    ]


def shared_terms(contract: Contract, progress: Progress | None, today: date) -> list[TermProgress]:
    """`terms_of`, the same for everyone who may see the contract: read once for each version of its progress."""
    return shared("terms", contract, progress, today, lambda: terms_of(contract, today))


def shared[T](
    what: str, contract: Contract, progress: Progress | None, today: date, make: Callable[[], T]
) -> T:
    """What `make` made of a contract on a day, made once for each version of its progress; `what` names it.

    Whatever is done to a delivery marks the progress due in the same transaction, and so makes another version.
    """
    if progress is None:
        return make()
    version = "-".join(str(at.timestamp()) for at in (progress.due_at, progress.computed_at) if at)
    key = f"{what}-{contract.pk}-{contract.status}-{today}-{bool(progress.due_at)}-{version}"
    if (made := cache.get(key)) is None:
        made = make()
        cache.set(key, made, SHARED_SECONDS)
    return made


def with_counts(terms: QuerySet) -> QuerySet:
    """Terms with `claimed` and `confirmed` in their own unit and `claimed_cost`, `confirmed_cost` in pounds.

    The ledger's entries say what is confirmed. A claim that is undecided has no entry, so that no join counts it twice.
    """
    return terms.annotate(
        confirmed=Coalesce(Sum("deliveries__decisions__quantity"), NOTHING),
        confirmed_cost=Coalesce(Sum("deliveries__decisions__donor_cost"), NOTHING),
        claimed=Coalesce(Sum("deliveries__quantity", filter=UNDECIDED), NOTHING),
        claimed_cost=Coalesce(Sum("deliveries__donor_cost", filter=UNDECIDED), NOTHING),
    )


def ceiling_of(term: Term, besides: Delivery | None = None) -> Ceiling:
    """What the term promised and what of it is claimed or confirmed, `besides` one delivery; one statement."""
    row = with_counts(Term.objects.filter(pk=term.pk)).get()
    counted, cost = row.claimed + row.confirmed, row.claimed_cost + row.confirmed_cost
    if besides and besides.state == Delivery.Status.CLAIMED:
        counted, cost = counted - besides.quantity, cost - besides.donor_cost
    elif besides:
        counted, cost = counted - besides.confirmed, cost - besides.confirmed_cost
    return Ceiling(row.quantity, row.donor_cost, counted, cost)


def totals(contract_id) -> dict[str, Decimal]:
    """`promised`, `confirmed` and `claimed` in pounds of donor cost, and what is `done` of the promise; one statement.

    A term counts by its share of the quantity, at most whole: giving twice of one thing makes up for no other.
    """
    per_term = with_counts(Term.objects.filter(contract=contract_id)).annotate(
        worth=ExpressionWrapper(
            F("donor_cost") * Least(F("confirmed") / F("quantity"), Value(Decimal(1), MONEY)), MONEY
        )
    )
    return per_term.aggregate(
        promised=Coalesce(Sum("donor_cost"), NOTHING),
        confirmed=Coalesce(Sum("confirmed_cost"), NOTHING),
        claimed=Coalesce(Sum("claimed_cost"), NOTHING),
        done=Coalesce(Sum("worth"), NOTHING),
    )


def deliveries_seen_by(member: Membership) -> QuerySet[Delivery]:
    """Deliveries of the contracts that one may see; for a provider only those to itself."""
    rows = Delivery.objects.select_related(
        "term__contract__supplier",
        "term__provider__organisation",
        "term__support_type",
        "term__activity",
    ).filter(term__contract__in=contracts_seen_by(member))
    if member.role == Membership.Role.PROVIDER:
        rows = rows.filter(term__provider__organisation=member.organisation)
    return rows.prefetch_related("decisions").order_by("-claimed_at", "pk")


def delivery_list(member: Membership, *, words: str = "", status: str = "") -> QuerySet[Delivery]:
    rows = deliveries_seen_by(member)
    if words:
        rows = rows.filter(Q(reference__icontains=words) | Q(term__contract__reference__icontains=words))
    return rows.filter(status=status) if status else rows


def progress_of(contract: Contract) -> Progress | None:
    """The progress as last recomputed, if anything was ever claimed."""
    return Progress.objects.filter(contract=contract).first()


def due_progress() -> list:
    """The ids of contracts whose progress has to be recomputed, the longest waiting first."""
    return list(
        Progress.objects.filter(due_at__isnull=False).order_by("due_at").values_list("contract", flat=True)
    )


def public_progress() -> list[Progress]:
    """For residents: every contract in delivery with its progress."""
    rows = Progress.objects.select_related("contract__supplier", "contract__buyer")
    return list(rows.filter(contract__status=Contract.Status.ACTIVE).order_by("contract__title")[:50])


def waiting_for(member: Membership) -> list[Waiting]:
    """Providers say whether a delivery came; suppliers settle what is disputed."""
    wanted: dict[str, tuple[str, str]] = {
        Membership.Role.PROVIDER: (Delivery.Status.CLAIMED, _("Confirm or dispute delivery %(reference)s")),
        Membership.Role.SUPPLIER: (
            Delivery.Status.DISPUTED,
            _("Settle the dispute about delivery %(reference)s"),
        ),
    }
    if member.role not in wanted:
        return []
    status, sentence = wanted[member.role]
    rows = deliveries_seen_by(member).filter(status=status)
    rows = rows.annotate(since=told_at(Delivery, "delivery_claimed", "delivery_disputed"))
    return [
        Waiting(sentence % {"reference": row.reference}, row.get_absolute_url(), row.since)
        for row in rows[:20]
    ]
