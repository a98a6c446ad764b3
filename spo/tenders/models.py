"""A tender, the orders submitted in it, how they were scored, and which was awarded."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spo.orders.models import Order
from territories.rows import TerritoryRow, public_key


class Tender(TerritoryRow):
    """A buyer's competition, as far as its social value criteria go."""

    personal = ()
    free_text = ("title", "scope")

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

    @property
    def takes_bids(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() < self.closes_at


class Criterion(TerritoryRow):
    """A weighted sub-criterion of HOW or WHERE; the weights of a tender's criteria add up to 100."""

    personal = ()
    free_text = ("title", "guidance")

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


class PanelMember(TerritoryRow):
    """Someone who scores, once they have declared their interests."""

    personal = ("user",)
    free_text = ("declaration",)

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="panel")
    user = public_key("territories.User")
    organisation = public_key("territories.Organisation")
    declared_at = models.DateTimeField(null=True)
    conflict = models.BooleanField(null=True)
    declaration = models.TextField(_("declaration"), max_length=1000, blank=True)

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["tender", "user"], name="on_the_panel_once"),
            models.CheckConstraint(
                condition=models.Q(declared_at=None, conflict=None)
                | models.Q(declared_at__isnull=False, conflict__isnull=False),
                name="declaration_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)

    @property
    def may_score(self) -> bool:
        return self.conflict is False


class Bid(TerritoryRow):
    """An order, sealed into a tender."""

    personal = ("submitted_by",)

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="bid")
    supplier = public_key("territories.Organisation")
    submitted_by = public_key("territories.User")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ("submitted_at",)
        constraints = (models.UniqueConstraint(fields=["tender", "supplier"], name="one_bid_per_supplier"),)

    def __str__(self) -> str:
        return f"{self.order.reference}, {self.supplier}"


class Score(TerritoryRow):
    """One evaluator's grade for one criterion of one bid, with the reason for it."""

    personal = ("evaluator",)
    free_text = ("rationale",)

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    evaluator = public_key("territories.User")
    grade = models.PositiveSmallIntegerField(_("grade"))
    rationale = models.TextField(_("rationale"), max_length=3000)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["bid", "criterion", "evaluator"], name="one_score"),)

    def __str__(self) -> str:
        return f"{self.grade} for {self.criterion}"


class Consensus(TerritoryRow):
    """What the panel agreed in moderation, in its own words; the individual scores stay beside it."""

    personal = ("chair",)
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


class Award(TerritoryRow):
    """The decision: one per tender, never changed."""

    personal = ("decided_by",)
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
