"""Everything that changes publications."""

from django.utils import timezone

from community.models import Activity
from research.flows import PUBLICATION
from research.models import Publication
from research.rules import why_not_draft, why_not_publish
from territories.acts import act
from territories.digest import digest_of
from territories.journal.chain import record
from territories.models import Membership
from territories.refusal import require
from territories.shown import facts_of, require_seen
from territories.signatories import signatory


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
    facts = {
        "status": PUBLICATION.after(publication.status, "publish"),
        "published_at": timezone.now(),
        "published_by": by.user,
        "digest": digest_of(facts_of(publication)),
        **signatory(by),
    }
    for name, value in facts.items():
        setattr(publication, name, value)
    publication.save(update_fields=list(facts))
    after = {"finding": publication.finding, "digest": publication.digest}
    record("publish", publication, by=by, before={"status": "draft"}, after=after)
    return publication
