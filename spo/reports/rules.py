"""Why something about a report can't be done now."""

from datetime import date

from django.utils.translation import gettext as _

from spo.reports.flows import REPORT
from spo.reports.models import Report
from territories.models import Membership


def why_not_order(starts_on: date, ends_on: date, today: date, by: Membership) -> str | None:
    """A report looks back: its period has begun, and ends today at the latest."""
    if by.role not in {Membership.Role.MANAGER, Membership.Role.LEAD}:
        return _("Only category managers and territory leads order reports.")
    return why_not_period(starts_on, ends_on, today)


def why_not_period(starts_on: date, ends_on: date, today: date) -> str | None:
    if ends_on < starts_on:
        return _("The last day must be on or after the first day.")
    if ends_on > today:
        return _("The last day can't be in the future.")
    return None


def why_not_again(report: Report, by: Membership) -> str | None:
    if by.role not in {Membership.Role.MANAGER, Membership.Role.LEAD}:
        return _("Only category managers and territory leads order reports.")
    return REPORT.why_not(report.status, "order again")
