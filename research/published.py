"""What was published stands: a publication is read from its edition, once it has one."""

import community.published
from research.models import Edition, Publication
from territories.models import Membership
from territories.published import copied


def published(publication: Publication, *, by: Membership) -> Edition:
    """Copy it into an edition that nobody can change; a step of the act that publishes it."""
    return Edition.objects.create(publication=publication, **copied(publication.as_shown(), by=by))


def as_published(publication: Publication) -> Publication:
    """The publication with the facts of its edition, a draft as it is; and its activity as it was published."""
    community.published.as_published(publication.activity)
    edition = getattr(publication, "edition", None)
    if edition:
        for name, value in edition.body.items():
            setattr(publication, name, value)
        publication.published_at = edition.published_at
    return publication
