"""Organisations, their identifiers in public registers, and the territories that they take part in."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from territories import identifiers
from territories.pages.plain import plain_name


class Folded(models.Func):
    """A name without case, accents, spaces and punctuation, as PostgreSQL folds it: "Café Côte-d’Or" is "cafecotedor"."""

    template = "lower(regexp_replace(normalize(%(expressions)s, NFKD), '[^[:alnum:]]+', '', 'g'))"
    output_field = models.CharField(max_length=1000)


class Organisation(models.Model):
    """A buyer, supplier, provider or university; known once, whatever territories it joins."""

    personal = ()

    class Kind(models.TextChoices):
        POLICE = "police", _("Police")
        COUNCIL = "council", _("Council")
        NHS = "nhs", _("NHS")
        FIRE = "fire", _("Fire and rescue")
        JUSTICE = "justice", _("Criminal justice")
        SUPPLIER = "supplier", _("Supplier")
        PROVIDER = "provider", _("Community provider")
        UNIVERSITY = "university", _("University")

    BUYERS = (Kind.POLICE, Kind.COUNCIL, Kind.NHS, Kind.FIRE, Kind.JUSTICE)
    changing = ("name", "closed_at")
    written_from_territories = ("INSERT",)

    name = models.CharField(_("name"), max_length=160, validators=[plain_name])
    # By which another one of the same name is found.
    folded = models.GeneratedField(
        expression=Folded("name"),
        output_field=models.CharField(max_length=1000),
        db_persist=True,
        db_index=True,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """An organisation's number in a register, checked by the register's own form."""

    personal = ()
    insert_only = True
    written_from_territories = ("INSERT",)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=identifiers.SCHEMES)
    value = models.CharField(max_length=40)
    preferred = models.BooleanField(default=False)

    class Meta:
        ordering = ("-preferred", "scheme")
        constraints = (
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_organisation"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(preferred=True), name="one_preferred_identifier"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"

    def clean(self):
        try:
            self.value = identifiers.normalised(self.scheme, self.value)
        except ValueError as wrong:
            raise ValidationError({"value": str(wrong)}) from wrong


class Participation(models.Model):
    """An organisation takes part in a territory, from a day until perhaps another."""

    personal = ()
    changing = ("until",)
    written_from_territories = ("INSERT",)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    territory = models.ForeignKey(
        "territories.Territory", on_delete=models.PROTECT, related_name="participations"
    )
    since = models.DateField(db_default=Now())
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "territory"], name="one_participation"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} in {self.territory}"
