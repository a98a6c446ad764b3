"""Sending letters: claimed by compare-and-set, sent one by one, safe to die half way.

A mail server that is away undoes nothing and loses nothing: what it did not take waits for it, for three days. A letter
whose sender died in mid-sending goes once more, with the same Message-ID, and counts as possibly doubled.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from territories.models import User, Wish
from territories.notices.letters import LETTERS, Told, told
from territories.notices.models import Notice
from territories.notices.rhythm import first_due
from territories.notices.stopping import stop_address
from territories.tenancy import PUBLIC, connection

log = logging.getLogger(__name__)
# How many one task sends before others have their turn; how long one sender has for them.
BATCH, LEASE = 20, timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)


def due() -> QuerySet[Notice]:
    """Letters to send now: in nobody's hands, or in those of somebody who has been gone too long."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return Notice.objects.filter(free, sent_at=None, over="", settled_at=None, due_at__lte=now)


def send_due() -> bool:
    """Send a batch; whether there may be more that could be sent now."""
    rows = _claimed()
    if not rows:
        return False
    try:
        with mailers["default"] as server:
            for letter in _letters(rows):
                _deliver(server, letter)
    except (OSError, SMTPException) as away:
        log.warning("The mail server does not take letters: %s", away)
        _wait([row for row in rows if row.sent_at is None and not row.over])
        return False
    return len(rows) == BATCH


def _claimed() -> list[Notice]:
    """A batch in our hands, the longest due first; and with one letter of a digest all of it."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        rows = list(due().select_for_update(skip_locked=True).order_by("due_at", "pk")[:BATCH])
        people = {row.person_id for row in rows if row.weekly}
        if people:
            more = due().filter(weekly=True, person__in=people).exclude(pk__in=[row.pk for row in rows])
            rows += list(more.select_for_update(skip_locked=True))
        doubted = [row.pk for row in rows if row.claimed_at]
        Notice.objects.filter(pk__in=doubted).update(doubted=True)
        claim = Notice.objects.filter(pk__in=[row.pk for row in rows])
        claim.update(claimed_at=now, attempts=F("attempts") + 1)
    for row in rows:
        row.claimed_at, row.attempts = now, row.attempts + 1
    return rows


def _letters(rows: list[Notice]) -> Iterable[list[Notice]]:
    """Each letter by itself; those of somebody who wishes one a week together."""
    yield from ([row] for row in rows if not row.weekly)
    weekly = sorted((row for row in rows if row.weekly), key=lambda row: row.person_id)
    for _person, together in groupby(weekly, key=lambda row: row.person_id):
        yield list(together)


def _deliver(server, letter: list[Notice]) -> None:
    """Send one letter, or say why it never goes; OSError or SMTPException where it could go later."""
    person = User.objects.select_related("wish").filter(pk=letter[0].person_id, is_active=True).first()
    if person is None:
        return _over(letter, Notice.Over.GONE)
    wish = getattr(person, "wish", Wish())
    unwished = [row for row in letter if wish.rhythm == Wish.Rhythm.NONE and not LETTERS[row.letter].duty]
    _over(unwished, Notice.Over.UNWISHED)
    if wanted := [row for row in letter if row not in unwished]:
        with translation.override(wish.language):
            message = written(person, wanted)
        try:
            server.send_messages([message])
        except SMTPRecipientsRefused as refused:
            log.warning("A letter is refused: %s", refused)
            return _over(wanted, Notice.Over.REFUSED)
        _sent(wanted)
    return None


def _sent(letter: list[Notice]) -> None:
    now = timezone.now()
    for row in letter:
        row.sent_at = now
    ours = Notice.objects.filter(pk__in=[row.pk for row in letter], claimed_at=letter[0].claimed_at)
    ours.update(sent_at=now)


def written(person: User, letter: list[Notice]) -> EmailMultiAlternatives:
    """The letter as plain text and as simple HTML of the same words, in the active language."""
    parts = [(told(row.letter, row.facts), whole(row.page)) for row in letter]
    duty = any(LETTERS[row.letter].duty for row in letter)
    stop = "" if duty else stop_address(person)
    heading = subject_of([words for words, _link in parts])
    context = {
        "person": person,
        "parts": [{"told": words, "link": link} for words, link in parts],
        "heading": heading,
        "place": connection.tenant if connection.schema_name != PUBLIC else None,
        "duty": duty,
        "stop": stop,
    }
    message = EmailMultiAlternatives(
        heading,
        render_to_string("mail/notice.txt", context).strip() + "\n",
        to=[person.email],
        headers={"Message-ID": f"<{letter[0].pk}@{settings.DICM_BASE_DOMAIN}>"} | stop_headers(stop),
    )
    message.attach_alternative(render_to_string("mail/notice.html", context), "text/html")
    return message


def subject_of(letters: list[Told]) -> str:
    """The letter's own, or how many there are in one."""
    if len(letters) == 1:
        return " ".join(letters[0].subject.split())
    return translation.ngettext(
        "%(count)s thing in DICM this week", "%(count)s things in DICM this week", len(letters)
    ) % {"count": len(letters)}


def stop_headers(stop: str) -> dict[str, str]:
    """One click in the mail program, as RFC 8058 has it."""
    if not stop:
        return {}
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def whole(page: str) -> str:
    """The page's whole address; a path is one of the site whose schema is active."""
    if not page.startswith("/"):
        return page
    return f"{settings.DICM_PUBLIC_URL if connection.schema_name == PUBLIC else connection.tenant.url}{page}"


def _over(letter: list[Notice], why: Notice.Over) -> None:
    for row in letter:
        row.over = why
    Notice.objects.filter(pk__in=[row.pk for row in letter]).update(over=why)


def _wait(rows: list[Notice]) -> None:
    """Back out of our hands, for longer each time; given up after three days."""
    now = timezone.now()
    for row in rows:
        pause = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
        facts: dict = {"claimed_at": None, "due_at": now + pause}
        if first_due(row.wanted_at, row.weekly) < now - GIVEN_UP_AFTER:
            facts = {"claimed_at": None, "over": Notice.Over.GIVEN_UP}
        Notice.objects.filter(pk=row.pk, claimed_at=row.claimed_at).update(**facts)
