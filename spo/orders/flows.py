"""The life of an order and of its lines."""

from django.utils.translation import gettext_lazy as _

from spo.orders.models import Commitment, Order
from territories.flow import Edge, Flow

S = Order.Status
ORDER = Flow(
    _("order"),
    S,
    Edge("offer", (S.DRAFT,), S.OFFERED, "supplier"),
    Edge("complete", (S.OFFERED,), S.AGREED, "provider"),
    Edge("return", (S.OFFERED,), S.DRAFT, "provider"),
    Edge("take back", (S.OFFERED, S.AGREED), S.DRAFT, "supplier"),
    Edge("write for", (S.DRAFT,), S.DRAFT, "supplier"),
    Edge("write for", (S.OFFERED, S.AGREED), S.OFFERED, "supplier"),
    Edge("seal", (S.AGREED,), S.SEALED, "supplier"),
    Edge("lock", (S.SEALED,), S.LOCKED, "buyer"),
    Edge("void", (S.SEALED,), S.VOID, "buyer"),
)

C = Commitment.Status
COMMITMENT = Flow(
    _("commitment"),
    C,
    Edge("agree", (C.PROPOSED,), C.AGREED, "provider"),
    Edge("return", (C.PROPOSED,), C.RETURNED, "provider"),
    Edge("rewrite", (C.PROPOSED, C.AGREED, C.RETURNED), C.PROPOSED, "supplier"),
    Edge("ask again", (C.AGREED, C.RETURNED), C.PROPOSED, "supplier"),
)

# As the journal tells them.
VERBS = {
    "add commitment": _("added a line"),
    "agree": _("agreed to a line"),
    "describe": _("described"),
    "draft": _("drafted"),
    "offer": _("put an order to its providers"),
    "remove commitment": _("removed a line"),
    "return": _("returned for changes"),
    "rewrite commitment": _("rewrote a line"),
    "take back": _("took an order back"),
    "write for": _("wrote an order for a tender"),
}
