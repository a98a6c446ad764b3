"""Making a report: figures, page, PDF. Safe to run twice, or to die half way and be swept up."""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from spo.reports import letters
from spo.reports.figures import figures
from spo.reports.models import Frozen, Paper, Report
from territories.journal.chain import record
from territories.papers import pango
from territories.papers.digest import digest_of, plain
from territories.stream import announce
from territories.tasks import alone_at
from territories.tenancy import connection

Status = Report.Status
log = logging.getLogger(__name__)
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
            _failed(report)
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


def without_pdf():
    """Ready reports whose PDF could not be made on the machine that made them."""
    return Report.objects.filter(status=Status.READY, paper=None)


def add_pdf(report_id) -> bool:
    """Make the PDF that a ready report lacks, of its frozen figures; False where that is still impossible."""
    with alone_at(f"report-{report_id}") as alone:
        report = without_pdf().filter(pk=report_id).first() if alone else None
        if report is None or pango.missing():
            return False
        with translation.override(report.language):
            paper = _printed(report)
        with transaction.atomic(durable=True):
            return bool(paper and _kept(paper))


def _made(report: Report) -> None:
    report.figures = plain(figures(connection.tenant, report.starts_on, report.ends_on))
    _show(report, 40)
    paper = _printed(report)
    with transaction.atomic(durable=True):
        _show(report, 100, status=Status.READY, ready_at=timezone.now())
        frozen = Frozen.objects.create(report=report, body=report.figures, digest=digest_of(report.figures))
        record("finish", report, after={"digest": frozen.digest})
        letters.made(report)
        if paper:
            _kept(paper)


def _printed(report: Report) -> Paper | None:
    """The PDF, its file written and its row not yet; None where this machine can't make one."""
    if lacking := pango.missing():
        log.error(
            "No PDF of %s: missing here is %s. `make setup` says what to do.", report, ", ".join(lacking)
        )
        return None
    from spo.reports.pdf import pdf_of  # reads the libraries as it is imported

    content = pdf_of(report)
    paper = Paper(report=report, digest=hashlib.sha256(content).hexdigest())
    # What a maker that died left half written.
    default_storage.delete(paper.path)
    default_storage.save(paper.path, ContentFile(content))
    return paper


def _kept(paper: Paper) -> Paper:
    paper.save(force_insert=True)
    record("print", paper.report, after={"digest": paper.digest})
    return paper


def _mine(report: Report):
    """The row, as long as nobody has begun anew: a worker may lose its connection, and with it the report."""
    return Report.objects.filter(pk=report.pk, started_at=report.started_at, status=Status.RENDERING)


def _failed(report: Report) -> None:
    with transaction.atomic(durable=True):
        if _mine(report).update(status=Status.FAILED):
            letters.failed(report)
    announce(f"report-{report.pk}")


def _show(report: Report, percent: int, **facts) -> None:
    if not _mine(report).update(percent=percent, **facts):
        raise Superseded(report.reference)
    announce(f"report-{report.pk}")
