"""The Social Purchase Order: HOW a supplier will support providers, and WHERE."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from spo.orders.promised import Promised
from spo.tenders.models import Tender
from territories.pages.numbers import number, pounds
from territories.rows import State, Stateful, TerritoryRow, public_key
from territories.signatories import Signed


class Order(TerritoryRow):
    """A supplier's Social Purchase Order (SPO)."""

    personal = ()
    free_text = ("title", "approach")
    # Whose it is and its reference never change; a draft's lines come and go (Commitment).
    changing = ("title", "approach", "status", "version", "tender")

    class Status(State):
        DRAFT = "draft", "grey", _("Draft")
        OFFERED = "offered", "blue", _("With the providers")
        AGREED = "agreed", "green", _("Agreed by the providers")
        SEALED = "sealed", "purple", _("Sealed in a bid")
        LOCKED = "locked", "green", _("Locked into a contract")
        VOID = "void", "grey", _("Void")

    reference = models.CharField(max_length=16, unique=True)
    supplier = public_key("territories.Organisation")
    title = models.CharField(_("title"), max_length=120)
    approach = models.TextField(_("approach"), max_length=4000)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # That it is written for; none at first.
    tender = models.ForeignKey(
        Tender, on_delete=models.PROTECT, null=True, related_name="orders", verbose_name=_("tender")
    )

    # Not with a tender yet, or no more than written for one.
    BEFORE_BID = (Status.DRAFT, Status.OFFERED, Status.AGREED)

    class Meta:
        indexes = (models.Index(fields=["supplier", "-created_at"], name="orders_of_supplier"),)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])

    parts_shown: ClassVar[dict] = {}

    @property
    def tender_reference(self) -> str:
        return self.tender.reference if self.tender else ""

    @property
    def buyer_name(self) -> str:
        return self.tender.buyer.name if self.tender else ""

    @property
    def state(self) -> Status:
        """The `stage` that its reader may know, of which `orders_seen_by` tells."""
        return self.Status(self.stage)  # type: ignore[attr-defined]

    def as_shown(self) -> dict:
        """What its supplier has read before offering, taking back or submitting it."""
        lines = self.commitments.select_related("activity__provider__organisation", "support_type")
        return {
            "title": self.title,
            "approach": self.approach,
            "status": self.status,
            "tender": self.tender_reference,
            "lines": {str(line.number): line.terms() | {"status": line.status} for line in lines},
        }


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def whole(self) -> "CommitmentQuerySet":
        """With what `as_shown` reads, in their order."""
        return self.select_related(
            "order__supplier", "order__tender__buyer", "activity__provider__organisation", "support_type"
        ).order_by("number")


class Commitment(TerritoryRow, Promised, Stateful):
    """One line of an order."""

    personal = ()
    free_text = ("activity_title", "how")
    allowed = ("SELECT", "INSERT", "DELETE")
    # All that it promises but its number, and how it stands.
    changing = (*Promised.FACTS[1:], "activity", "support_type", "status", "version")
    names_shown: ClassVar = {
        "supplier": _("supplier"),
        "buyer": _("buyer"),
        "tender": _("tender"),
        "provider": _("provider"),
        "activity": _("activity"),
        "support": _("kind of support"),
        "unit": _("unit"),
        "approach": _("approach"),
    }

    class Status(State):
        PROPOSED = "proposed", "blue", _("Waiting for the provider")
        AGREED = "agreed", "green", _("Agreed")
        RETURNED = "returned", "orange", _("Returned for changes")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="commitments")
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("order", "number")
        constraints = (
            models.UniqueConstraint(fields=["order", "number"], name="commitment_number_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="commitment_is_positive"),
            models.CheckConstraint(condition=models.Q(donor_cost__gte=0), name="donor_cost_not_negative"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="commitment_ends_after_start"
            ),
        )

    def get_absolute_url(self) -> str:
        """It is read with its order."""
        return reverse("order", args=[self.order_id])

    @property
    def provider_name(self) -> str:
        return self.activity.provider.organisation.name

    @property
    def said(self) -> "list[Answer]":
        """What its provider answered, the last first; that one `stands` unless the line is proposed anew."""
        found = list(reversed(self.answers.all()))
        for answer in found:
            answer.stands = answer is found[0] and self.status != self.Status.PROPOSED
        return found

    def as_shown(self) -> dict:
        """What its provider reads and agrees to: the line, how the supplier works, for which buyer and tender.

        The order's title is outside, so that a name can be mended.
        """
        order = self.order
        return self.terms() | {
            "approach": order.approach,
            "supplier": order.supplier.name,
            "buyer": order.buyer_name,
            "tender": order.tender_reference,
        }


class Answer(TerritoryRow, Signed):
    """What a provider said to a line, with the line as it was then: one after another, never changed."""

    personal = ("user", "person")
    free_text = ("body", "note")
    insert_only = True

    class Verb(models.TextChoices):
        AGREE = "agree", _("Agreed")
        RETURN = "return", _("Returned for changes")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="answers")
    # A line may be taken out of a draft; what was said to it stays.
    line = models.ForeignKey(
        Commitment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="answers"
    )
    line_number = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="the first, second … answer to this line")
    verb = models.CharField(max_length=10, choices=Verb)
    note = models.CharField(_("what should change"), max_length=500, blank=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    user = public_key("territories.User")
    answered_at = models.DateTimeField()
    # Whether it is in force, where it was read so (Commitment.said).
    stands: bool

    class Meta:
        ordering = ("line_number", "number")
        constraints = (models.UniqueConstraint(fields=["line", "number"], name="answer_number_once"),)

    def __str__(self) -> str:
        return f"{self.line_number}: {self.get_verb_display()}"

    @property
    def what(self) -> str:
        """How much of what, and for how many pounds, the line said when it was answered."""
        facts = self.body
        much = f"{number(Decimal(facts['quantity']))} {facts['unit']}, {facts['support']}"
        return f"{much}, {pounds(Decimal(facts['donor_cost']))}"


# The order stands above its lines in this file, so it learns here of what kind they are.
Order.parts_shown["lines"] = (Commitment, _("Line %s"))
