"""Making a report: figures, page, PDF. Safe to run twice, or to die half way and be swept up."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone, translation

from spo.reports.figures import figures
from spo.reports.models import Report
from spo.reports.pdf import pdf
from territories.stream import announce
from territories.tenancy import connection

Status = Report.Status
# A worker that has not finished by then is taken for dead.
PATIENCE = timedelta(minutes=10)


def render(report_id) -> bool:
    """Make a report that is waiting, or whose maker has died; False if there is nothing to do."""
    now = timezone.now()
    if not waiting().filter(pk=report_id).update(status=Status.RENDERING, started_at=now, percent=5):
        return False
    announce(f"report-{report_id}")
    report = Report.objects.get(pk=report_id)
    try:
        with translation.override(report.language):
            _made(report)
    except Exception:
        Report.objects.filter(pk=report_id, started_at=now).update(status=Status.FAILED)
        announce(f"report-{report_id}")
        raise
    return True


def waiting():
    """Reports that nobody is making."""
    abandoned = Q(status=Status.RENDERING, started_at__lt=timezone.now() - PATIENCE)
    return Report.objects.filter(Q(status=Status.ORDERED) | abandoned)


def _made(report: Report) -> None:
    report.figures = figures(connection.tenant, report.starts_on, report.ends_on)
    _show(report, 40, figures=report.figures)
    content = pdf(report)
    _show(report, 90)
    report.pdf.storage.delete(f"{connection.schema_name}/reports/{report.reference}.pdf")
    report.pdf.save(f"{report.reference}.pdf", ContentFile(content), save=False)
    _show(
        report,
        100,
        pdf=report.pdf.name,
        digest=hashlib.sha256(content).hexdigest(),
        status=Status.READY,
        ready_at=timezone.now(),
    )


def _show(report: Report, percent: int, **facts) -> None:
    Report.objects.filter(pk=report.pk, started_at=report.started_at).update(percent=percent, **facts)
    announce(f"report-{report.pk}")
