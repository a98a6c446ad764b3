"""Reports of a territory for a period: figures first, then the same figures as page, CSV and PDF."""

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from territories.rows import State, Stateful, TerritoryRow, public_key
from territories.tenancy import connection


class Report(TerritoryRow, Stateful):
    """An ESG report; its figures are frozen when it is made (`Frozen`), and so is its PDF (`Paper`)."""

    personal = ("ordered_by",)
    changing = ("status", "percent", "started_at", "attempts", "ready_at")

    class Status(State):
        ORDERED = "ordered", "blue", _("Waiting")
        RENDERING = "rendering", "blue", _("Being made")
        READY = "ready", "green", _("Ready")
        FAILED = "failed", "red", _("Failed")

    reference = models.CharField(max_length=16, unique=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    status = models.CharField(max_length=10, choices=Status, default=Status.ORDERED)
    percent = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=5, default="en-gb")
    ordered_by = public_key("territories.User")
    organisation = public_key("territories.Organisation")
    ordered_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["status", "-ordered_at"], name="report_list"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="report_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="ready") | models.Q(ready_at__isnull=False),
                name="ready_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY

    @property
    def has_failed(self) -> bool:
        return self.status == self.Status.FAILED

    @cached_property
    def figures(self) -> dict:
        """What page, CSV and PDF are made of: the frozen ones; while it is made, those that its maker has set."""
        return self.frozen.body


class Frozen(TerritoryRow):
    """The figures of a report as they were when it was made, with their digest: never changed."""

    personal = ()
    insert_only = True

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="frozen")
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class Paper(TerritoryRow):
    """The PDF of a report, made with it or later: its digest, from which follows where it is kept."""

    personal = ()
    insert_only = True

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="paper")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest

    @property
    def path(self) -> str:
        """In the territory's own folder of reports, whatever else is stored. Another maker's file has another name."""
        return f"{connection.schema_name}/reports/{self.report.reference}-{self.digest[:12]}.pdf"
