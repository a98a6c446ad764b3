"""Why something about an activity can't be done now."""

from django.utils.translation import gettext as _

from community.flows import ACTIVITY
from community.models import Activity, Impact, Need, Provider
from territories.models import Membership, Organisation, Territory
from territories.people.parts.rules import may_invite_to
from territories.postcodes import district_of

Role = Membership.Role


def may_keep(provider: Provider, by: Membership | None) -> bool:
    """Community colleagues keep every provider's activities; a provider keeps its own."""
    if by is None:
        return False
    own = by.participation.organisation_id == provider.organisation_id
    return by.role == Role.COLLEAGUE or (by.role == Role.PROVIDER and own)


def may_hand_over(provider: Provider, by: Membership | None) -> bool:
    """Whether one may invite people of the provider, who then keep its record themselves."""
    if by is None or by.role not in {Role.COLLEAGUE, Role.LEAD}:
        return False
    return may_invite_to(by).filter(organisation=provider.organisation_id).exists()


def why_not_register_provider(by: Membership) -> str | None:
    if by.role != Role.COLLEAGUE:
        return _("Only community colleagues register providers.")
    return None


def why_not_introduce(by: Membership) -> str | None:
    if by.role != Role.PROVIDER:
        return _("Only the provider's own people introduce it.")
    return why_not_twice(by.organisation)


def why_not_twice(organisation: Organisation) -> str | None:
    """A territory knows a provider once."""
    if Provider.objects.filter(organisation=organisation).exists():
        return _("%(name)s is registered here already.") % {"name": organisation}
    return None


def why_not_known(known: Organisation, name: str) -> str | None:
    """Why the organisation that bears a number already is not the provider that somebody calls `name`."""
    if known.kind != Organisation.Kind.PROVIDER:
        return _("That number belongs to %(name)s, which is no provider.") % {"name": known}
    if known.closed_at:
        return _("%(name)s, which has this number, is closed.") % {"name": known}
    if known.name.casefold() != name.strip().casefold():
        return _("This number is known as “%(name)s”. Write the name like that, or check the number.") % {
            "name": known
        }
    return None


def why_not_place(postcode: str, territory: Territory) -> str | None:
    """A normalised postcode that ONS knows, in a district of this territory."""
    district = district_of(postcode)
    if district is None:
        return _("We don't know this postcode. Check it, or use one nearby.")
    if district.territory != territory.slug:
        return _("%(postcode)s is in %(district)s, which is outside this territory.") % {
            "postcode": postcode,
            "district": district.name,
        }
    return None


def why_not_register(provider: Provider, by: Membership) -> str | None:
    if not may_keep(provider, by):
        return _("You can register activities of your own organisation only.")
    if provider.organisation.closed_at:
        return _("%(name)s is closed.") % {"name": provider}
    return None


def why_not_change(activity: Activity, by: Membership) -> str | None:
    if not may_keep(activity.provider, by):
        return _("Only community colleagues and the provider itself can change this activity.")
    if activity.state == Activity.Status.CLOSED:
        return _("This activity is closed, so it can't be changed any more.")
    return None


def why_not_add_impact(activity: Activity, primary: str, secondary: str, by: Membership) -> str | None:
    if reason := why_not_change(activity, by):
        return reason
    if activity.impacts.filter(primary=primary, secondary=secondary).exists():
        return _("This pair of impacts is there already. Remove it first to give another reason.")
    return None


def why_not_add_need(activity: Activity, support_type, by: Membership) -> str | None:
    if reason := why_not_change(activity, by):
        return reason
    if activity.needs.filter(support_type=support_type).exists():
        return _("This kind of support is listed already. Remove it first to change it.")
    return None


def why_not_remove(activity: Activity, row: Impact | Need | None, by: Membership) -> str | None:
    """`row` is the impact or the need as it stands, None where it is gone; what is published keeps its last ones."""
    if reason := why_not_change(activity, by):
        return reason
    if row is None:
        return _("Someone else has removed this meanwhile.")
    left = type(row)._default_manager.filter(activity=activity).exclude(pk=row.pk)
    if activity.state == Activity.Status.PUBLISHED and not left.exists():
        return _("A published activity keeps at least one. Add another first.")
    return None


def why_not_publish(activity: Activity, by: Membership) -> str | None:
    """An activity is published once, with at least one dual impact and one need."""
    if reason := why_not_change(activity, by) or ACTIVITY.why_not(activity.state, "publish"):
        return reason
    if not activity.impacts.all():
        return _("Say first which dual impact the activity has.")
    if not activity.needs.all():
        return _("Say first what the activity needs, so that suppliers know how they can help.")
    return None
