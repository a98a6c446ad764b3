"""What the rows of every territory have in common."""

from django.db import models
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """States that know the colour of their tag: `DRAFT = "draft", "grey", _("Draft")`. The words say the same."""

    colour: str

    def __new__(cls, value: str, colour: str = "green"):
        state = str.__new__(cls, value)
        state._value_ = value
        state.colour = colour
        return state


class Stateful(models.Model):
    """A row whose `status` is one of its `Status`."""

    Status: type[State]
    status: str

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        return self.Status(self.status)


class TerritoryRow(models.Model):
    """A row in a territory's schema.

    Keys are UUIDv7, unique across territories: with counters, a row loaded in one territory and
    saved in another would overwrite a stranger. They are names, not times: order by `created_at`.
    """

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        abstract = True


def public_key(to: str, **options) -> models.ForeignKey:
    """A key from a territory to the public schema: the database protects it, Django doesn't collect.

    Django's collector runs in the public schema, where the tables of territories can't be seen.
    """
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name="+", **options)
