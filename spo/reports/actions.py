"""Ordering a report."""

from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from spo.reports.flows import REPORT
from spo.reports.models import Report
from spo.reports.rules import why_not_again, why_not_order
from spo.reports.tasks import render_report
from territories.acts import act
from territories.journal.chain import record
from territories.models import Membership
from territories.references import reference
from territories.refusal import require
from territories.tasks import queue


@act
def order_report(*, starts_on: date, ends_on: date, by: Membership) -> Report:
    """Have a report made, in the language of the one who orders it."""
    require(why_not_order(starts_on, ends_on, timezone.localdate(), by))
    report = Report.objects.create(
        reference=reference("ESG"),
        starts_on=starts_on,
        ends_on=ends_on,
        language=get_language() or "en-gb",
        ordered_by=by.user,
        organisation=by.organisation,
        ordered_at=timezone.now(),
    )
    record("order", report, by=by, after={"reference": report.reference, "from": starts_on, "to": ends_on})
    queue(render_report, str(report.pk))
    return report


@act
def order_again(report: Report, *, by: Membership) -> Report:
    """Try once more to make a report that failed."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    require(why_not_again(report, by))
    report.status, report.percent, report.attempts = REPORT.after(report.status, "order again"), 0, 0
    report.save(update_fields=["status", "percent", "attempts"])
    record("order again", report, by=by, after={"reference": report.reference})
    queue(render_report, str(report.pk))
    return report
