"""What acts on tenders, of this room and of those above, have in common: steps inside somebody's act, no doors."""

from spo.tenders.flows import TENDER
from spo.tenders.models import Tender
from spo.tenders.published import as_published
from territories.journal.chain import record
from territories.models import Membership
from territories.stream import announce


def locked(tender: Tender) -> Tender:
    """The tender as it stands and as it was published, nobody else's until the act is over."""
    rows = Tender.objects.select_for_update(of=("self",)).select_related("buyer")
    return as_published(rows.get(pk=tender.pk))


def count_panel(tender: Tender, seats: int) -> None:
    """How many sit on its panel now; whoever changes that says so."""
    tender.panel_size = seats
    tender.save(update_fields=["panel_size"])


def moved(tender: Tender, verb: str, by: Membership, **facts) -> Tender:
    before = tender.status
    tender.status = TENDER.after(before, verb)
    tender.save(update_fields=["status"])
    record(verb, tender, by=by, before={"status": before}, after={"status": tender.status, **facts})
    announce(f"tender-{tender.pk}")
    announce(f"tender-run-{tender.pk}")
    return tender
