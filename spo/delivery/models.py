"""What was given: claimed by the supplier, confirmed by the provider, never the other way round."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from spo.contracts.models import Contract, Term
from territories.rows import TerritoryRow, public_key
from territories.tenancy import connection


def evidence_path(delivery: "Delivery", filename: str) -> str:
    """A territory's own folder; the name is the delivery's, not what the uploader called it."""
    return f"{connection.schema_name}/evidence/{delivery.evidence_key}{delivery.evidence_suffix}"


class Delivery(TerritoryRow):
    """One delivery against a term of a contract."""

    personal = ("claimed_by", "decided_by")
    free_text = ("note", "evidence", "dispute")

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("Claimed by the supplier")
        CONFIRMED = "confirmed", _("Confirmed by the provider")
        DISPUTED = "disputed", _("Disputed by the provider")

    reference = models.CharField(max_length=16, unique=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="deliveries")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    donor_cost = models.DecimalField(_("cost to the donor"), max_digits=12, decimal_places=2)
    delivered_on = models.DateField(_("day of delivery"))
    note = models.TextField(_("what was delivered"), max_length=1500)
    evidence = models.FileField(_("evidence"), upload_to=evidence_path, max_length=200)
    evidence_key = models.CharField(max_length=40, unique=True)
    evidence_suffix = models.CharField(max_length=5)
    evidence_digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.CLAIMED)
    claimed_by = public_key("territories.User")
    claimed_at = models.DateTimeField()
    decided_by = public_key("territories.User", null=True)
    decided_at = models.DateTimeField(null=True)
    dispute = models.CharField(_("what is wrong"), max_length=1000, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = (models.Index(fields=["term", "status"], name="delivery_of_term"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivery_is_positive"),
            models.CheckConstraint(condition=models.Q(donor_cost__gte=0), name="delivery_cost_not_negative"),
            models.CheckConstraint(
                condition=models.Q(status="claimed", decided_by=None, decided_at=None)
                | ~models.Q(status="claimed") & models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="delivery_decision_has_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Progress(TerritoryRow):
    """A contract's progress as last recomputed; due again as soon as a delivery of it changes."""

    personal = ()

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="progress")
    due_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    promised = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    confirmed = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    claimed = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name_plural = "progress"
        indexes = (
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="progress_due"),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"
