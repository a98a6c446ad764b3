"""What was published stands: an activity is read from its last version, once it has one.

The row holds the same facts, for whoever searches and for whoever changes them.
"""

from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from community.models import Activity, ActivityVersion, Impact, Need
from territories.models import Membership, SupportType
from territories.published import copied

FACTS = ("title", "what", "who", "postcode", "district_code", "district")


def publish(activity: Activity, verb: str, *, by: Membership) -> ActivityVersion:
    """Copy the activity as it now stands into a version that nobody can change; a step of the act called `verb`."""
    facts = {name: getattr(activity, name) for name in FACTS} | {
        "provider": activity.provider.organisation.name,
        "impacts": [_impact(row) for row in activity.impacts.all()],
        "needs": [_need(row) for row in activity.needs.select_related("support_type")],
    }
    number = 1 + activity.versions.count()
    version = activity.versions.create(number=number, verb=verb, **copied(facts, by=by))
    activity.said = version.body
    return version


def with_said(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each with what it `said` last, read in the same statement."""
    versions = ActivityVersion.objects.filter(activity=OuterRef("pk")).order_by("-number")
    return rows.annotate(last_body=Subquery(versions.values("body")[:1]))


def as_published(activity: Activity) -> Activity:
    """The activity with the facts of its last version, its dual impacts among them; a draft as it is."""
    if body := activity.said:
        for name in FACTS:
            setattr(activity, name, body[name])
        activity.dual_impacts = [_impact_of(activity, facts) for facts in body["impacts"]]
    return activity


def needs_of(activity: Activity) -> list[Need]:
    """What the activity needs: as it was published, or as its draft says."""
    body = activity.said
    if body is None:
        return list(activity.needs.select_related("support_type"))
    types = SupportType.objects.in_bulk([facts["type"] for facts in body["needs"]])
    return [_need_of(activity, facts, types[facts["type"]]) for facts in body["needs"]]


def _impact(row: Impact) -> dict:
    return {"id": row.pk} | row.as_shown()


def _need(row: Need) -> dict:
    return {"id": row.pk, "type": row.support_type_id} | row.as_shown()


def _impact_of(activity: Activity, facts: dict) -> Impact:
    """A dual impact as if it had been read from its table."""
    return _as_read(
        Impact(
            pk=UUID(facts["id"]),
            activity=activity,
            primary=facts["primary"],
            secondary=facts["secondary"],
            reason=facts["reason"],
        )
    )


def _need_of(activity: Activity, facts: dict, support_type: SupportType) -> Need:
    """A need as if it had been read from its table."""
    return _as_read(
        Need(
            pk=UUID(facts["id"]),
            activity=activity,
            support_type=support_type,
            quantity=Decimal(facts["quantity"]),
            note=facts["note"],
        )
    )


def _as_read[Row: (Impact, Need)](row: Row) -> Row:
    row._state.adding = False
    return row
