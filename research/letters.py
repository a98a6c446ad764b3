"""A provider is told what was found out about its activity, before others tell it."""

from django.utils.translation import gettext_lazy as _

from research.models import Publication
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import tell

EVALUATED = Letter(
    "activity_evaluated",
    _("%(hub)s has published what it found about “%(activity)s”"),
    _("“%(title)s” can be read by everyone now. It is shown on your activity's page, whatever it found."),
    _("Read the evaluation"),
)


def published(publication: Publication, by: Membership) -> None:
    activity = publication.activity
    tell(
        people(Membership.Role.PROVIDER, [activity.provider.organisation_id]),
        EVALUATED,
        publication,
        page=publication.get_absolute_url(),
        by=by,
        hub=publication.hub,
        activity=activity.title,
        title=publication.title,
    )
