"""Who scores: seats on the panel of a tender, and how somebody was taken off one."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from spo.tenders.models import Declaration, Tender
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
