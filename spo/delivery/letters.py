"""Who is told that something is said to have come, and what its provider says to that."""

from django.utils.translation import gettext_lazy as _

from spo.delivery.models import Decision, Delivery
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import settled, tell

Role = Membership.Role
Verb = Decision.Verb

CLAIMED = Letter(
    "delivery_claimed",
    _("Did it arrive: %(quantity)s %(unit)s?"),
    _(
        "%(supplier)s says that %(quantity)s %(unit)s of %(support)s came to “%(activity)s” on %(day)s. Only you can say "
        "whether that is so: all of it, part of it, or none. Until you answer, it does not count."
    ),
    _("Say what came"),
    duty=True,
)
CONFIRMED = Letter(
    "delivery_confirmed",
    _("%(reference)s is confirmed"),
    _("%(provider)s confirms what came to “%(activity)s” on %(day)s."),
    _("The contract"),
)
DISPUTED = Letter(
    "delivery_disputed",
    _("%(reference)s is disputed"),
    _(
        "%(provider)s disputes what you claimed for “%(activity)s” on %(day)s:\n\n“%(words)s”\n\n"
        "It counts for nothing until that is settled."
    ),
    _("Read and answer"),
    duty=True,
)
CORRECTED = Letter(
    "delivery_corrected",
    _("%(reference)s is corrected"),
    _("%(provider)s corrects what it confirmed for “%(activity)s” on %(day)s:\n\n“%(words)s”"),
    _("The contract"),
)
WITHDRAWN = Letter(
    "delivery_withdrawn",
    _("%(supplier)s withdraws a claim"),
    _("What was said to have come to “%(activity)s” on %(day)s is withdrawn. You need do nothing."),
    _("The contract"),
)
SAYS = {Verb.CONFIRM: CONFIRMED, Verb.DISPUTE: DISPUTED, Verb.CORRECT: CORRECTED}


def claimed(delivery: Delivery, by: Membership) -> None:
    _of(delivery, CLAIMED, _providers(delivery), by=by, remind=True)


def decided(delivery: Delivery, entry: Decision, by: Membership) -> None:
    """The other side; of a dispute the buyer as well."""
    settled(delivery, CLAIMED)
    contract = delivery.term.contract
    if entry.verb == Verb.WITHDRAW:
        return _of(delivery, WITHDRAWN, _providers(delivery), by=by, once=entry.number)
    suppliers = people(Role.SUPPLIER, [contract.supplier_id])
    _of(delivery, SAYS[Verb(entry.verb)], suppliers, by=by, once=entry.number, words=entry.words)
    return None


def _providers(delivery: Delivery):
    return people(Role.PROVIDER, [delivery.term.provider.organisation_id])


def _of(delivery: Delivery, letter: Letter, to, **how) -> None:
    term = delivery.term
    tell(
        to,
        letter,
        delivery,
        page=term.contract.get_absolute_url(),
        reference=delivery.reference,
        supplier=term.contract.supplier,
        provider=term.provider,
        activity=term.activity_title,
        support=term.support_type,
        unit=term.support_type.unit_name,
        quantity=delivery.quantity,
        day=delivery.delivered_on,
        **how,
    )
