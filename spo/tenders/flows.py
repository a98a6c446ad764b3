"""The life of a tender."""

from django.utils.translation import gettext_lazy as _

from spo.tenders.models import Tender
from territories.flow import Edge, Flow

S = Tender.Status
TENDER = Flow(
    _("tender"),
    S,
    Edge("open", (S.DRAFT,), S.OPEN, "buyer"),
    Edge("close", (S.OPEN,), S.SCORING, "buyer"),
    Edge("settle", (S.SCORING,), S.MODERATION, "buyer"),
    Edge("award", (S.MODERATION,), S.AWARDED, "buyer"),
)

# As the journal tells them.
VERBS = {
    "add criterion": _("added a criterion"),
    "change": _("changed"),
    "declare": _("declared interests"),
    "open": _("opened a tender"),
    "prepare": _("prepared a tender"),
    "remove criterion": _("removed a criterion"),
}
