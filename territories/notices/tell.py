"""Who is told what: steps of the act that hands something over, in its transaction, so that neither is without the other."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from territories.models import Membership, User, Wish
from territories.notices.letters import Letter, as_facts
from territories.notices.models import Notice
from territories.notices.rhythm import first_due
from territories.notices.tasks import send_soon

# Two reminders, then none: nobody is pressed for ever.
REMINDERS = (timedelta(days=3), timedelta(days=7))


def tell(
    people: Iterable[Membership | User],
    letter: Letter,
    about: Model,
    *,
    page: str,
    by: Membership | None = None,
    once: object = "",
    at: datetime | None = None,
    remind: bool = False,
    **facts: Any,
) -> None:
    """Tell everyone but whoever did it; the same letter about the same thing and occasion (`once`) never twice.

    `page` is where it leads, in this site. With `at` it is told then; with `remind` it is said again after
    three and seven days, unless it is `settled` meanwhile.
    """
    readers = [_reader(one) for one in people]
    readers = [(user, part) for user, part in readers if by is None or user.pk != by.user_id]
    weekly = set() if letter.duty else _who_wish_weekly(readers)
    begin = at or timezone.now()
    rows = [
        Notice(
            key=f"{letter.name} {about.pk} {once} {part.pk if part else f'person {user.pk}'} {after.days}",
            person_id=user.pk,
            part=part,
            letter=letter.name,
            facts=as_facts(facts | {"name": user, "organisation": part.organisation if part else ""}),
            subject=about._meta.label_lower,
            subject_id=str(about.pk),
            page=page,
            reminds=bool(after),
            weekly=user.pk in weekly,
            wanted_at=begin + after,
            due_at=first_due(begin + after, user.pk in weekly),
        )
        for user, part in readers
        for after in (timedelta(0), *(REMINDERS if remind else ()))
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        send_soon()


def settled(about: Model, *letters: Letter, people: Iterable[Membership] | None = None) -> None:
    """What was told of the thing needs nobody any more: what has not gone yet does not go."""
    rows = Notice.objects.filter(
        subject=about._meta.label_lower,
        subject_id=str(about.pk),
        letter__in=[letter.name for letter in letters],
        settled_at=None,
    )
    if people is not None:
        rows = rows.filter(part__in=[part.pk for part in people])
    rows.update(settled_at=timezone.now())


def _reader(one: Membership | User) -> tuple[User, Membership | None]:
    """A person, in the part in which they are told; staff play none."""
    return (one, None) if isinstance(one, User) else (one.user, one)


def _who_wish_weekly(readers: list[tuple[User, Membership | None]]) -> set[int]:
    wishes = Wish.objects.filter(user__in={user.pk for user, _part in readers}, rhythm=Wish.Rhythm.WEEKLY)
    return set(wishes.values_list("user", flat=True))
