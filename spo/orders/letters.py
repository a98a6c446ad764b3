"""Who is told what of an order on its way between its supplier and the providers."""

from django.utils.translation import gettext_lazy as _

from spo.orders.models import Answer, Commitment, Order
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import settled, tell

Role = Membership.Role

OFFERED = Letter(
    "order_offered",
    _("%(supplier)s offers you support: do you agree?"),
    _(
        "%(supplier)s would like to support %(organisation)s, as its order “%(title)s” says. Read each line, and agree to "
        "it or return it with what should change.\n\nIt is your choice. You may agree with several suppliers, and "
        "none of them learns what you answered the others."
    ),
    _("Read the offer and answer"),
    hushed=True,
)
AGREED = Letter(
    "order_agreed",
    _("%(reference)s is agreed"),
    _(
        "Every line of “%(title)s” is agreed by its provider. You can submit the order in the tender it is written for."
    ),
    _("Go on with the order"),
    hushed=True,
)
RETURNED = Letter(
    "order_returned",
    _("A line of %(reference)s is returned to you"),
    _("%(provider)s returns line %(number)s of “%(title)s”. What should change:\n\n“%(note)s”"),
    _("Change the line"),
    hushed=True,
)
TAKEN_BACK = Letter(
    "order_taken_back",
    _("%(supplier)s has taken its offer back"),
    _("%(supplier)s changes “%(title)s” and may offer it to you again. You need do nothing."),
    _("Your orders"),
    hushed=True,
)


def asked(order: Order, entry, by: Membership) -> None:
    """Each provider with a line that waits for it."""
    if order.status != Order.Status.OFFERED:
        return
    waiting = _providers(order, status=Commitment.Status.PROPOSED)
    _of(order, OFFERED, people(Role.PROVIDER, waiting), entry, by, remind=True)


def answered(answer: Answer, entry, by: Membership) -> None:
    """The supplier, where something is its turn again; and whoever has answered all its lines is reminded no more."""
    order = answer.order
    mine = order.commitments.filter(activity__provider__organisation=by.organisation)
    if not mine.filter(status=Commitment.Status.PROPOSED).exists():
        settled(order, OFFERED, people=people(Role.PROVIDER, [by.organisation]))
    suppliers = people(Role.SUPPLIER, [order.supplier_id])
    if answer.verb == Answer.Verb.RETURN:
        _of(
            order,
            RETURNED,
            suppliers,
            entry,
            by,
            provider=by.organisation,
            number=answer.line_number,
            note=answer.note,
        )
    if order.status == Order.Status.AGREED:
        _of(order, AGREED, suppliers, entry, by)


def taken_back(order: Order, entry, by: Membership) -> None:
    settled(order, OFFERED)
    _of(order, TAKEN_BACK, people(Role.PROVIDER, _providers(order)), entry, by, page="/orders/")


def _providers(order: Order, **which) -> list[int]:
    lines = order.commitments.filter(**which)
    return list(lines.values_list("activity__provider__organisation", flat=True))


def _of(
    order: Order, letter: Letter, to, entry, by: Membership, *, page: str = "", remind=False, **facts
) -> None:
    tell(
        to,
        letter,
        order,
        page=page or order.get_absolute_url(),
        by=by,
        once=entry.seq,
        remind=remind,
        supplier=order.supplier,
        title=order.title,
        reference=order.reference,
        **facts,
    )
