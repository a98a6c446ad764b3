"""What is read about providers and activities."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from community.models import Activity, ActivityVersion, Provider
from community.published import with_said
from territories.models import Membership
from territories.pages.lists import Waiting

Role = Membership.Role

# What has been published, be it open to support or closed.
PUBLIC = Exists(ActivityVersion.objects.filter(activity=OuterRef("pk")))


def activities_seen_by(member: Membership | None) -> QuerySet[Activity]:
    """Published activities for everyone; drafts for colleagues and for the provider whose they are."""
    rows = with_said(Activity.objects.select_related("provider__organisation"))
    if member and member.role in {Role.COLLEAGUE, Role.LEAD}:
        return rows
    own = Q(provider__organisation=member.organisation) if member and member.role == Role.PROVIDER else Q()
    return rows.filter(PUBLIC | own)


def matching(
    rows: QuerySet[Activity], *, words="", primary="", secondary="", district=""
) -> QuerySet[Activity]:
    """Activities with these words, this dual impact, this district; by title."""
    for word in words.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(what__icontains=word)
            | Q(provider__organisation__name__icontains=word)
        )
    if primary or secondary:
        pair = {name: value for name, value in (("primary", primary), ("secondary", secondary)) if value}
        rows = rows.filter(pk__in=Activity.objects.filter(**{f"impacts__{k}": v for k, v in pair.items()}))
    if district:
        rows = rows.filter(district_code=district)
    return rows.prefetch_related("impacts").order_by("title", "pk")


def districts_with_activities() -> list[tuple[str, str]]:
    """(code, name) of every district that a published activity is in."""
    rows = Activity.objects.filter(PUBLIC).order_by("district")
    return list(rows.values_list("district_code", "district").distinct())


def open_to_support() -> QuerySet[Activity]:
    """Published activities that an order can still name; by title."""
    rows = Activity.objects.filter(PUBLIC, status=Activity.Status.PUBLISHED)
    return with_said(rows).order_by("title")


def providers_kept_by(member: Membership) -> QuerySet[Provider]:
    """Providers whose activities the member may register."""
    rows = Provider.objects.select_related("organisation").order_by("organisation__name")
    return rows if member.role != Role.PROVIDER else rows.filter(organisation=member.organisation)


def activities_kept_by(member: Membership) -> QuerySet[Activity]:
    """Those that the member may change, as long as their state lets anyone."""
    rows = activities_seen_by(member)
    return rows.filter(provider__organisation=member.organisation) if member.role == Role.PROVIDER else rows


def waiting_for(member: Membership) -> list[Waiting]:
    """Drafts that the member could finish; first of all, to say what one's organisation does."""
    if member.role not in {Role.COLLEAGUE, Role.PROVIDER}:
        return []
    if member.role == Role.PROVIDER and not providers_kept_by(member).exists():
        return [Waiting(_("Introduce your organisation"), "/providers/introduction/")]
    drafts = activities_seen_by(member).exclude(PUBLIC).order_by("title")[:10]
    return [
        Waiting(
            _("Finish and publish the activity “%(title)s”") % {"title": row.title},
            row.get_absolute_url(),
            row.created_at,
        )
        for row in drafts
    ]


def activities_told_to(member: Membership) -> QuerySet[Activity]:
    """Colleagues and leads read about all of them, a provider about its own."""
    if member.role == Role.PROVIDER:
        return Activity.objects.filter(provider__organisation=member.organisation)
    return Activity.objects.all() if member.role in {Role.COLLEAGUE, Role.LEAD} else Activity.objects.none()


def providers_told_to(member: Membership) -> QuerySet[Provider]:
    if member.role == Role.PROVIDER:
        return Provider.objects.filter(organisation=member.organisation)
    return Provider.objects.all() if member.role in {Role.COLLEAGUE, Role.LEAD} else Provider.objects.none()
