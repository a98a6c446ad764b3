"""What somebody was told, and which letters went."""

from django.db.models import CharField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Now
from django.utils import timezone

from territories.models import Membership, User
from territories.notices.letters import LETTERS
from territories.notices.models import Notice


def notices_of(person: User) -> QuerySet[Notice]:
    """What the person was told here, the last first; reminders are letters alone."""
    rows = Notice.objects.filter(person=person.pk, reminds=False, wanted_at__lte=timezone.now())
    return rows.select_related("part__participation__organisation").order_by("-wanted_at", "-pk")


def told_at(model: type[Model], *letters: str) -> Subquery:
    """For rows of the model: when one of these letters about it was told last."""
    rows = Notice.objects.filter(
        subject=model._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        letter__in=letters,
        reminds=False,
        wanted_at__lte=Now(),
    )
    return Subquery(rows.order_by("-wanted_at").values("wanted_at")[:1])


def unread_by(person: User) -> QuerySet[Notice]:
    return notices_of(person).filter(read_at=None)


def letters_told_to(member: Membership) -> QuerySet[Notice]:
    """For a lead: which letters go to whom and how far they have come, without what stands in them."""
    if member.role != Membership.Role.LEAD:
        return Notice.objects.none()
    hushed = [letter.name for letter in LETTERS.values() if letter.hushed]
    rows = Notice.objects.exclude(letter__in=hushed).exclude(Q(sent_at=None) & ~Q(settled_at=None))
    return rows.select_related("part__participation__organisation").order_by("-due_at", "-pk")
