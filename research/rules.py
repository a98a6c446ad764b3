"""Why something about a publication can't be done now."""

from django.utils.translation import gettext as _

from community.models import Activity
from research.flows import PUBLICATION
from research.models import Publication
from territories.models import Membership


def why_not_draft(activity: Activity, by: Membership) -> str | None:
    """Hubs evaluate what is, or was, open to everybody."""
    if by.role != Membership.Role.RESEARCHER:
        return _("Only researchers evaluate activities.")
    if activity.state == Activity.Status.DRAFT:
        return _("This activity is not published yet.")
    return None


def why_not_publish(publication: Publication, by: Membership) -> str | None:
    hub = publication.hub_id == by.participation.organisation_id
    if by.role != Membership.Role.RESEARCHER or not hub:
        return _("Only the hub that did the research can publish it.")
    return PUBLICATION.why_not(publication.state, "publish")
