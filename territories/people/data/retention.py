"""How long what is kept, why, and what is due to go: in a territory, or on the public site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import QuerySet

from territories.journal.chain import record
from territories.models import Application, Invitation, UserActivity
from territories.people.data.closing import nobodys_address
from territories.signatories import Signed

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Rule:
    """A kind of record, how long it is kept from when, on what ground, which rows are due at a time, what happens to them.

    `keep` gives the rows that are due by a time; `act` does what is to be done to one and is safe to repeat.
    """

    kind: str
    kept: str
    ground: str
    due: Callable[[datetime], QuerySet]
    act: Callable[[models.Model], None]


def delete(row: models.Model) -> None:
    row.delete()


def forget_applicant(application: models.Model) -> None:
    """The organisation's part goes on; who asked for it is in its memberships."""
    assert isinstance(application, Application)
    application.person, application.reason = "", "-"
    application.email = nobodys_address(application.membership.user)
    application.save(update_fields=["person", "reason", "email"])


def forget_signatory(row: models.Model) -> None:
    """Office and organisation stay with what was done; the name goes."""
    assert isinstance(row, Signed)
    row.person = ""
    row.save(update_fields=["person"])


def carry_out(rules: tuple[Rule, ...], now: datetime) -> list[tuple[Rule, int]]:
    """Do what is due in the active schema, each kind in a transaction of its own with its line in the journal."""
    done = []
    for rule in rules:
        with transaction.atomic(durable=True):
            rows = list(rule.due(now).select_for_update(of=("self",)))
            for row in rows:
                rule.act(row)
            if rows:
                record("retain", rule.due(now).model(), after={"kind": rule.kind, "rows": len(rows)})
        done.append((rule, len(rows)))
    return done


def due(rules: tuple[Rule, ...], now: datetime) -> list[tuple[Rule, int]]:
    """How many rows each rule would act on."""
    return [(rule, rule.due(now).count()) for rule in rules]


def held() -> list[str]:
    """References of tenders and contracts that nothing is taken from while a claim or an inquiry is open."""
    return settings.DICM_LEGAL_HOLD


CLAIMS = "claims are barred after 6 years (Limitation Act 1980 s.5)"
STORAGE_LIMITATION = "UK GDPR art. 5(1)(e): no longer than it is needed"
PUBLIC_RULES = (
    Rule(
        "applications whose address nobody confirmed",
        "30 days",
        STORAGE_LIMITATION,
        lambda now: Application.objects.filter(status="unconfirmed", created_at__lt=now - timedelta(days=30)),
        delete,
    ),
    Rule(
        "applications that were refused, or returned and not sent again",
        "1 year from the answer",
        STORAGE_LIMITATION,
        lambda now: Application.objects.filter(status__in=["refused", "returned"], decided_at__lt=now - YEAR),
        delete,
    ),
    Rule(
        "who asked, in applications that were approved",
        "1 year from the approval",
        STORAGE_LIMITATION,
        lambda now: Application.objects.filter(status="approved", decided_at__lt=now - YEAR).exclude(
            person=""
        ),
        forget_applicant,
    ),
    Rule(
        "invitations that nobody accepted",
        "90 days from the end of the link",
        STORAGE_LIMITATION,
        lambda now: Invitation.objects.filter(accepted_at=None, expires_at__lt=now - timedelta(days=90)),
        delete,
    ),
    Rule(
        "sessions that are over",
        "not at all",
        STORAGE_LIMITATION,
        lambda now: Session.objects.filter(expire_date__lt=now),
        delete,
    ),
    Rule(
        "when somebody last signed in",
        "2 years",
        STORAGE_LIMITATION,
        lambda now: UserActivity.objects.filter(signed_in_at__lt=now - 2 * YEAR),
        delete,
    ),
)
