"""Running a tender: criteria and panel, bids, scores, consensus, award. Every act takes the tender's lock first."""

from decimal import Decimal

from django.utils.translation import gettext as _

from spo.tenders import letters, rules
from spo.tenders.models import (
    Criterion,
    Tender,
)
from spo.tenders.published import publish
from spo.tenders.steps import locked, moved
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import Refused, Stale, require
from territories.shown import require_seen


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
    tender = locked(tender)
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
    tender = locked(tender)
    require(rules.why_not_prepare(tender, by))
    if tender.criteria.filter(dimension=dimension, title=title).exists():
        raise Refused(_("There is a criterion with this name already."))
    require(rules.why_not_weigh(tender, weight))
    criterion = tender.criteria.create(dimension=dimension, title=title, guidance=guidance, weight=weight)
    record("add criterion", tender, by=by, after={"title": title, "dimension": dimension, "weight": weight})
    return criterion


@act
def remove_criterion(criterion: Criterion, *, seen: str, by: Membership) -> None:
    tender = locked(criterion.tender)
    require(rules.why_not_prepare(tender, by))
    criterion = tender.criteria.get(pk=criterion.pk)
    require_seen(criterion, seen)
    record("remove criterion", tender, by=by, before={"title": criterion.title, "weight": criterion.weight})
    criterion.delete()


@act
def open_tender(tender: Tender, *, seen: str, by: Membership) -> Tender:
    """Publish it: from now on its criteria stand, as a copy with its digest."""
    tender = locked(tender)
    require(rules.why_not_open(tender, by))
    require_seen(tender, seen)
    version = publish(tender, by=by)
    tender = moved(tender, "open", by, version=version.number, digest=version.digest)
    letters.opened(tender, by)
    return tender
