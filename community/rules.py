"""Why something about an activity can't be done now."""

from django.utils.translation import gettext as _

from community.flows import ACTIVITY
from community.models import Activity, Provider
from territories.models import Membership

Role = Membership.Role


def may_keep(provider: Provider, by: Membership | None) -> bool:
    """Community colleagues keep every provider's activities; a provider keeps its own."""
    if by is None:
        return False
    own = by.participation.organisation_id == provider.organisation_id
    return by.role == Role.COLLEAGUE or (by.role == Role.PROVIDER and own)


def why_not_change(activity: Activity, by: Membership) -> str | None:
    if not may_keep(activity.provider, by):
        return _("Only community colleagues and the provider itself can change this activity.")
    if activity.status == Activity.Status.CLOSED:
        return _("This activity is closed, so it can't be changed any more.")
    return None


def why_not_publish(activity: Activity, by: Membership) -> str | None:
    """An activity is published once, with at least one dual impact and one need."""
    if reason := why_not_change(activity, by) or ACTIVITY.why_not(activity.status, "publish"):
        return reason
    if not activity.impacts.all():
        return _("Say first which dual impact the activity has.")
    if not activity.needs.all():
        return _("Say first what the activity needs, so that suppliers know how they can help.")
    return None
