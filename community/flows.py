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
