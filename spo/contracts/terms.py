"""Whether the terms of a contract, which delivery is measured by, are still those of its snapshot, which was signed."""

from collections.abc import Iterator

from spo.contracts.models import Contract
from spo.contracts.queries import whole
from territories.papers.digest import plain

# What a term and a line of the snapshot both say, by the line's names.
SAID = {
    "number": "number",
    "activity_id": "activity_id",
    "activity": "activity_title",
    "provider_id": "provider_id",
    "support_id": "support_type_id",
    "quantity": "quantity",
    "donor_cost": "donor_cost",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "how": "how",
    "postcode": "postcode",
    "district_code": "district_code",
    "district": "district",
}


def as_agreed(contract: Contract) -> bool:
    """No term was altered, added or taken away since the contract was locked in; for a `whole` contract."""
    lines = sorted(contract.snapshot.body["lines"], key=lambda line: line["number"])
    terms = [
        plain({name: getattr(term, field) for name, field in SAID.items()}) for term in contract.terms.all()
    ]
    return terms == [{name: line[name] for name in SAID} for line in lines]


def terms_as_agreed() -> Iterator[str]:
    """The same for every contract of the territory, as a proof for the journal's command."""
    for contract in whole(Contract.objects.order_by("locked_at", "pk")).iterator(chunk_size=100):
        yield "" if as_agreed(contract) else f"{contract.reference} has other terms than its snapshot"
