"""What is read about reports."""

from django.db.models import QuerySet

from spo.reports.models import Report
from territories.models import Membership


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
