"""What was given: claimed by the supplier, confirmed by the provider, never the other way round.

A claim stays as it was made. What is said to it, how it stands and what counts of it, is a ledger of decisions that nobody
can change.
"""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from spo.contracts.models import Contract, Term
from territories.rows import State, TerritoryRow, public_key
from territories.signatories import Signed
from territories.tenancy import connection


def evidence_path(delivery: "Delivery", filename: str) -> str:
    """A territory's own folder; the name is the delivery's, not what the uploader called it."""
    return f"{connection.schema_name}/evidence/{delivery.evidence_key}{delivery.evidence_suffix}"


class Delivery(TerritoryRow, Signed):
    """One delivery against a term of a contract, as its supplier claimed it.

    How it stands is `state`, by the ledger; `status` is a copy of that for lists to filter by.
    """

    personal = ("claimed_by", "person")
    free_text = ("note", "evidence")
    changing = ("status",)

    class Status(State):
        CLAIMED = "claimed", "yellow", _("Claimed by the supplier")
        CONFIRMED = "confirmed", "green", _("Confirmed by the provider")
        DISPUTED = "disputed", "red", _("Disputed by the provider")
        WITHDRAWN = "withdrawn", "grey", _("Withdrawn by the supplier")

    reference = models.CharField(max_length=16, unique=True)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="deliveries")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    donor_cost = models.DecimalField(_("cost to the donor"), max_digits=12, decimal_places=2)
    delivered_on = models.DateField(_("day of delivery"))
    note = models.TextField(_("what was delivered"), max_length=1500)
    evidence = models.FileField(_("evidence"), upload_to=evidence_path, max_length=200)
    evidence_key = models.CharField(max_length=40, unique=True)
    evidence_suffix = models.CharField(max_length=5)
    evidence_digest = models.CharField(_("digest of the evidence"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CLAIMED)
    claimed_by = public_key("territories.User")
    claimed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = (models.Index(fields=["term", "status"], name="delivery_of_term"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivery_is_positive"),
            models.CheckConstraint(condition=models.Q(donor_cost__gte=0), name="delivery_cost_not_negative"),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """It is read with its contract."""
        return reverse("contract", args=[self.term.contract_id])

    parts_shown: ClassVar[dict] = {}

    def as_shown(self) -> dict:
        """What one who decides on it has read."""
        return {
            "quantity": f"{self.quantity:.2f}",
            "donor_cost": f"{self.donor_cost:.2f}",
            "delivered_on": self.delivered_on.isoformat(),
            "note": self.note,
            "evidence_digest": self.evidence_digest,
            "status": self.state,
            "decisions": {str(row.number): row.as_shown() for row in self.decisions.all()},
        }

    @property
    def state(self) -> Status:
        """How it stands by the last entry of the ledger."""
        entries = list(self.decisions.all())
        return Decision.LEADS_TO[entries[-1].verb] if entries else self.Status.CLAIMED

    @property
    def confirmed(self) -> Decimal:
        """How much of it counts: what was confirmed, and corrected since; in the unit of its term."""
        return sum((row.quantity for row in self.decisions.all()), Decimal(0))

    @property
    def confirmed_cost(self) -> Decimal:
        """The same in pounds."""
        return sum((row.donor_cost for row in self.decisions.all()), Decimal(0))


class Decision(TerritoryRow, Signed):
    """An entry of the ledger: what was said to a claim, by whom, and how much of it counts from then on.

    `quantity` and `donor_cost` add up: a correction is an entry of its own, with a sign; disputes and withdrawals count nothing.
    """

    personal = ("decided_by", "person")
    free_text = ("words",)
    insert_only = True

    class Verb(models.TextChoices):
        CONFIRM = "confirm", _("Confirmed")
        DISPUTE = "dispute", _("Disputed")
        CORRECT = "correct", _("Corrected")
        WITHDRAW = "withdraw", _("Withdrawn")

    LEADS_TO: ClassVar[dict[str, Delivery.Status]] = {
        Verb.CONFIRM.value: Delivery.Status.CONFIRMED,
        Verb.DISPUTE.value: Delivery.Status.DISPUTED,
        Verb.CORRECT.value: Delivery.Status.CONFIRMED,
        Verb.WITHDRAW.value: Delivery.Status.WITHDRAWN,
    }

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    verb = models.CharField(_("decision"), max_length=10, choices=Verb)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2, default=0)
    donor_cost = models.DecimalField(_("cost to the donor"), max_digits=12, decimal_places=2, default=0)
    words = models.TextField(_("in words"), max_length=1000, blank=True)
    decided_by = public_key("territories.User")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["delivery", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=models.Q(verb="confirm", quantity__gt=0, donor_cost__gte=0)
                | models.Q(verb="correct") & ~models.Q(words="")
                | models.Q(verb__in=("dispute", "withdraw"), quantity=0, donor_cost=0),
                name="decision_counts_what_its_verb_says",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.signatory}"

    @property
    def adds(self) -> bool:
        """Whether it corrects upwards."""
        return self.verb == self.Verb.CORRECT and self.quantity > 0

    def as_shown(self) -> dict:
        counted = {"quantity": f"{self.quantity:.2f}", "donor_cost": f"{self.donor_cost:.2f}"}
        return {"verb": self.verb, "words": self.words} | counted


Delivery.parts_shown["decisions"] = (Decision, _("Entry %s"))


class Progress(TerritoryRow):
    """A contract's progress as last recomputed; due again as soon as a delivery of it changes."""

    personal = ()

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="progress")
    due_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    promised = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    confirmed = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    claimed = models.DecimalField(max_digits=20, decimal_places=2, default=0)

    class Meta:
        verbose_name_plural = "progress"
        indexes = (
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="progress_due"),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"
