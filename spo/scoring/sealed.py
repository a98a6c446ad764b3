"""A sealed order: the copy in its bid, with its digest. Panel, buyer and contract read it, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from community.models import Placed
from spo.orders.agreements import last_answers
from spo.orders.models import Commitment, Order
from spo.orders.promised import Promised
from spo.scoring.models import Bid
from spo.tenders.models import Tender
from territories.journal.models import Entry
from territories.models import SupportType
from territories.pages.numbers import number
from territories.papers.digest import digest_of, plain


@dataclass(frozen=True)
class SealedLine:
    """A line of a sealed order, as pages show it and contracts take it."""

    number: int
    activity_id: UUID
    activity_title: str
    provider_id: UUID
    provider_name: str
    support_type: SupportType
    quantity: Decimal
    donor_cost: Decimal
    starts_on: date
    ends_on: date
    how: str
    postcode: str
    district_code: str
    district: str
    agreed: dict

    area = Placed.area

    @property
    def agreed_at(self) -> datetime:
        return datetime.fromisoformat(self.agreed["at"])

    def __str__(self) -> str:
        return f"{number(self.quantity)} {self.support_type.unit_name}, {self.support_type}"


def body_of(order: Order, tender: Tender) -> dict:
    """The order in words and numbers that need no other table to be read; numbers as text."""
    answers = last_answers(order)
    return plain(
        {
            "order": order.reference,
            "title": order.title,
            "approach": order.approach,
            "supplier": order.supplier.name,
            "tender": tender.reference,
            "buyer": tender.buyer.name,
            "lines": [
                {
                    "number": line.number,
                    "activity_id": line.activity_id,
                    "provider_id": line.activity.provider_id,
                    "provider_organisation": line.activity.provider.organisation_id,
                    "support_id": line.support_type_id,
                    "support_code": line.support_type.code,
                    "district_code": line.district_code,
                    "agreed": _agreed(answers[line.pk]),
                }
                | line.terms()
                for line in order.commitments.whole()
            ],
        }
    )


def _agreed(answer) -> dict:
    """Who said yes, and to which digest."""
    who = {name: getattr(answer, name) for name in ("person", "office", "on_behalf_of", "digest")}
    return who | {"at": answer.answered_at}


def sealed_lines(bid: Bid) -> list[SealedLine]:
    """The lines of a bid, read from its copy."""
    supports = SupportType.objects.in_bulk([line["support_id"] for line in bid.body["lines"]])
    return [_read(line, supports[line["support_id"]]) for line in bid.body["lines"]]


def _read(line: dict, support_type: SupportType) -> SealedLine:
    facts = line | {"activity_title": line["activity"]}
    fields = {field.name: field for field in Commitment._meta.fields}
    return SealedLine(
        **{name: fields[name].to_python(facts[name]) for name in Promised.FACTS},
        activity_id=UUID(line["activity_id"]),
        provider_id=UUID(line["provider_id"]),
        provider_name=line["provider"],
        support_type=support_type,
        agreed=line["agreed"],
    )


def organisations_in(bids: Iterable[Bid]) -> set[int]:
    """The suppliers of these bids and every provider in them, by the organisation's id."""
    found = set()
    for bid in bids:
        found |= {bid.supplier_id, *(line["provider_organisation"] for line in bid.body["lines"])}
    return found


def why_not_trust(tender: Tender, bids: Iterable[Bid]) -> str | None:
    """What was published, or a bid whose copy, is not what its digest, and the journal's line about it, say."""
    bids = list(bids)
    version, digests = tender.published, _journalled(tender, bids)
    if not version or not digest_of(version.body) == version.digest == digests.get(version.number):
        return _("What is published of this tender is not what was. Don't go on; tell the service's support.")
    for bid in bids:
        if not digest_of(bid.body) == bid.digest == digests.get(str(bid.pk)):
            return _("%(bid)s is not what was sealed. Don't go on; tell the service's support.") % {
                "bid": bid
            }
    return None


def _journalled(tender: Tender, bids: list[Bid]) -> dict[int | str, str]:
    """Digests as the journal has them: of versions by their number, of bids by their id."""
    opened = Q(verb="open", subject=Tender._meta.label_lower, subject_id=str(tender.pk))
    ids = [str(bid.pk) for bid in bids]
    submitted = Q(verb="submit", subject=Bid._meta.label_lower, subject_id__in=ids)
    return {
        line.after["version"] if line.verb == "open" else line.subject_id: line.after.get("digest")
        for line in Entry.objects.filter(opened | submitted)
    }
