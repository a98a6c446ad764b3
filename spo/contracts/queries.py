"""What is read about contracts."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from spo.contracts.models import Contract, Signature, Term
from spo.scoring.models import Award
from territories.models import Membership
from territories.pages.lists import Waiting


def contracts_seen_by(member: Membership) -> QuerySet[Contract]:
    """The parties' own; buyers, category managers and leads of the territory see all of it."""
    rows = Contract.objects.select_related("buyer", "supplier", "award__bid__order", "award__tender")
    Role = Membership.Role
    if member.role in {Role.BUYER, Role.MANAGER, Role.LEAD}:
        return rows
    if member.role == Role.SUPPLIER:
        return rows.filter(supplier=member.organisation)
    if member.role == Role.PROVIDER:
        mine = Term.objects.filter(provider__organisation=member.organisation)
        return rows.filter(pk__in=mine.values("contract"))
    return rows.none()


def contract_list(member: Membership, *, words: str = "", status: str = "") -> QuerySet[Contract]:
    rows = contracts_seen_by(member)
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(reference__icontains=words) | Q(supplier__name__icontains=words)
        )
    if status in Contract.Status.values:
        rows = rows.filter(status=status)
    return rows.order_by("-locked_at", "pk")


def whole(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """With the snapshot, every term and every signature: what a contract's page and its signing need."""
    signatures = Signature.objects.select_related("user", "organisation")
    return rows.select_related("buyer", "supplier", "award__tender", "snapshot").prefetch_related(
        Prefetch("terms", queryset=whole_terms()), Prefetch("signatures", queryset=signatures)
    )


def whole_terms() -> QuerySet[Term]:
    return Term.objects.select_related("activity", "provider__organisation", "support_type")


def waiting_for(member: Membership) -> list[Waiting]:
    """Contracts that the member's organisation has not signed yet, and awards that are not locked in."""
    if member.role not in Signature.Party.values:
        return []
    unsigned = contracts_seen_by(member).filter(status=Contract.Status.SIGNING)
    if member.role == Membership.Role.BUYER:
        unsigned = unsigned.filter(buyer=member.organisation)
    mine = Q(signatures__party=member.role, signatures__organisation=member.organisation)
    rows = unsigned.exclude(pk__in=Contract.objects.filter(mine).values("pk"))
    text = _("Sign contract %(reference)s")
    found = [
        Waiting(text % {"reference": row.reference}, row.get_absolute_url(), row.locked_at) for row in rows
    ]
    if member.role != Membership.Role.BUYER:
        return found
    awards = Award.objects.filter(tender__buyer=member.organisation, contract=None).select_related("tender")
    text = _("Lock in the award of “%(title)s”")
    return found + [
        Waiting(text % {"title": row.tender.title}, row.tender.get_absolute_url(), row.decided_at)
        for row in awards
    ]
