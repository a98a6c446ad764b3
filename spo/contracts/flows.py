"""The life of a contract."""

from django.utils.translation import gettext_lazy as _

from spo.contracts.models import Contract
from territories.flow import Edge, Flow

S = Contract.Status
CONTRACT = Flow(_("contract"), S, Edge("complete", (S.SIGNING,), S.ACTIVE, "last party to sign"))

# As the journal tells them.
VERBS = {
    "lock in": _("locked an order in"),
    "sign": _("signed"),
}
