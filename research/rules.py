"""Why something about a publication can't be done now."""

from django.utils.translation import gettext as _

from research.flows import PUBLICATION
from research.models import Publication
from territories.models import Membership


def why_not_publish(publication: Publication, by: Membership) -> str | None:
    if publication.hub_id != by.participation.organisation_id:
        return _("Only the hub that did the research can publish it.")
    return PUBLICATION.why_not(publication.status, "publish")
