"""Everything that changes publications."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Activity
from research.flows import PUBLICATION
from research.models import Publication
from research.rules import why_not_publish
from territories.journal.chain import record
from territories.models import Membership
from territories.refusal import Refused, require


@transaction.atomic(durable=True)
def draft_publication(activity: Activity, *, by: Membership, **facts) -> Publication:
    """Write down an evaluation of a published activity."""
    if activity.status == Activity.Status.DRAFT:
        raise Refused(_("This activity is not published yet."))
    publication = Publication.objects.create(activity=activity, hub=by.organisation, **facts)
    record("draft", publication, by=by, after={"activity": activity.pk, "design": publication.design})
    return publication


@transaction.atomic(durable=True)
def publish(publication: Publication, *, by: Membership) -> Publication:
    """Make it public for good, whatever it found."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    require(why_not_publish(publication, by))
    publication.status = PUBLICATION.after(publication.status, "publish")
    publication.published_at = timezone.now()
    publication.save(update_fields=["status", "published_at"])
    record("publish", publication, by=by, before={"status": "draft"}, after={"finding": publication.finding})
    return publication
