"""The life of a report."""

from django.utils.translation import gettext_lazy as _

from spo.reports.models import Report
from territories.flow import Edge, Flow

S = Report.Status
REPORT = Flow(
    _("report"),
    S,
    Edge("render", (S.ORDERED, S.RENDERING), S.RENDERING, "worker"),
    Edge("finish", (S.RENDERING,), S.READY, "worker"),
    Edge("fail", (S.RENDERING,), S.FAILED, "worker"),
    Edge("order again", (S.FAILED,), S.ORDERED, "category manager"),
)

# As the journal tells them.
VERBS = {
    "finish": _("made a report"),
    "order": _("ordered a report"),
    "order again": _("ordered a report again"),
    "print": _("made a report’s PDF"),
}
