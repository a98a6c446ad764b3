"""Whoever ordered a report is told that it is ready, or that it failed."""

from django.utils.translation import gettext_lazy as _

from spo.reports.models import Report
from territories.models import Membership
from territories.notices.letters import Letter
from territories.notices.people import people
from territories.notices.tell import tell

READY = Letter(
    "report_ready",
    _("Your report %(reference)s is ready"),
    _(
        "The ESG report from %(first)s to %(last)s is made, as a page, as a PDF and as a sheet of every delivery."
    ),
    _("Read the report"),
)
FAILED = Letter(
    "report_failed",
    _("Your report %(reference)s could not be made"),
    _(
        "Something went wrong while the report from %(first)s to %(last)s was made. You can have it made once more."
    ),
    _("Try again"),
)


def made(report: Report) -> None:
    _of(report, READY)


def failed(report: Report) -> None:
    _of(report, FAILED)


def _of(report: Report, letter: Letter) -> None:
    managers, leads = people(Membership.Role.MANAGER), people(Membership.Role.LEAD)
    tell(
        (managers | leads).filter(user=report.ordered_by_id)[:1],
        letter,
        report,
        page=report.get_absolute_url(),
        once=report.started_at.isoformat() if report.started_at else "",
        reference=report.reference,
        first=report.starts_on,
        last=report.ends_on,
    )
