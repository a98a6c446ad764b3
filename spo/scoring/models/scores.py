"""What evaluators gave, and what the panel agreed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from spo.scoring.models.bids import Bid
from spo.scoring.models.panel import PanelMember
from spo.tenders.models import Criterion
from territories.rows import TerritoryRow, public_key
from territories.signatories import Signed


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
