"""Who is told that a contract waits for their signature, and that it is in force."""

from django.utils.translation import gettext_lazy as _

from spo.contracts.models import Contract
from spo.contracts.parties import Seat, seats
from spo.contracts.queries import whole
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import settled, tell

TO_SIGN = Letter(
    "contract_to_sign",
    _("You are asked to sign: %(title)s"),
    _(
        "The order of %(supplier)s for %(buyer)s is locked into contract %(reference)s. Read what %(organisation)s "
        "signs; the same digest stands under every signature. Is something not as it was agreed? Do not sign."
    ),
    _("Read and sign"),
    duty=True,
)
IN_FORCE = Letter(
    "contract_in_force",
    _("The contract is in force: %(title)s"),
    _(
        "Every party has signed %(reference)s. Next, %(supplier)s claims deliveries, and providers confirm them."
    ),
    _("The contract"),
)


def locked(contract: Contract, by: Membership) -> None:
    """Everyone who can sign for a party; whoever locked it in as well, as they have not signed yet."""
    contract = whole(Contract.objects.all()).get(pk=contract.pk)
    for seat in seats(contract):
        _of(contract, TO_SIGN, _people(seat), remind=True)


def signed(contract: Contract, seat: Seat, by: Membership) -> None:
    settled(contract, TO_SIGN, people=_people(seat))
    if contract.is_in_force:
        for place in seats(contract):
            _of(contract, IN_FORCE, _people(place), by=by)


def _people(seat: Seat):
    return people(seat.party, [seat.organisation])


def _of(contract: Contract, letter: Letter, to, **how) -> None:
    tell(
        to,
        letter,
        contract,
        page=contract.get_absolute_url(),
        title=contract.title,
        reference=contract.reference,
        supplier=contract.supplier,
        buyer=contract.buyer,
        **how,
    )
