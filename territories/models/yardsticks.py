"""What everything is measured in: our own catalogue of support, open for anyone to reuse."""

from django.db import models
from django.utils.translation import get_language

from territories.pages.plain import plain_line, plain_name


class SupportType(models.Model):
    """A way in which a supplier can support a provider (the HOW), with its unit and its evidence.

    Value is what the support costs the supplier to give, never a proxy for its outcome.
    """

    personal = ()
    # A code and a unit are part of what was agreed and signed: whoever wants another adds another kind.
    changing = ("name", "name_cy", "evidence", "evidence_cy", "position")

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80, validators=[plain_name])
    name_cy = models.CharField(max_length=80, validators=[plain_name])
    unit = models.CharField(max_length=30, validators=[plain_name])
    unit_cy = models.CharField(max_length=30, validators=[plain_name])
    evidence = models.CharField(
        max_length=200, validators=[plain_line], help_text="what shows that it was given"
    )
    evidence_cy = models.CharField(max_length=200, validators=[plain_line])
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.said("name")

    def said(self, field: str) -> str:
        """A field in the reader's language."""
        return getattr(self, f"{field}_cy") if get_language() == "cy" else getattr(self, field)

    @property
    def unit_name(self) -> str:
        return self.said("unit")
