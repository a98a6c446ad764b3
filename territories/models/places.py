"""Regions and the territories in them: the map can change, so every fact on it is a dated row."""

from contextvars import ContextVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from territories.tenancy import connection

_left: ContextVar[tuple] = ContextVar("left", default=())


class Named(models.Model):
    """A place with a name in English and, where it has one, in Welsh."""

    name = models.CharField(max_length=80, unique=True)
    name_cy = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return (get_language() == "cy" and self.name_cy) or self.name


class Region(Named):
    """One of the 12 regions, each with a research hub; the code is ITL level 1."""

    personal = ()
    allowed = ("SELECT",)

    code = models.CharField(max_length=3, unique=True)


class Territory(Named, TenantMixin):  # type: ignore[django-manager-missing]
    """A police area in which the public buyers act together: one schema, one role, one sub-domain."""

    personal = ()
    allowed = ("SELECT",)
    changing = ("valid_to", "successor")

    class Regime(models.TextChoices):
        """The law that a procurement here runs under; `NHS-PSR` overlays it for health care."""

        ENGLAND = "PA23-ENG", _("Procurement Act 2023, England")
        WALES = "PA23-WAL", _("Procurement Act 2023, Wales")
        NORTHERN_IRELAND = "PA23-NI", _("Procurement Act 2023, Northern Ireland")
        SCOTLAND = "SCOT", _("Procurement Reform (Scotland) Act 2014")

    auto_create_schema = False  # territories/founding.py does it, faster and with the role
    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=10, help_text="short name for a tile of the map")
    police_area = models.SlugField(unique=True)
    police_force = models.CharField(max_length=80)
    country = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="territories")
    ons_code = models.CharField(max_length=9, unique=True)
    population = models.PositiveIntegerField(help_text="ONS mid-2024 estimate")
    regime = models.CharField(max_length=10, choices=Regime)
    column = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "territories"
        constraints = (
            models.UniqueConstraint(
                fields=["column", "row"],
                condition=models.Q(valid_to__isnull=True),
                name="one_territory_per_tile",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="territory_ends_after_it_began",
                violation_error_message=_("A territory ends after it began."),
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None) | ~models.Q(successor=models.F("id")),
                name="territory_follows_another",
                violation_error_message=_("A territory is followed by another one."),
            ),
        )

    def __enter__(self) -> "Territory":
        # django-tenants keeps what was active before in one list for all threads, which then take each other's.
        _left.set((*_left.get(), connection.tenant))
        connection.set_tenant(self)
        return self

    def __exit__(self, *exception) -> None:
        *others, last = _left.get()
        _left.set(tuple(others))
        connection.set_tenant(last)

    @property
    def url(self) -> str:
        """Where the territory's site answers, without a trailing slash."""
        return f"{settings.DICM_SCHEME}://{self.host}{settings.DICM_ORIGIN_SUFFIX}"

    @property
    def host(self) -> str:
        return f"{self.slug}.{settings.DICM_BASE_DOMAIN}"


class Domain(DomainMixin):
    """A host name at which a territory answers."""

    personal = ()
    allowed = ("SELECT",)


class Oversight(models.Model):
    """Who holds a territory's police to account, and since when (commissioner, mayor, board)."""

    personal = ()
    allowed = ("SELECT",)

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="oversights")
    body = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=["territory"], condition=models.Q(valid_to__isnull=True), name="one_oversight_now"
            ),
        )

    def __str__(self) -> str:
        return self.body
