"""What a buyer asks for: a tender with its criteria, and what whoever steers it declared about their interests.

What was published or declared is a row that nobody can change, and everything later reads it.
"""

from functools import cached_property
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territories.models import Membership
from territories.published import Published
from territories.rows import State, Stateful, TerritoryRow, public_key
from territories.signatories import Signed


class Tender(TerritoryRow, Stateful):
    """A buyer's competition, as far as its social value criteria go."""

    personal = ()
    free_text = ("title", "scope")
    # What an act writes later: whose it is and its reference never change.
    changing = (
        "title",
        "scope",
        "notice",
        "weight",
        "top_grade",
        "closes_at",
        "status",
        "version",
        "panel_size",
    )

    class Status(State):
        DRAFT = "draft", "grey", _("Draft")
        OPEN = "open", "blue", _("Open for bids")
        SCORING = "scoring", "purple", _("Individual scoring")
        MODERATION = "moderation", "purple", _("Moderation")
        AWARDED = "awarded", "green", _("Awarded")

    reference = models.CharField(max_length=16, unique=True)
    buyer = public_key("territories.Organisation")
    title = models.CharField(_("title"), max_length=160)
    scope = models.TextField(_("what is bought"), max_length=4000)
    notice = models.CharField(_("tender notice"), max_length=40, blank=True)
    weight = models.DecimalField(
        _("weight of social value"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="percent of the total award criteria",
    )
    top_grade = models.PositiveSmallIntegerField(_("highest grade"), default=5)
    closes_at = models.DateTimeField(_("closes"))
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # Written down by the acts that change the panel, which stands above.
    panel_size = models.PositiveSmallIntegerField(default=0)

    # Panel and criteria while it can be prepared.
    BEFORE_SCORING = (Status.DRAFT, Status.OPEN)
    # The panel may still change.
    BEFORE_MODERATION = (Status.DRAFT, Status.OPEN, Status.SCORING)
    # Buyer and panel are busy with it; what they do is theirs.
    AT_WORK = (Status.OPEN, Status.SCORING, Status.MODERATION)
    # Somebody chairs it.
    CHAIRED = (Status.SCORING, Status.MODERATION)
    # Who bids is known to buyer and panel.
    UNSEALED = (Status.SCORING, Status.MODERATION, Status.AWARDED)
    # Individual scores are known to them too.
    DISCLOSED = (Status.MODERATION, Status.AWARDED)
    parts_shown: ClassVar[dict] = {}
    # Its criteria as published, where it was read so (published.py).
    asked: "list[Criterion]"

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=100), name="weight_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(top_grade__gte=1, top_grade__lte=10), name="scale_is_short"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("tender", args=[self.pk])

    @cached_property
    def said(self) -> "dict[int, Declaration | None]":
        """What people declared last, by their id, as far as it was asked (interests.py)."""
        return {}

    @cached_property
    def published(self) -> "TenderVersion | None":
        """Its last version; None before it opens."""
        return self.versions.last()

    def is_run_by(self, member: Membership | None) -> bool:
        """The buyer's own people run its tenders."""
        if member is None or member.role != Membership.Role.BUYER:
            return False
        return self.buyer_id == member.participation.organisation_id

    @property
    def takes_bids(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() < self.closes_at

    def as_shown(self) -> dict:
        """What its buyer has read before taking it to its next step."""
        facts = {"title": self.title, "scope": self.scope, "notice": self.notice}
        criteria = self.asked if hasattr(self, "asked") else self.criteria.all()
        return facts | {
            "weight": f"{self.weight:.2f}",
            "top_grade": self.top_grade,
            "closes_at": self.closes_at.isoformat(),
            "status": self.status,
            "criteria": {one.key: one.as_shown() for one in criteria},
        }


class TenderVersion(Published):
    """What was published: criteria, weights, scale. Bids are scored by this, whatever the draft's rows say later."""

    personal = ("published_by", "person")
    free_text = ("body",)

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["tender", "number"], name="tender_version_once"),)

    def __str__(self) -> str:
        return f"{self.tender}, {self.number}"


class Criterion(TerritoryRow):
    """A weighted sub-criterion of HOW or WHERE; the weights of a tender's criteria add up to 100."""

    personal = ()
    free_text = ("title", "guidance")
    allowed = ("SELECT", "INSERT", "DELETE")

    class Dimension(models.TextChoices):
        HOW = "how", _("HOW")
        WHERE = "where", _("WHERE")

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="criteria")
    dimension = models.CharField(_("dimension"), max_length=5, choices=Dimension)
    title = models.CharField(_("criterion"), max_length=120)
    guidance = models.TextField(_("what earns a high grade"), max_length=1500)
    weight = models.DecimalField(_("weight in percent"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ("dimension", "created_at")
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(fields=["tender", "dimension", "title"], name="criterion_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=100), name="criterion_weight_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.title}"

    @property
    def key(self) -> str:
        """Its name among the tender's criteria, in whatever language."""
        return f"{self.dimension.upper()}: {self.title}"

    def as_shown(self) -> dict:
        """What its buyer has read before removing it, or publishing it."""
        facts = {"dimension": self.dimension, "title": self.title, "guidance": self.guidance}
        return facts | {"weight": f"{self.weight:.2f}"}


Tender.parts_shown["criteria"] = (Criterion, "%s")


class Declaration(TerritoryRow, Signed):
    """What somebody who scores, chairs or awards declared about their interests, and when; later ones stand beside it."""

    personal = ("user", "person")
    free_text = ("words",)
    insert_only = True

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="declarations")
    user = public_key("territories.User")
    number = models.PositiveSmallIntegerField()
    conflict = models.BooleanField(_("conflict of interest"))
    words = models.TextField(_("declaration"), max_length=1000, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("declared_at",)
        constraints = (
            models.UniqueConstraint(fields=["tender", "user", "number"], name="declaration_number_once"),
        )

    def __str__(self) -> str:
        return self.signatory
