"""A tender, the orders submitted in it, how they were scored, and which was awarded.

What was published, sealed, scored, agreed or awarded is a row that nobody can change, and everything later reads it.
"""

from functools import cached_property
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.orders.models import Order
from territories.models import Membership
from territories.rows import TerritoryRow, public_key
from territories.signatories import Signed


class Seats(models.QuerySet["PanelMember"]):
    """Seats on panels. Their columns are states; dismissals and declarations are rows that stay, and have the last word."""

    def held(self) -> "Seats":
        """Those that nobody was taken off."""
        return self.filter(ended_at=None, dismissal=None)

    def free(self) -> "Seats":
        """Those whose holder could score: no conflict was declared, by now."""
        return self.held().exclude(conflict=True).exclude(_declared(conflict=True))

    def scoring(self) -> "Seats":
        """Those whose holder declared that there is no conflict."""
        return self.free().filter(_declared(), conflict=False)


def _declared(**facts) -> models.Exists:
    """Whether the holder of a seat ever declared so: a conflict stands, whatever comes later."""
    theirs = {"tender": models.OuterRef("tender_id"), "user": models.OuterRef("user_id")}
    return models.Exists(Declaration.objects.filter(**theirs, **facts))


class Scores(models.QuerySet["Score"]):
    """Every score that was ever given."""

    def current(self) -> "Scores":
        """Of each evaluator's grades for a criterion of a bid the last; earlier ones are history."""
        same = {name: models.OuterRef(name) for name in ("bid", "criterion", "seat")}
        later = Score.objects.filter(**same, number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later))

    def counted(self) -> "Scores":
        """The last ones of everyone who may score; those of others are set aside."""
        return self.current().filter(seat__in=PanelMember.objects.scoring())


class Tender(TerritoryRow):
    """A buyer's competition, as far as its social value criteria go."""

    personal = ()
    free_text = ("title", "scope")
    # What an act writes later: whose it is and its reference never change.
    changing = ("title", "scope", "notice", "weight", "top_grade", "closes_at", "status", "version")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open for bids")
        SCORING = "scoring", _("Individual scoring")
        MODERATION = "moderation", _("Moderation")
        AWARDED = "awarded", _("Awarded")

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

    # Panel and criteria while it can be prepared.
    BEFORE_SCORING = (Status.DRAFT, Status.OPEN)
    # The panel may still change.
    BEFORE_MODERATION = (Status.DRAFT, Status.OPEN, Status.SCORING)
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


class TenderVersion(TerritoryRow, Signed):
    """What was published: criteria, weights, scale. Bids are scored by this, whatever the draft's rows say later."""

    personal = ("published_by", "person")
    free_text = ("body",)
    insert_only = True

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    published_by = public_key("territories.User")
    published_at = models.DateTimeField()

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


class PanelMember(TerritoryRow, Signed):
    """A seat on the panel: someone who scores, once they have declared their interests and while it is theirs.

    Of a seat that has ended, or whose holder declared a conflict, the scores are set aside: kept, never counted.
    """

    personal = ("user", "person")
    changing = ("declared_at", "conflict", "ended_at")

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="panel")
    user = public_key("territories.User")
    organisation = public_key("territories.Organisation")
    declared_at = models.DateTimeField(null=True)
    conflict = models.BooleanField(_("conflict of interest"), null=True)
    ended_at = models.DateTimeField(_("taken off the panel"), null=True)

    objects = models.Manager.from_queryset(Seats)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["tender", "user"], condition=models.Q(ended_at=None), name="on_the_panel_once"
            ),
            models.CheckConstraint(
                condition=models.Q(declared_at=None, conflict=None)
                | models.Q(declared_at__isnull=False, conflict__isnull=False),
                name="declaration_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.person

    def get_absolute_url(self) -> str:
        """It is read with its tender."""
        return reverse("tender", args=[self.tender_id])

    @property
    def may_score(self) -> bool:
        return self.conflict is False and self.ended_at is None

    def as_shown(self) -> dict:
        """What the buyer has read before taking someone off the panel."""
        return {"person": self.person, "on_behalf_of": self.on_behalf_of, "conflict": self.conflict}


class Dismissal(TerritoryRow, Signed):
    """That somebody was taken off the panel: who did it, and when."""

    personal = ("dismissed_by", "person")
    insert_only = True

    seat = models.OneToOneField(PanelMember, on_delete=models.PROTECT, related_name="dismissal")
    dismissed_by = public_key("territories.User")
    dismissed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.signatory


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


class Bid(TerritoryRow, Signed):
    """An order, sealed into a tender: a copy with its digest, which everything later reads."""

    personal = ("submitted_by", "person")
    free_text = ("body",)
    insert_only = True

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="bid")
    supplier = public_key("territories.Organisation")
    submitted_by = public_key("territories.User")
    submitted_at = models.DateTimeField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("submitted_at",)
        constraints = (models.UniqueConstraint(fields=["tender", "supplier"], name="one_bid_per_supplier"),)

    def __str__(self) -> str:
        return f"{self.body['order']}, {self.body['supplier']}"


class Score(TerritoryRow):
    """One evaluator's grade for one criterion of one bid, with the reason for it: the first, second … that they gave."""

    personal = ("evaluator",)
    free_text = ("rationale",)
    insert_only = True

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    seat = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="scores")
    evaluator = public_key("territories.User")
    number = models.PositiveIntegerField()
    grade = models.PositiveSmallIntegerField(_("grade"))
    rationale = models.TextField(_("rationale"), max_length=3000)
    scored_at = models.DateTimeField()

    objects = models.Manager.from_queryset(Scores)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["bid", "criterion", "seat", "number"], name="score_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.grade} for {self.criterion}"


class Consensus(TerritoryRow, Signed):
    """What the panel agreed in moderation, in its own words; the individual scores stay beside it."""

    personal = ("chair", "person")
    free_text = ("rationale",)
    insert_only = True

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="consensus")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="consensus")
    grade = models.PositiveSmallIntegerField(_("agreed grade"))
    rationale = models.TextField(_("rationale"), max_length=3000)
    chair = public_key("territories.User")
    agreed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "consensus"
        constraints = (models.UniqueConstraint(fields=["bid", "criterion"], name="one_consensus"),)

    def __str__(self) -> str:
        return f"{self.grade} for {self.criterion}"


class Award(TerritoryRow, Signed):
    """The decision: one per tender, never changed."""

    personal = ("decided_by", "person")
    free_text = ("reason",)
    insert_only = True

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="award")
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="award")
    reason = models.TextField(_("reason"), max_length=3000)
    standstill_until = models.DateField(_("last day of the standstill"), null=True)
    decided_by = public_key("territories.User")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.bid)

    def as_shown(self) -> dict:
        """What the buyer has read before locking the order in."""
        facts = {"bid": str(self.bid), "digest": self.bid.digest, "reason": self.reason}
        return facts | {"standstill_until": self.standstill_until, "decided_by": self.signatory}
