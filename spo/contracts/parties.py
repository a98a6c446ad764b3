"""Who signs a contract, and what a signature stands under."""

from dataclasses import dataclass

from spo.contracts.models import Contract, Signature
from territories.models import Membership, Organisation

Party = Signature.Party


@dataclass(frozen=True)
class Seat:
    """A place on the signature page, signed or not."""

    party: str
    organisation: Organisation
    signature: Signature | None

    @property
    def party_name(self) -> str:
        return str(Party(self.party).label)


def seats(contract: Contract) -> list[Seat]:
    """The buyer, the supplier and every provider, each with its signature if there is one."""
    signed = {(s.party, s.organisation_id): s for s in contract.signatures.all()}
    providers = {term.provider.organisation_id: term.provider.organisation for term in contract.terms.all()}
    wanted = [(Party.BUYER, contract.buyer), (Party.SUPPLIER, contract.supplier)]
    wanted += [(Party.PROVIDER, providers[pk]) for pk in sorted(providers)]
    return [Seat(party, who, signed.get((party, who.pk))) for party, who in wanted]


def seat_of(contract: Contract, by: Membership) -> Seat | None:
    """The place where this member may sign: its role and organisation are those of a party."""
    for seat in seats(contract):
        if seat.party == by.role and seat.organisation.pk == by.participation.organisation_id:
            return seat
    return None


def own_seat(contract: Contract, by: Membership) -> Seat:
    """The same, for a member that is known to be a party."""
    seat = seat_of(contract, by)
    assert seat is not None
    return seat
