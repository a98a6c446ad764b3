"""What already works here: providers, their activities, the dual impact of each, and what it needs."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from territories.pages.numbers import number
from territories.postcodes import district_of, outcode
from territories.published import Published
from territories.rows import State, TerritoryRow, public_key


class Primary(models.TextChoices):
    """What an activity does for people."""

    HEALTHIER = "healthier", _("Healthier communities")
    SAFER = "safer", _("Safer communities")
    RESILIENT = "resilient", _("More resilient communities")


class Secondary(models.TextChoices):
    """Which frontline service is needed less because of it."""

    POLICING = "policing", _("Policing")
    HEALTHCARE = "healthcare", _("Healthcare")
    SOCIAL = "social", _("Social services")
    JUSTICE = "justice", _("Criminal justice")


class Placed(models.Model):
    """A place in the territory. Only the outward half of the postcode is ever shown in public."""

    postcode = models.CharField(_("postcode"), max_length=8)
    district_code = models.CharField(max_length=9)
    district = models.CharField(_("district"), max_length=60)

    class Meta:
        abstract = True

    @staticmethod
    def facts_of(postcode: str) -> dict[str, str]:
        """The three facts of a place whose normalised postcode ONS knows."""
        district = district_of(postcode)
        assert district is not None
        return {"postcode": postcode, "district_code": district.code, "district": district.name}

    @property
    def area(self) -> str:
        return f"{self.district} ({outcode(self.postcode)})"


class Provider(TerritoryRow):
    """A charity, social enterprise or community group as this territory knows it."""

    personal = ()
    free_text = ("about",)
    insert_only = True

    organisation = public_key("territories.Organisation")
    about = models.TextField(_("about"), max_length=2000)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation"], name="provider_once"),)

    def __str__(self) -> str:
        return self.organisation.name


class Activity(TerritoryRow, Placed):
    """Something a provider does in a place, with a dual impact that can be supported.

    What is published is its last `ActivityVersion` (published.py).
    """

    personal = ()
    free_text = ("title", "what", "who")
    changing = (
        *("title", "what", "who", "postcode", "district_code", "district"),
        *("status", "version", "published_at"),
    )

    class Status(State):
        DRAFT = "draft", "grey", _("Draft")
        PUBLISHED = "published", "green", _("Published")
        CLOSED = "closed", "grey", _("Closed")

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="activities")
    title = models.CharField(_("title"), max_length=120)
    what = models.TextField(_("what it does"), max_length=3000)
    who = models.CharField(_("who it is for"), max_length=300)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes = (models.Index(fields=["status", "title"], name="activity_list"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at=None)
                | ~models.Q(status="draft") & models.Q(published_at__isnull=False),
                name="published_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("activity", args=[self.pk])

    parts_shown: ClassVar[dict] = {}

    @cached_property
    def said(self) -> dict | None:
        """The body of its last version, as `with_said` read it or as it stands now; None before it is published."""
        if "last_body" in vars(self):
            return vars(self)["last_body"]
        return self.versions.values_list("body", flat=True).last()

    @property
    def state(self) -> Status:
        """Published is what has a version, whatever `status` says."""
        return self.Status.DRAFT if self.said is None else self.Status(self.status)

    @property
    def is_published(self) -> bool:
        """Open to support; a closed one is still listed."""
        return self.state == self.Status.PUBLISHED

    @cached_property
    def dual_impacts(self) -> "list[Impact]":
        """Those of its draft; `as_published` puts those of its last version here."""
        return list(self.impacts.all())

    def as_shown(self) -> dict:
        """What one has read before publishing it."""
        names = ("title", "what", "who", "postcode", "status")
        return {name: getattr(self, name) for name in names} | {
            "impacts": {row.key: row.as_shown() for row in self.impacts.all()},
            "needs": {row.key: row.as_shown() for row in self.needs.all()},
        }


class ActivityVersion(Published):
    """What was published of an activity, at first and with every later change: what all others read."""

    personal = ("published_by", "person")
    free_text = ("body",)

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # The act that made it: what the journal calls it.
    verb = models.CharField(max_length=20)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["activity", "number"], name="activity_version_once"),)

    def __str__(self) -> str:
        return f"{self.activity}, {self.number}"


class Impact(TerritoryRow):
    """One dual impact: what changes for people, which service is relieved, and why that follows."""

    personal = ()
    free_text = ("reason",)
    allowed = ("SELECT", "INSERT", "DELETE")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="impacts")
    primary = models.CharField(_("primary impact"), max_length=12, choices=Primary)
    secondary = models.CharField(_("secondary impact"), max_length=12, choices=Secondary)
    reason = models.TextField(_("reason"), max_length=1000)

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["activity", "primary", "secondary"], name="one_reason_per_pair"),
        )

    def __str__(self) -> str:
        return f"{self.get_primary_display()} → {self.get_secondary_display()}"

    @property
    def key(self) -> str:
        """Its name among the activity's, in whatever language."""
        return f"{self.primary} → {self.secondary}"

    def as_shown(self) -> dict:
        """What one has read before removing it."""
        return {"primary": self.primary, "secondary": self.secondary, "reason": self.reason}


class Need(TerritoryRow):
    """What an activity could use, in the units of the support type."""

    personal = ()
    free_text = ("note",)
    allowed = ("SELECT", "INSERT", "DELETE")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="needs")
    support_type = public_key("territories.SupportType")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    names_shown: ClassVar = {"support": _("kind of support")}

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["activity", "support_type"], name="one_need_per_support_type"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="need_is_positive"),
        )

    def __str__(self) -> str:
        return f"{number(self.quantity)} {self.support_type.unit_name}, {self.support_type}"

    @property
    def key(self) -> str:
        """Its name among the activity's, in whatever language."""
        return self.support_type.code

    def as_shown(self) -> dict:
        """What one has read before removing it."""
        return {"support": self.support_type.name, "quantity": f"{self.quantity:.2f}", "note": self.note}


# The activity stands above them in this file, so it learns here of what kind its parts are.
Activity.parts_shown |= {"impacts": (Impact, "%s"), "needs": (Need, "%s")}
