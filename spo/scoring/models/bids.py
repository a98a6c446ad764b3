"""What is scored: an order, sealed into a tender."""

from django.db import models

from spo.orders.models import Order
from spo.tenders.models import Tender
from territories.rows import TerritoryRow, public_key
from territories.signatories import Signed


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
