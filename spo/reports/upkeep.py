"""Making a report: figures, page, PDF. Safe to run twice, or to die half way and be swept up."""

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone, translation

from spo.reports.figures import figures
from spo.reports.models import Report
from territories import pango
from territories.stream import announce
from territories.tenancy import connection

Status = Report.Status
log = logging.getLogger(__name__)
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


def without_pdf():
    """Ready reports whose PDF could not be made on the machine that made them."""
    return Report.objects.filter(status=Status.READY, pdf="")


def add_pdf(report_id) -> bool:
    """Make the PDF that a ready report lacks, of its frozen figures; False where that is still impossible."""
    report = without_pdf().filter(pk=report_id).first()
    if report is None or pango.missing():
        return False
    with translation.override(report.language):
        facts = _pdf(report)
    return bool(without_pdf().filter(pk=report_id).update(**facts))


def _made(report: Report) -> None:
    report.figures = figures(connection.tenant, report.starts_on, report.ends_on)
    _show(report, 40, figures=report.figures)
    facts = _pdf(report)
    _show(report, 100, **facts, status=Status.READY, ready_at=timezone.now())


def _pdf(report: Report) -> dict[str, str | None]:
    """Where the PDF is kept, and its digest; nothing where this machine can't make one."""
    if lacking := pango.missing():
        log.error(
            "No PDF of %s: missing here is %s. `make setup` says what to do.", report, ", ".join(lacking)
        )
        return {}
    from spo.reports.pdf import pdf  # reads the libraries as it is imported

    content = pdf(report)
    report.pdf.storage.delete(f"{connection.schema_name}/reports/{report.reference}.pdf")
    report.pdf.save(f"{report.reference}.pdf", ContentFile(content), save=False)
    return {"pdf": report.pdf.name, "digest": hashlib.sha256(content).hexdigest()}


def _show(report: Report, percent: int, **facts) -> None:
    Report.objects.filter(pk=report.pk, started_at=report.started_at).update(percent=percent, **facts)
    announce(f"report-{report.pk}")
