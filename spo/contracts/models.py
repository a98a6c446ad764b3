"""The winning order, locked: what was agreed is frozen, and signatures sign its digest."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Provider
from spo.orders.promised import Promised
from spo.scoring.models import Award
from territories.rows import State, Stateful, TerritoryRow, public_key
from territories.signatories import Signed


class Contract(TerritoryRow, Stateful):
    """A locked order between a buyer, a supplier and the providers. Only its status ever changes."""

    personal = ()
    free_text = ("title",)
    changing = ("status", "signed_at")

    class Status(State):
        SIGNING = "signing", "yellow", _("Waiting for signatures")
        ACTIVE = "active", "green", _("In delivery")

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=160)
    buyer = public_key("territories.Organisation")
    supplier = public_key("territories.Organisation")
    status = models.CharField(max_length=10, choices=Status, default=Status.SIGNING)
    locked_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status="signing", signed_at=None)
                | models.Q(status="active", signed_at__isnull=False),
                name="active_once_signed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        """Every party has signed it."""
        return self.status == self.Status.ACTIVE

    def as_shown(self) -> dict:
        """What a party has read before signing: the snapshot that the digest stands for."""
        return {"title": self.title, "digest": self.snapshot.digest}


class Term(TerritoryRow, Promised):
    """A commitment as it was locked in."""

    personal = ()
    free_text = ("activity_title", "how")
    insert_only = True

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="terms")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="terms")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["contract", "number"], name="term_number_once"),)

    @property
    def provider_name(self) -> str:
        return str(self.provider)


class Snapshot(TerritoryRow):
    """Everything that was agreed, as JSON, and its SHA-256 digest."""

    personal = ()
    free_text = ("body",)
    insert_only = True

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="snapshot")
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class Signature(TerritoryRow, Signed):
    """One party's signature under the digest of the snapshot."""

    personal = ("user", "person")
    insert_only = True

    class Party(models.TextChoices):
        BUYER = "buyer", _("Buyer")
        SUPPLIER = "supplier", _("Supplier")
        PROVIDER = "provider", _("Provider")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=Party)
    organisation = public_key("territories.Organisation")
    user = public_key("territories.User")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("signed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["contract", "party", "organisation"], name="each_party_signs_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_party_display()}"
