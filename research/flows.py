"""The life of a publication."""

from django.utils.translation import gettext_lazy as _

from research.models import Publication
from territories.flow import Edge, Flow

S = Publication.Status
PUBLICATION = Flow(_("publication"), S, Edge("publish", (S.DRAFT,), S.PUBLISHED, "researcher"))

# As the journal tells them.
VERBS = {
    "draft": _("drafted"),
    "publish": _("published"),
}
