"""The life of a delivery."""

from django.utils.translation import gettext_lazy as _

from spo.delivery.models import Delivery
from territories.flow import Edge, Flow

S = Delivery.Status
DELIVERY = Flow(
    _("delivery"),
    S,
    Edge("confirm", (S.CLAIMED, S.DISPUTED), S.CONFIRMED, "provider"),
    Edge("dispute", (S.CLAIMED,), S.DISPUTED, "provider"),
    Edge("withdraw", (S.CLAIMED, S.DISPUTED), S.WITHDRAWN, "supplier"),
    Edge("correct", (S.CONFIRMED,), S.CONFIRMED, "provider"),
)

# As the journal tells them.
VERBS = {
    "claim": _("claimed a delivery"),
    "confirm": _("confirmed"),
    "correct": _("corrected"),
    "dispute": _("disputed a delivery"),
    "withdraw": _("withdrew a claim"),
}
