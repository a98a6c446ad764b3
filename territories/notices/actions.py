"""What readers do about what they were told: nothing of it is anybody's business, so it has no line in the journal."""

from django.db import transaction
from django.utils import timezone

from territories.models import User, Wish
from territories.notices import queries
from territories.notices.models import Notice


@transaction.atomic(durable=True)
def read_all(person: User) -> None:
    unread = queries.unread_by(person).order_by()
    Notice.objects.filter(pk__in=unread.values("pk")).update(read_at=timezone.now())


@transaction.atomic(durable=True)
def wish(person: User, *, rhythm: str, language: str) -> None:
    Wish.objects.update_or_create(user=person, defaults={"rhythm": rhythm, "language": language})


@transaction.atomic(durable=True)
def stop(person: User) -> None:
    """Only letters that are a duty from now on."""
    Wish.objects.update_or_create(user=person, defaults={"rhythm": Wish.Rhythm.NONE})
