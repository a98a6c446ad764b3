"""The Social Purchase Order: HOW a supplier will support providers, and WHERE."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Placed
from territories.charts import number
from territories.rows import TerritoryRow, public_key


class Order(TerritoryRow):
    """A supplier's Social Purchase Order (SPO)."""

    personal = ()
    free_text = ("title", "approach")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OFFERED = "offered", _("With the providers")
        AGREED = "agreed", _("Agreed by the providers")
        SEALED = "sealed", _("Sealed in a bid")
        LOCKED = "locked", _("Locked into a contract")
        VOID = "void", _("Void")

    reference = models.CharField(max_length=16, unique=True)
    supplier = public_key("territories.Organisation")
    title = models.CharField(_("title"), max_length=120)
    approach = models.TextField(_("approach"), max_length=4000)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["supplier", "-created_at"], name="orders_of_supplier"),)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Commitment(TerritoryRow, Placed):
    """One line of an order: so much of one support, to one activity, in one place, by a day."""

    personal = ("decided_by",)
    free_text = ("activity_title", "how", "decision_note")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for the provider")
        AGREED = "agreed", _("Agreed")
        RETURNED = "returned", _("Returned for changes")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="commitments")
    number = models.PositiveSmallIntegerField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="commitments")
    activity_title = models.CharField(max_length=120, help_text="as it was when the line was written")
    support_type = public_key("territories.SupportType")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    donor_cost = models.DecimalField(_("cost to the donor"), max_digits=12, decimal_places=2)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    how = models.TextField(_("how it is given"), max_length=1500)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    decided_by = public_key("territories.User", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("order", "number")
        constraints = (
            models.UniqueConstraint(fields=["order", "number"], name="commitment_number_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="commitment_is_positive"),
            models.CheckConstraint(condition=models.Q(donor_cost__gte=0), name="donor_cost_not_negative"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="commitment_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(status="proposed", decided_by=None, decided_at=None)
                | ~models.Q(status="proposed") & models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decision_has_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{number(self.quantity)} {self.support_type.unit_name}, {self.support_type}"
