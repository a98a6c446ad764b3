"""Everything that changes publications."""

from community.models import Activity
from research import letters
from research.flows import PUBLICATION
from research.models import Publication
from research.published import published
from research.rules import why_not_draft, why_not_publish
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.refusal import require
from territories.shown import require_seen


@act
def draft_publication(activity: Activity, *, by: Membership, **facts) -> Publication:
    """Write down an evaluation of a published activity."""
    activity = Activity.objects.get(pk=activity.pk)
    require(why_not_draft(activity, by))
    publication = Publication.objects.create(activity=activity, hub=by.organisation, **facts)
    record("draft", publication, by=by, after={"activity": activity.pk, "design": publication.design})
    return publication


@act
def publish(publication: Publication, *, seen: str, by: Membership) -> Publication:
    """Make it public for good, whatever it found."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    require(why_not_publish(publication, by))
    require_seen(publication, seen)
    publication.status = PUBLICATION.after(publication.state, "publish")
    edition = published(publication, by=by)
    publication.published_at = edition.published_at
    publication.save(update_fields=["status", "published_at"])
    after = {"finding": publication.finding, "digest": edition.digest}
    record("publish", publication, by=by, before={"status": "draft"}, after=after)
    letters.published(publication, by)
    return publication
