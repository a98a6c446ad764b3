"""What was decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from spo.scoring.models.bids import Bid
from spo.tenders.models import Tender
from territories.rows import TerritoryRow, public_key
from territories.signatories import Signed


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
