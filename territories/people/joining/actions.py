"""Everything that happens to an application, and what its approval makes."""

import secrets
from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from territories.acts import act, still_acting
from territories.journal.chain import record
from territories.journal.models import Entry
from territories.locks import alone_with
from territories.models import (
    Application,
    Identifier,
    Membership,
    Organisation,
    Participation,
    Territory,
    User,
    Welcome,
)
from territories.pages.plain import why_not_said
from territories.people.joining import letters, tasks
from territories.people.joining.flows import APPLICATION
from territories.people.joining.rules import (
    bearer,
    first_role,
    leads_of,
    welcome_of,
    why_not_apply,
    why_not_approve,
    why_not_at_once,
    why_not_decide,
    why_not_named,
    why_not_welcome,
    why_not_write,
)
from territories.people.parts.rules import serially
from territories.people.persons import person_with
from territories.post import address, post
from territories.refusal import require
from territories.shown import require_seen
from territories.signatories import signed

SALT = "application"
# Of what an applicant writes, the facts: what they say in their own words may name people.
JOURNALLED = ("kind", "name", "numbers")


@transaction.atomic(durable=True)
def apply(
    *,
    territory: Territory,
    kind: str,
    name: str,
    numbers: list[list[str]],
    reason: str,
    person: str,
    email: str,
    another: bool = False,
    user: User | None = None,
) -> Application:
    """Ask for an organisation to be let in; a signed-in person's own address needs no confirming.

    `numbers` are [scheme, value] as the registers write them; `another` says that an organisation of the same name
    is another one.
    """
    email = email.lower()
    territory = _alone(territory.pk, numbers, email)
    require(why_not_apply(territory, email) or why_not_named(name, numbers, another))
    application = Application.objects.create(
        reference=secrets.token_urlsafe(16),
        territory=territory,
        kind=kind,
        name=name,
        numbers=numbers,
        reason=reason,
        person=person,
        email=email,
        language=get_language() or "",
    )
    record("apply", application, after={"name": application.name, "territory": application.territory.slug})
    if user and user.email == application.email:
        _confirmed(application)
    else:
        _tell(application, "application_confirm")
    return application


@transaction.atomic(durable=True)
def confirm(application: Application) -> Application:
    """The applicant has followed the link, so the address is theirs; a known one is let in at once."""
    application = _locked(application)
    if application.status == Application.Status.UNCONFIRMED:
        _confirmed(application)
    return application


@transaction.atomic(durable=True)
def send_link(application: Application) -> None:
    """Send the applicant a fresh link to their page."""
    application = _locked(application)
    require(why_not_write(application, links_sent(application)))
    record("send link", application)
    _tell(application, "application_confirm" if application.confirmed_at is None else "application_link")


@transaction.atomic(durable=True)
def change(
    application: Application,
    *,
    kind: str,
    name: str,
    numbers: list[list[str]],
    reason: str,
    another: bool = False,
    seen: str,
) -> Application:
    """The applicant has changed what the leads asked to be changed."""
    application = _locked(application)
    require(APPLICATION.why_not(application.status, "change") or why_not_named(name, numbers, another))
    require_seen(application, seen)
    before = {name: getattr(application, name) for name in JOURNALLED}
    _moved(application, "change")
    facts = {"kind": kind, "name": name, "numbers": numbers, "reason": reason}
    for field, value in facts.items():
        setattr(application, field, value)
    application.decided_by = application.decided_at = None
    application.answer = ""
    application.save(update_fields=[*facts, "status", "decided_by", "decided_at", "answer"])
    after = {field: facts[field] for field in JOURNALLED}
    entry = record("change", application, before=before, after=after)
    _tell_leads(application, entry)
    return application


@act
def approve(application: Application, *, seen: str, by: Membership) -> Application:
    application = _locked(application)
    require(why_not_approve(application, still_acting(by)))
    require_seen(application, seen)
    _admit(application, by)
    return application


@act
def send_back(application: Application, *, answer: str, seen: str, by: Membership) -> Application:
    """Return it with what should change."""
    application = _locked(application)
    require(why_not_decide(application, "return", still_acting(by)) or why_not_said(answer))
    require_seen(application, seen)
    _answered(application, "return", answer, by)
    return application


@act
def refuse(application: Application, *, answer: str, seen: str, by: Membership) -> Application:
    application = _locked(application)
    require(why_not_decide(application, "refuse", still_acting(by)) or why_not_said(answer))
    require_seen(application, seen)
    _answered(application, "refuse", answer, by)
    return application


@act
def set_welcome(*, automatic: bool, domains: list[str], seen: str, by: Membership) -> Welcome:
    """Say whom the territory lets in at once."""
    serially(by.participation.territory_id)
    require(why_not_welcome(domains, still_acting(by)))
    welcome = welcome_of(by.territory)
    require_seen(welcome, seen)
    before = {} if welcome.pk is None else {"automatic": welcome.automatic, "domains": welcome.domains}
    welcome.automatic, welcome.domains = automatic, domains
    welcome.save()
    record("set welcome", welcome, by=by, before=before, after={"automatic": automatic, "domains": domains})
    return welcome


def links_sent(application: Application) -> int:
    """How many times the applicant has asked for a fresh link in the last day."""
    lines = Entry.objects.filter(
        verb="send link", subject=application._meta.label_lower, subject_id=str(application.pk)
    )
    return lines.filter(at__gt=timezone.now() - timedelta(days=1)).count()


def link_of(application: Application) -> str:
    """The applicant's signed link to their own page; it expires."""
    return address("application_link", signing.dumps(application.pk, salt=SALT))


def _alone(territory_id: int, numbers: list, email: str) -> Territory:
    """One at a time for each territory, so that only the first force leads it; for each number; for each address."""
    serially(territory_id)
    alone_with(*(f"identifier:{scheme}:{value}" for scheme, value in numbers), f"person:{email}")
    return Territory.objects.get(pk=territory_id)


def _locked(application: Application) -> Application:
    """The application as it stands, once everybody else is done who could change what it would make."""
    serially(application.territory_id)
    rows = Application.objects.select_for_update(of=("self",)).select_related("territory")
    application = rows.get(pk=application.pk)
    _alone(application.territory_id, application.numbers, application.email)
    return application


def _moved(application: Application, verb: str) -> None:
    application.status = APPLICATION.after(application.status, verb)


def _confirmed(application: Application) -> None:
    _moved(application, "confirm")
    application.confirmed_at = timezone.now()
    application.save(update_fields=["status", "confirmed_at"])
    entry = record("confirm", application, after={"status": application.status})
    if why_not_at_once(application) is None:
        _admit(application, None)
        return
    _tell(application, "application_waiting")
    _tell_leads(application, entry)


def _answered(application: Application, verb: str, answer: str, by: Membership) -> None:
    _moved(application, verb)
    application.decided_by, application.decided_at, application.answer = by, timezone.now(), answer
    application.said = [*application.said, {"verb": verb, "words": answer} | signed(by)]
    application.save(update_fields=["status", "decided_by", "decided_at", "answer", "said"])
    record(verb, application, by=by, after={"status": application.status})
    _in_territory(application, tasks.answered)
    _tell(application, f"application_{application.status}")


def _admit(application: Application, by: Membership | None) -> None:
    """Make what is missing: organisation, numbers, participation, person, part."""
    territory = application.territory
    organisation = _organisation(application)
    participation, _made = Participation.objects.get_or_create(
        organisation=organisation, territory=territory, defaults={"since": timezone.localdate()}
    )
    if participation.until:
        participation.until = None
        participation.save(update_fields=["until"])
    user, new = person_with(application.email, name=application.person)
    _moved(application, "approve")
    application.decided_by, application.decided_at = by, timezone.now()
    application.save(update_fields=["status", "decided_by", "decided_at"])
    part = Membership.objects.create(
        user=user,
        participation=participation,
        role=first_role(application.kind, territory),
        application=application,
    )
    facts = {
        "status": application.status,
        "organisation": organisation.pk,
        "part": part.pk,
        "role": part.role,
    }
    record("approve", application, by=by, after=facts)
    _tell(application, "application_approved", part=part, password=password_link(user) if new else "")


def _organisation(application: Application) -> Organisation:
    organisation = bearer(application.numbers)
    if organisation is None:
        organisation = Organisation.objects.create(name=application.name, kind=application.kind)
    preferred = not organisation.identifiers.filter(preferred=True).exists()
    for number, (scheme, value) in enumerate(application.numbers):
        Identifier.objects.get_or_create(
            scheme=scheme,
            value=value,
            defaults={"organisation": organisation, "preferred": preferred and number == 0},
        )
    return organisation


def password_link(user: User) -> str:
    """Where a new person chooses a password."""
    key = default_token_generator.make_token(user)
    return address("account_reset_password_from_key", user_pk_to_url_str(user), key)


def _tell(application: Application, letter: str, **facts) -> None:
    post(
        letter,
        application.email,
        language=application.language or "en-gb",
        application=application,
        territory=application.territory,
        link=link_of(application),
        **facts,
    )


def _tell_leads(application: Application, entry) -> None:
    """In the territory, where they are told of everything; the staff where there is none."""
    if leads_of(application.territory).exists():
        page, facts = letters.page_of(application), letters.facts_of(application)
        _in_territory(application, tasks.tell_leads, page, entry.seq, facts)
    else:
        letters.leaderless(application, entry.seq)


def _in_territory(application: Application, task, *arguments) -> None:
    """A task of the application's territory, once this is committed."""
    territory = application.territory

    def queue() -> None:
        with territory:
            task.delay(territory.pk, application.pk, *arguments)

    transaction.on_commit(queue, robust=True)
