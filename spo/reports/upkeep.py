"""Making a report: figures, page, PDF. Safe to run twice, or to die half way and be swept up."""

import hashlib

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone, translation

from spo.reports.figures import figures
from spo.reports.models import Report
from spo.reports.pdf import pdf
from territories.stream import announce
from territories.tasks import alone_at
from territories.tenancy import connection

Status = Report.Status
# A report whose makers have died so often is taken for what killed them.
ATTEMPTS = 3


class Superseded(Exception):
    """Somebody else makes this report by now."""


def render(report_id) -> bool:
    """Make a report that is waiting, or whose maker has died; False if there is nothing to do."""
    with alone_at(f"report-{report_id}") as alone:
        report = _taken(report_id) if alone else None
        if report is None:
            return False
        try:
            with translation.override(report.language):
                _made(report)
        except Superseded:
            return False
        except Exception:
            _mine(report).update(status=Status.FAILED)
            announce(f"report-{report_id}")
            raise
        return True


def waiting():
    """Reports that are not made yet; who is being made at the moment is known by `alone_at` alone."""
    return Report.objects.filter(status__in=(Status.ORDERED, Status.RENDERING))


def _taken(report_id) -> Report | None:
    """The report, as ours from now on; None if it is made or given up."""
    rows = waiting().filter(pk=report_id)
    if rows.filter(attempts__gte=ATTEMPTS).update(status=Status.FAILED):
        announce(f"report-{report_id}")
    begun = {"status": Status.RENDERING, "started_at": timezone.now(), "percent": 5}
    if not rows.update(attempts=F("attempts") + 1, **begun):
        return None
    announce(f"report-{report_id}")
    return Report.objects.get(pk=report_id)


def _made(report: Report) -> None:
    report.figures = figures(connection.tenant, report.starts_on, report.ends_on)
    _show(report, 40, figures=report.figures)
    content = pdf(report)
    digest = hashlib.sha256(content).hexdigest()
    _show(report, 90)
    # Another maker's file has another name, unless it is the same.
    storage, name = report.pdf.storage, f"{report.reference}-{digest[:12]}.pdf"
    storage.delete(report.pdf.field.generate_filename(report, name))
    report.pdf.save(name, ContentFile(content), save=False)
    _show(report, 100, pdf=report.pdf.name, digest=digest, status=Status.READY, ready_at=timezone.now())


def _mine(report: Report):
    """The row, as long as nobody has begun anew: a worker may lose its connection, and with it the report."""
    return Report.objects.filter(pk=report.pk, started_at=report.started_at, status=Status.RENDERING)


def _show(report: Report, percent: int, **facts) -> None:
    if not _mine(report).update(percent=percent, **facts):
        raise Superseded(report.reference)
    announce(f"report-{report.pk}")
