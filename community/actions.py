"""Everything that changes providers and activities."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from community.flows import ACTIVITY
from community.models import Activity, Impact, Need, Provider
from community.rules import may_keep, why_not_change, why_not_publish
from territories.acts import act
from territories.journal.chain import record
from territories.models import Identifier, Membership, Organisation, Participation
from territories.refusal import Refused, Stale, require


@act
def register_provider(*, name: str, scheme: str, number: str, about: str, by: Membership) -> Provider:
    """Bring a provider into the territory; an organisation that the registers know is not made twice."""
    organisation = _known_provider(name, scheme, number)
    if organisation is None:
        organisation = Organisation.objects.create(name=name, kind=Organisation.Kind.PROVIDER)
        Identifier.objects.create(organisation=organisation, scheme=scheme, value=number, preferred=True)
    if Provider.objects.filter(organisation=organisation).exists():
        raise Refused(_("%(name)s is registered here already.") % {"name": organisation})
    Participation.objects.bulk_create(
        [Participation(organisation=organisation, territory=by.territory)], ignore_conflicts=True
    )
    provider = Provider.objects.create(organisation=organisation, about=about)
    record("register", provider, by=by, after={"organisation": organisation.pk})
    return provider


@act
def introduce(*, about: str, by: Membership) -> Provider:
    """A provider that joined by itself says what it does; from then on it registers its activities."""
    if by.role != Membership.Role.PROVIDER:
        raise Refused(_("Only the provider's own people introduce it."))
    if Provider.objects.filter(organisation=by.organisation).exists():
        raise Refused(_("%(name)s is registered here already.") % {"name": by.organisation})
    provider = Provider.objects.create(organisation=by.organisation, about=about)
    record("register", provider, by=by, after={"organisation": by.participation.organisation_id})
    return provider


@act
def register_activity(*, provider: Provider, by: Membership, **facts) -> Activity:
    """Start an activity as a draft."""
    if not may_keep(provider, by):
        raise Refused(_("You can register activities of your own organisation only."))
    activity = Activity.objects.create(provider=provider, **facts)
    record("register", activity, by=by, after=facts)
    return activity


@act
def describe_activity(activity: Activity, *, version: int, by: Membership, **facts) -> Activity:
    """Change what an activity says; Stale if someone saved since `version` was read."""
    activity = _locked(activity)
    require(why_not_change(activity, by))
    if activity.version != version:
        raise Stale(_("Someone else saved this activity meanwhile."), activity)
    before = {name: getattr(activity, name) for name in facts}
    for name, value in facts.items():
        setattr(activity, name, value)
    activity.version += 1
    activity.save(update_fields=[*facts, "version"])
    record("describe", activity, by=by, before=before, after=facts)
    return activity


@act
def add_impact(activity: Activity, *, primary: str, secondary: str, reason: str, by: Membership) -> Impact:
    activity = _locked(activity)
    require(why_not_change(activity, by))
    if activity.impacts.filter(primary=primary, secondary=secondary).exists():
        raise Refused(_("This pair of impacts is there already. Remove it first to give another reason."))
    impact = activity.impacts.create(primary=primary, secondary=secondary, reason=reason)
    record("add impact", activity, by=by, after={"primary": primary, "secondary": secondary})
    return impact


@act
def remove_impact(impact: Impact, *, by: Membership) -> None:
    activity = _locked(impact.activity)
    require(why_not_change(activity, by))
    _keep_published_complete(activity, activity.impacts)
    record(
        "remove impact", activity, by=by, before={"primary": impact.primary, "secondary": impact.secondary}
    )
    impact.delete()


@act
def add_need(activity: Activity, *, support_type, quantity, note: str, by: Membership) -> Need:
    activity = _locked(activity)
    require(why_not_change(activity, by))
    if activity.needs.filter(support_type=support_type).exists():
        raise Refused(_("This kind of support is listed already. Remove it first to change it."))
    need = activity.needs.create(support_type=support_type, quantity=quantity, note=note)
    record("add need", activity, by=by, after={"support": support_type.code, "quantity": quantity})
    return need


@act
def remove_need(need: Need, *, by: Membership) -> None:
    activity = _locked(need.activity)
    require(why_not_change(activity, by))
    _keep_published_complete(activity, activity.needs)
    record(
        "remove need", activity, by=by, before={"support": need.support_type.code, "quantity": need.quantity}
    )
    need.delete()


@act
def publish_activity(activity: Activity, *, by: Membership) -> Activity:
    """Show it to suppliers and residents."""
    activity = _locked(activity)
    require(why_not_publish(activity, by))
    activity.status = ACTIVITY.after(activity.status, "publish")
    activity.published_at = timezone.now()
    activity.save(update_fields=["status", "published_at"])
    record("publish", activity, by=by, before={"status": "draft"}, after={"status": activity.status})
    return activity


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).select_related("provider").get(pk=activity.pk)


def _keep_published_complete(activity: Activity, rows) -> None:
    if activity.status == Activity.Status.PUBLISHED and rows.count() == 1:
        raise Refused(_("A published activity keeps at least one. Add another first."))


def _known_provider(name: str, scheme: str, number: str) -> Organisation | None:
    """The organisation that has this number already; two people who register it at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"identifier:{scheme}:{number}"])
    identifier = Identifier.objects.filter(scheme=scheme, value=number).select_related("organisation").first()
    if identifier is None:
        return None
    known = identifier.organisation
    if known.kind != Organisation.Kind.PROVIDER:
        raise Refused(_("That number belongs to %(name)s, which is no provider.") % {"name": known})
    if known.closed_at:
        raise Refused(_("%(name)s, which has this number, is closed.") % {"name": known})
    if known.name.casefold() != name.strip().casefold():
        raise Refused(
            _("This number is known as “%(name)s”. Write the name like that, or check the number.")
            % {"name": known}
        )
    return known
