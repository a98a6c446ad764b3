"""Shape: what was delivered goes back to those who shape the territory, as page, CSV and PDF."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.reports import actions, queries
from spo.reports.forms import ReportForm
from spo.reports.models import Report
from spo.reports.presentation import csv_header, csv_rows, presented
from territories.access import everyone, member
from territories.forms import accepted, form_page
from territories.pages.lists import page_of
from territories.papers.files import download
from territories.papers.sheets import as_csv
from territories.stream import listen


@everyone
def reports(request):
    rows = queries.reports_seen_by(request.member)
    context = {"page": page_of(request, rows), "may_order": _orders(request)}
    return render(request, "reports/reports.html", context)


@member("manager", "lead")
def report_new(request):
    form = ReportForm(request.POST or None)
    if request.POST and (
        row := accepted(form, lambda: actions.order_report(**form.cleaned_data, by=request.member))
    ):
        return redirect("report", row.pk)
    return form_page(
        request,
        form,
        _("Make an ESG report"),
        _("Make the report"),
        back="reports",
        intro=_(
            "Every delivery of the period, with who confirmed it. You can leave the page while it is made."
        ),
    )


@everyone
def report(request, pk):
    row = seen(request, pk)
    context = {"report": row, "may_order": _orders(request)}
    if row.is_ready:
        context |= presented(row)
    return render(request, "reports/report.html", context)


@member("manager", "lead")
def report_making(request, pk):
    """How far the making of a report is, for its page."""
    return render(request, "reports/_making.html", {"report": seen(request, pk), "may_order": True})


@member("manager", "lead")
def report_live(request, pk):
    seen(request, pk)
    return listen(request, f"report-{pk}")


@member("manager", "lead")
@require_POST
def report_again(request, pk):
    actions.order_again(seen(request, pk), by=request.member)
    return redirect("report", pk)


@everyone
def report_pdf(request, pk):
    row = ready(request, pk)
    paper = getattr(row, "paper", None)
    if paper is None:
        raise Http404
    return download(paper.path, paper.digest, name=f"{row.reference}.pdf", kind="application/pdf")


@everyone
def report_csv(request, pk):
    row = ready(request, pk)
    return as_csv(row.reference, csv_header(), csv_rows(row))


def seen(request, pk) -> Report:
    """The report as this reader may see it, or 404."""
    return get_object_or_404(queries.reports_seen_by(request.member), pk=pk)


def ready(request, pk) -> Report:
    """The report once it can be read, or 404."""
    return get_object_or_404(
        queries.reports_seen_by(request.member).filter(status=Report.Status.READY), pk=pk
    )


def _orders(request) -> bool:
    return bool(request.member and request.member.role in {"manager", "lead"})
