"""Whoever signs, decides, awards or chairs is written into the row: closing an account takes nothing out of it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territories.models import Membership


class Signed(models.Model):
    """Who did it, in which office, for which organisation: as they were called then."""

    person = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office"), max_length=12, choices=Membership.Role)
    on_behalf_of = models.CharField(_("organisation"), max_length=160)

    class Meta:
        abstract = True

    @property
    def signatory(self) -> str:
        """Name, office, organisation."""
        return f"{self.person}, {self.get_office_display()}, {self.on_behalf_of}"


def signatory(by: Membership) -> dict[str, str]:
    """The facts of `Signed` for a part, as it now stands."""
    return {"person": str(by.user), "office": by.role, "on_behalf_of": by.organisation.name}


def signed(by: Membership) -> dict[str, str]:
    """The same for a body of JSON, with when."""
    return signatory(by) | {"at": timezone.now().isoformat()}
