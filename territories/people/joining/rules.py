"""Whom a territory lets in, in which role, and why something about an application can't be done now."""

import re
from datetime import timedelta

from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from territories.journal.models import Entry
from territories.models import Application, Identifier, Membership, Organisation, Territory, Welcome
from territories.models.organisations import Folded
from territories.people.joining.flows import APPLICATION
from territories.people.joining.known import belongs, is_at
from territories.people.parts.rules import peopled, whose, why_not_both

Kind, Role = Organisation.Kind, Membership.Role

# Mail that anyone can have, and ends that many share or anyone can register below.
SHARED = {
    *("co.uk", "org.uk", "me.uk", "ltd.uk", "plc.uk", "com", "org", "net", "gmail.com", "googlemail.com"),
    *("outlook.com", "hotmail.com", "hotmail.co.uk", "live.co.uk", "yahoo.com", "yahoo.co.uk", "icloud.com"),
    *("police.uk", "gov.uk", "nhs.uk", "ac.uk", "nhs.net", "sch.uk", "gov.wales", "gov.scot"),
}
FIRST_ROLES = {
    Kind.SUPPLIER: Role.SUPPLIER,
    Kind.PROVIDER: Role.PROVIDER,
    Kind.UNIVERSITY: Role.RESEARCHER,
}
# Letters that one address can be made to get in a day by whoever types it into the form.
LETTERS_A_DAY = 5


def first_role(kind: str, territory: Territory) -> Membership.Role:
    """The role of whoever speaks for a new organisation: the first police force of a territory leads it."""
    if kind in Organisation.BUYERS:
        return Role.LEAD if kind == Kind.POLICE and not leads_of(territory).exists() else Role.BUYER
    return FIRST_ROLES[Kind(kind)]


def leads_of(territory: Territory):
    """The parts of those who lead a territory now."""
    return Membership.objects.playing().filter(role=Role.LEAD, participation__territory=territory)


def bearer(numbers) -> Organisation | None:
    """The organisation that bears the first of these numbers that is known."""
    for scheme, value in numbers:
        known = Identifier.objects.filter(scheme=scheme, value=value).select_related("organisation").first()
        if known:
            return known.organisation
    return None


def namesakes(name: str, numbers) -> QuerySet[Organisation]:
    """Other organisations of that name, whatever its case, accents and punctuation: they bear none of these numbers."""
    bearers = [one.pk for number in numbers if (one := bearer([number]))]
    rows = Organisation.objects.filter(folded=Folded(Value(name)), closed_at=None)
    return rows.exclude(folded="").exclude(pk__in=bearers)


def why_not_named(name: str, numbers, another: bool) -> str | None:
    """`another` is what an applicant says: theirs is another organisation than the one of the same name."""
    namesake = None if another else namesakes(name, numbers).first()
    if namesake:
        return _(
            "DICM knows an organisation called “%(name)s” under another number. If it is yours, give that number; "
            "if yours is another one, say so below."
        ) % {"name": namesake}
    return None


def why_not_apply(territory: Territory, email: str) -> str | None:
    if territory.valid_to:
        return _("%(territory)s ends, and takes nobody in. Choose another territory.") % {
            "territory": territory
        }
    lately = Application.objects.filter(
        email__regex=box_of(email), created_at__gt=timezone.now() - timedelta(days=1)
    )
    return too_many_letters(lately.count())


def why_not_write(application: Application, written: int) -> str | None:
    """Whether the applicant may get another letter with a link; `written` counts those of the last day."""
    if application.person == "":
        return _("This application is over, and its address is forgotten. Ask to join again.")
    return too_many_letters(written)


def too_many_letters(written: int) -> str | None:
    if written >= LETTERS_A_DAY:
        return _(
            "We have written to this address several times today. Follow a link in one of the e-mails, or come back tomorrow."
        )
    return None


def box_of(email: str) -> str:
    """A pattern for one letter box: name+anything@… is the same as name@…"""
    name, _at, domain = email.lower().rpartition("@")
    return rf"^{re.escape(name.partition('+')[0])}(\+.*)?@{re.escape(domain)}$"


def welcome_of(territory: Territory) -> Welcome:
    """Whom the territory lets in at once, as its leads said or as it is where none has said anything."""
    return Welcome.objects.filter(territory=territory).first() or Welcome(territory=territory)


def why_not_welcome(domains: list[str], by: Membership) -> str | None:
    if by.role != Role.LEAD:
        return _("Only the leads of the territory decide whom it lets in.")
    return why_not_own(domains)


def why_not_own(domains: list[str]) -> str | None:
    """Whether these are domains of one organisation each."""
    if not SHARED.isdisjoint(domains):
        return _("Anyone can have an address there. Name an organisation's own domain.")
    return None


def why_not_decide(application: Application, verb: str, by: Membership) -> str | None:
    """Only the territory's leads decide, and once."""
    if by.role != Role.LEAD or by.participation.territory_id != application.territory_id:
        return _("Only the leads of the territory decide on this application.")
    return APPLICATION.why_not(application.status, verb)


def why_not_approve(application: Application, by: Membership) -> str | None:
    """Nobody approves their own, whichever address it came from, or who follows the people that they removed."""
    if reason := why_not_decide(application, "approve", by):
        return reason
    applicant = whose(application.email)
    if applicant and applicant.pk == by.user_id:
        return _("This application is your own. Another lead of the territory has to decide on it.")
    if _people_left(application) and _removed_by(by, application):
        return _(
            "You removed the people of this organisation. Another lead of the territory has to decide on it."
        )
    return why_not_admit(application)


def why_not_admit(application: Application) -> str | None:
    """Each number names one open organisation of the same kind; nobody comes in beside its people, or for both sides."""
    bearers = {one for number in application.numbers if (one := bearer([number]))}
    if len(bearers) > 1:
        return _("These numbers belong to different organisations.")
    for organisation in bearers:
        if organisation.closed_at:
            return _("%(name)s is closed.") % {"name": organisation}
        if organisation.kind != application.kind:
            return _("That number belongs to %(name)s, which is of another kind.") % {"name": organisation}
        if _people_here(organisation, application.territory):
            return _("%(name)s takes part here already. Its own people can invite a colleague.") % {
                "name": organisation
            }
    return _why_not_play(application)


def _why_not_play(application: Application) -> str | None:
    person, territory = whose(application.email), application.territory
    return why_not_both(person, first_role(application.kind, territory), territory.pk) if person else None


def _people_here(organisation: Organisation, territory: Territory) -> bool:
    here = Membership.objects.playing().filter(
        participation__organisation=organisation, participation__territory=territory
    )
    return here.exists()


def why_not_at_once(application: Application) -> str | None:
    """Why an application waits for a lead although its address is confirmed; what can't be checked waits."""
    welcome = welcome_of(application.territory)
    if not welcome.automatic:
        return _("This territory lets nobody in at once.")
    if "XI" in (scheme for scheme, _number in application.numbers):
        return _("It has no public number that could be looked up.")
    if namesakes(application.name, application.numbers).exists():
        return _("Another organisation has the same name.")
    if not _is_known(application, welcome):
        return _("Nothing here proves that address, name and number belong together.")
    if _is_somebody_elses(application):
        return _("DICM knows its number, and not this person.")
    if _people_left(application):
        return _("Its people in this territory have left.")
    return why_not_admit(application)


def _is_somebody_elses(application: Application) -> bool:
    """Whether the number is of an organisation for which this address acts nowhere."""
    organisation = bearer(application.numbers)
    parts = Membership.objects.playing().filter(
        participation__organisation=organisation, user__email=application.email
    )
    return organisation is not None and not parts.exists()


def _people_left(application: Application) -> bool:
    """Whether somebody once acted here for the organisation of these numbers; who acts now is for `why_not_admit`."""
    organisation, territory = bearer(application.numbers), application.territory
    here = peopled(territory.pk).filter(participation__organisation=organisation)
    return organisation is not None and here.exists() and not _people_here(organisation, territory)


def _removed_by(lead: Membership, application: Application) -> bool:
    """Whether this lead took away a part of the organisation of these numbers in the territory."""
    parts = peopled(application.territory_id).filter(participation__organisation=bearer(application.numbers))
    keys = [str(pk) for pk in parts.values_list("pk", flat=True)]
    lines = Entry.objects.filter(
        verb="remove", subject=Membership._meta.label_lower, subject_id__in=keys, actor_id=lead.user_id
    )
    return lines.exists()


def _is_known(application: Application, welcome: Welcome) -> bool:
    return any(is_at(application.email, domain) for domain in welcome.domains) or belongs(
        application.territory, application.kind, application.name, application.numbers, application.email
    )
