"""What is read about publications."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from community.models import Activity
from community.published import with_said
from research.models import Publication
from territories.models import Membership
from territories.pages.lists import Waiting

PUBLISHED = Q(edition__isnull=False)


def publications_seen_by(member: Membership | None) -> QuerySet[Publication]:
    """Published ones for everyone, drafts for their own hub; newest first."""
    seen = PUBLISHED
    if member and member.role == Membership.Role.RESEARCHER:
        seen |= Q(hub=member.organisation)
    activities = with_said(Activity.objects.select_related("provider__organisation"))
    rows = Publication.objects.filter(seen).select_related("edition", "hub")
    rows = rows.prefetch_related(Prefetch("activity", queryset=activities))
    return rows.order_by("-edition__published_at", "-created_at")


def publications_told_to(member: Membership) -> QuerySet[Publication]:
    """A hub's own people read about what was done to its publications, leads once they are out."""
    if member.role == Membership.Role.RESEARCHER:
        return Publication.objects.filter(hub=member.organisation)
    published = Publication.objects.filter(PUBLISHED)
    return published if member.role == Membership.Role.LEAD else published.none()


def waiting_for(member: Membership) -> list[Waiting]:
    """Evaluations that a hub has written down and not published."""
    if member.role != Membership.Role.RESEARCHER:
        return []
    rows = Publication.objects.filter(hub=member.organisation, edition=None).order_by("created_at")
    text = _("Publish the evaluation “%(title)s”")
    return [Waiting(text % {"title": row.title}, row.get_absolute_url(), row.created_at) for row in rows[:10]]
