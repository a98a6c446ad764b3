"""Everything that changes providers and activities."""

from django.utils import timezone
from django.utils.translation import gettext as _

from community.flows import ACTIVITY
from community.models import Activity, Impact, Need, Placed, Provider
from community.published import publish
from community.rules import (
    why_not_add_impact,
    why_not_add_need,
    why_not_change,
    why_not_introduce,
    why_not_known,
    why_not_place,
    why_not_publish,
    why_not_register,
    why_not_register_provider,
    why_not_remove,
    why_not_twice,
)
from territories.acts import act
from territories.journal.chain import record
from territories.locks import alone_with
from territories.models import Identifier, Membership, Organisation, Participation
from territories.people.joining.rules import why_not_named
from territories.refusal import Stale, require
from territories.shown import require_seen
from territories.tenancy import connection

# What an activity says, besides its place.
SAID = ("title", "what", "who")


@act
def register_provider(
    *, name: str, scheme: str, number: str, about: str, another: bool = False, by: Membership
) -> Provider:
    """Bring a provider into the territory; an organisation that the registers know is not made twice.

    `another` says that an organisation of the same name under another number is another one.
    """
    require(why_not_register_provider(by))
    organisation = _known_provider(name, scheme, number)
    require(why_not_named(name, [[scheme, number]], another))
    if organisation is None:
        organisation = Organisation.objects.create(name=name, kind=Organisation.Kind.PROVIDER)
        Identifier.objects.create(organisation=organisation, scheme=scheme, value=number, preferred=True)
    _alone(organisation)
    require(why_not_twice(organisation))
    Participation.objects.bulk_create(
        [Participation(organisation=organisation, territory=by.territory)], ignore_conflicts=True
    )
    return _registered(organisation, about, by)


@act
def introduce(*, about: str, by: Membership) -> Provider:
    """A provider that joined by itself says what it does; from then on it registers its activities."""
    _alone(by.organisation)
    require(why_not_introduce(by))
    return _registered(by.organisation, about, by)


@act
def register_activity(*, provider: Provider, by: Membership, **facts) -> Activity:
    """Start an activity as a draft; `facts` are title, what, who and a normalised postcode of the territory."""
    provider = Provider.objects.select_related("organisation").get(pk=provider.pk)
    require(why_not_register(provider, by))
    facts = _said(facts, by)
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
    facts = _said(facts, by)
    before = {name: getattr(activity, name) for name in facts}
    for name, value in facts.items():
        setattr(activity, name, value)
    activity.version += 1
    activity.save(update_fields=[*facts, "version"])
    _written("describe", activity, by, before=before, after=facts)
    return activity


@act
def add_impact(activity: Activity, *, primary: str, secondary: str, reason: str, by: Membership) -> Impact:
    activity = _locked(activity)
    require(why_not_add_impact(activity, primary, secondary, by))
    impact = activity.impacts.create(primary=primary, secondary=secondary, reason=reason)
    _written("add impact", activity, by, after={"primary": primary, "secondary": secondary})
    return impact


@act
def remove_impact(impact: Impact, *, seen: str, by: Membership) -> None:
    activity = _locked(impact.activity)
    require(why_not_remove(activity, activity.impacts.filter(pk=impact.pk).first(), by))
    impact = activity.impacts.get(pk=impact.pk)
    require_seen(impact, seen)
    impact.delete()
    before = {"primary": impact.primary, "secondary": impact.secondary}
    _written("remove impact", activity, by, before=before)


@act
def add_need(activity: Activity, *, support_type, quantity, note: str, by: Membership) -> Need:
    activity = _locked(activity)
    require(why_not_add_need(activity, support_type, by))
    need = activity.needs.create(support_type=support_type, quantity=quantity, note=note)
    _written("add need", activity, by, after={"support": support_type.code, "quantity": quantity})
    return need


@act
def remove_need(need: Need, *, seen: str, by: Membership) -> None:
    activity = _locked(need.activity)
    require(why_not_remove(activity, activity.needs.filter(pk=need.pk).first(), by))
    need = activity.needs.get(pk=need.pk)
    require_seen(need, seen)
    need.delete()
    before = {"support": need.support_type.code, "quantity": need.quantity}
    _written("remove need", activity, by, before=before)


@act
def publish_activity(activity: Activity, *, seen: str, by: Membership) -> Activity:
    """Show it to suppliers and residents."""
    activity = _locked(activity)
    require(why_not_publish(activity, by))
    require_seen(activity, seen)
    activity.status = ACTIVITY.after(activity.state, "publish")
    activity.published_at = timezone.now()
    activity.save(update_fields=["status", "published_at"])
    _written("publish", activity, by, before={"status": "draft"}, after={"status": activity.status})
    return activity


def _locked(activity: Activity) -> Activity:
    return (
        Activity.objects.select_for_update(of=("self",))
        .select_related("provider__organisation")
        .get(pk=activity.pk)
    )


def _written(verb: str, activity: Activity, by: Membership, *, before=None, after=None) -> None:
    """The act's line in the journal; what is public from now on is a version, whose digest is told there."""
    if verb == "publish" or activity.said:
        after = (after or {}) | {"digest": publish(activity, verb, by=by).digest}
    record(verb, activity, by=by, before=before, after=after)


def _said(facts: dict, by: Membership) -> dict:
    """What is written of an activity: what it says, and the place of its postcode."""
    require(why_not_place(facts["postcode"], by.territory))
    return {name: facts[name] for name in SAID} | Placed.facts_of(facts["postcode"])


def _alone(organisation: Organisation) -> None:
    """Two people who make the same organisation a provider here wait for each other."""
    alone_with(f"provider:{connection.schema_name}:{organisation.pk}")


def _registered(organisation: Organisation, about: str, by: Membership) -> Provider:
    provider = Provider.objects.create(organisation=organisation, about=about)
    record("register", provider, by=by, after={"organisation": organisation.pk})
    return provider


def _known_provider(name: str, scheme: str, number: str) -> Organisation | None:
    """The organisation that has this number already; two people who register it at once wait for each other."""
    alone_with(f"identifier:{scheme}:{number}")
    identifier = Identifier.objects.filter(scheme=scheme, value=number).select_related("organisation").first()
    if identifier is None:
        return None
    require(why_not_known(identifier.organisation, name))
    return identifier.organisation
