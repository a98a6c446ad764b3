"""The life of an activity."""

from django.utils.translation import gettext_lazy as _

from community.models import Activity
from territories.flow import Edge, Flow

S = Activity.Status
ACTIVITY = Flow(
    _("activity"),
    S,
    Edge("publish", (S.DRAFT,), S.PUBLISHED, "colleague"),
    Edge("close", (S.PUBLISHED,), S.CLOSED, "colleague"),
)

# As the journal tells them.
VERBS = {
    "add impact": _("added a dual impact"),
    "add need": _("added a need"),
    "describe": _("described"),
    "publish": _("published"),
    "register": _("registered"),
    "remove impact": _("removed a dual impact"),
    "remove need": _("removed a need"),
}
