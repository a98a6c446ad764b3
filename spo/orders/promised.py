"""What a line promises: so much of one support, to one activity, in one place, from one day to another."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Activity, Placed
from territories.pages.numbers import number
from territories.rows import public_key


class Promised(Placed):
    """The facts of a line, the same in an order as in the contract that comes of it."""

    # What every copy of a line carries over, besides whose it is.
    FACTS: ClassVar = (
        *("number", "activity_title", "quantity", "donor_cost", "starts_on", "ends_on", "how"),
        *("postcode", "district_code", "district"),
    )

    number = models.PositiveSmallIntegerField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="%(class)ss")
    activity_title = models.CharField(max_length=120, help_text="as it was when the line was written")
    support_type = public_key("territories.SupportType")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    donor_cost = models.DecimalField(_("cost to the donor"), max_digits=12, decimal_places=2)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    how = models.TextField(_("how it is given"), max_length=1500)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{number(self.quantity)} {self.support_type.unit_name}, {self.support_type}"

    @property
    def provider_name(self) -> str:
        """Of whoever runs the activity."""
        raise NotImplementedError

    def terms(self) -> dict:
        """The line by itself, in words and numbers that need no other table to be read."""
        return {
            "activity": self.activity_title,
            "provider": self.provider_name,
            "support": self.support_type.name,
            "unit": self.support_type.unit,
            "quantity": f"{self.quantity:.2f}",
            "donor_cost": f"{self.donor_cost:.2f}",
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "how": self.how,
            "district": self.district,
            "postcode": self.postcode,
        }
