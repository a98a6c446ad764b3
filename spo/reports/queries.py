"""What is read about reports."""

from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from spo.reports.models import Report
from territories.models import Membership
from territories.notices.models import Notice
from territories.pages.lists import Waiting


def reports_seen_by(member: Membership | None) -> QuerySet[Report]:
    """Ready ones for everyone; those being made for category managers and leads too. Newest first."""
    rows = Report.objects.select_related("organisation", "ordered_by", "paper")
    if member is None or member.role not in {Membership.Role.MANAGER, Membership.Role.LEAD}:
        rows = rows.filter(status=Report.Status.READY)
    return rows.order_by("-ordered_at", "pk")


def reports_told_to(member: Membership) -> QuerySet[Report]:
    """Whoever may order reports reads who did."""
    mine = member.role in {Membership.Role.MANAGER, Membership.Role.LEAD}
    return reports_seen_by(member) if mine else Report.objects.none()


def waiting_for(member: Membership) -> list[Waiting]:
    """One's own reports: those that failed, and those that are ready and of which one has not read yet."""
    if member.role not in {Membership.Role.MANAGER, Membership.Role.LEAD}:
        return []
    told = Notice.objects.filter(
        person=member.user_id, read_at=None, letter__in=("report_ready", "report_failed")
    )
    keys = told.order_by().annotate(report=Cast("subject_id", UUIDField())).values("report")
    rows = Report.objects.filter(ordered_by=member.user_id, pk__in=keys).order_by("-ordered_at")
    return [
        Waiting(
            (_("Read report %(reference)s") if row.is_ready else _("Report %(reference)s failed: try again"))
            % {"reference": row.reference},
            row.get_absolute_url(),
            row.ready_at or row.ordered_at,
        )
        for row in rows[:10]
        if row.is_ready or row.has_failed
    ]
