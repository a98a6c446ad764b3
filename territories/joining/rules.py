"""Whom a territory lets in, in which role, and why something about an application can't be done now."""

import re
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from territories.joining.flows import APPLICATION
from territories.models import Application, Identifier, Membership, Organisation, Territory, Welcome

Kind, Role = Organisation.Kind, Membership.Role

# Whose address ends so is of a public body or a university: these ends are given out to nobody else.
KNOWN_DOMAINS = {
    "police.uk": (Kind.POLICE,),
    "gov.uk": (Kind.COUNCIL, Kind.FIRE, Kind.JUSTICE),
    "nhs.uk": (Kind.NHS,),
    "ac.uk": (Kind.UNIVERSITY,),
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
    return active_parts().filter(role=Role.LEAD, participation__territory=territory)


def active_parts():
    return Membership.objects.filter(
        ended_at=None, participation__until=None, participation__organisation__closed_at=None
    )


def bearer(numbers) -> Organisation | None:
    """The organisation that bears the first of these numbers that is known."""
    for scheme, value in numbers:
        known = Identifier.objects.filter(scheme=scheme, value=value).select_related("organisation").first()
        if known:
            return known.organisation
    return None


def why_not_apply(email: str) -> str | None:
    # name+anything@… is the same letter box as name@…
    name, _at, domain = email.lower().rpartition("@")
    box = rf"^{re.escape(name.partition('+')[0])}(\+.*)?@{re.escape(domain)}$"
    lately = Application.objects.filter(email__regex=box, created_at__gt=timezone.now() - timedelta(days=1))
    if lately.count() >= LETTERS_A_DAY:
        return _(
            "We have written to this address several times today. Follow a link in one of the e-mails, or come back tomorrow."
        )
    return None


def why_not_decide(application: Application, verb: str, by: Membership) -> str | None:
    """Only the territory's leads decide, and once."""
    if by.role != Role.LEAD or by.participation.territory_id != application.territory_id:
        return _("Only the leads of the territory decide on this application.")
    return APPLICATION.why_not(application.status, verb)


def why_not_approve(application: Application, by: Membership) -> str | None:
    return why_not_decide(application, "approve", by) or why_not_admit(application)


def why_not_admit(application: Application) -> str | None:
    """Each number names one open organisation of the same kind, and nobody comes in beside its own people."""
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
    return None


def _people_here(organisation: Organisation, territory: Territory) -> bool:
    here = active_parts().filter(participation__organisation=organisation, participation__territory=territory)
    return here.exists()


def lets_in(application: Application) -> bool:
    """Whether the territory's rule approves at once: a known domain, and no name that is somebody else's."""
    welcome = Welcome.objects.filter(territory=application.territory_id).first() or Welcome()
    if not (welcome.automatic and _is_known(application, welcome)):
        return False
    organisation = bearer(application.numbers)
    return organisation is None or (
        active_parts()
        .filter(participation__organisation=organisation, user__email=application.email)
        .exists()
    )


def _is_known(application: Application, welcome: Welcome) -> bool:
    domain = application.email.rpartition("@")[2].lower()
    ends = [end for end, kinds in KNOWN_DOMAINS.items() if application.kind in kinds] + welcome.domains
    return any(domain == end or domain.endswith(f".{end}") for end in ends)
