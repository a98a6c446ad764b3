"""What was published stands: from the opening on, a tender is read from its last version, not from its draft's rows."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from spo.tenders.models import Criterion, Tender, TenderVersion
from territories.models import Membership
from territories.published import copied

FACTS = ("title", "scope", "notice", "top_grade")


def publish(tender: Tender, *, by: Membership) -> TenderVersion:
    """Copy the tender with its criteria into a version that nobody can change; a step of the act that opens it."""
    facts = {name: getattr(tender, name) for name in FACTS} | {
        "reference": tender.reference,
        "buyer": tender.buyer.name,
        "weight": f"{tender.weight:.2f}",
        "closes_at": tender.closes_at,
        "criteria": [{"id": criterion.pk} | criterion.as_shown() for criterion in tender.criteria.all()],
    }
    return tender.versions.create(number=1 + tender.versions.count(), **copied(facts, by=by))


def as_published(tender: Tender) -> Tender:
    """The tender with the facts of its last version, and `asked`: its criteria. A draft as it is."""
    version = None if tender.status == Tender.Status.DRAFT else tender.published
    if version is None:
        tender.asked = list(tender.criteria.all())
        return tender
    for name in FACTS:
        setattr(tender, name, version.body[name])
    tender.weight = Decimal(version.body["weight"])
    tender.closes_at = datetime.fromisoformat(version.body["closes_at"])
    tender.asked = _criteria(tender, version)
    return tender


def criteria_of(tender: Tender) -> list[Criterion]:
    """What is asked in a tender; from its opening on as it was published."""
    if not hasattr(tender, "asked"):
        as_published(tender)
    return tender.asked


def _criteria(tender: Tender, version: TenderVersion) -> list[Criterion]:
    return [_criterion(tender, facts) for facts in version.body["criteria"]]


def _criterion(tender: Tender, facts: dict) -> Criterion:
    """A criterion as if it had been read from its table."""
    criterion = Criterion(
        pk=UUID(facts["id"]),
        tender=tender,
        dimension=facts["dimension"],
        title=facts["title"],
        guidance=facts["guidance"],
        weight=Decimal(facts["weight"]),
    )
    criterion._state.adding = False
    return criterion
