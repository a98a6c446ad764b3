"""What universities find out about activities, whatever it is."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Activity
from territories.published import Published
from territories.rows import State, TerritoryRow, public_key


class Publication(TerritoryRow):
    """A hub's evaluation of an activity. What it says stays as it was written; what is published is its `Edition`."""

    personal = ("authors",)
    free_text = ("title", "summary", "conflicts")
    changing = ("status", "published_at")

    class Status(State):
        DRAFT = "draft", "grey", _("Draft")
        PUBLISHED = "published", "green", _("Published")

    class Finding(models.TextChoices):
        """“No effect” and “harm” are published like any other finding."""

        POSITIVE = "positive", _("It works")
        MIXED = "mixed", _("Mixed results")
        NONE = "none", _("No effect found")
        HARM = "harm", _("It does harm")

    class Design(models.IntegerChoices):
        """The Maryland Scientific Methods Scale; 0 is a study that makes no claim about effect."""

        PROCESS = 0, _("0 – how it runs, not whether it works")
        BEFORE_AFTER = 1, _("1 – before and after, no comparison")
        WEAK_COMPARISON = 2, _("2 – a comparison group of weak likeness")
        DIFFERENCE = 3, _("3 – comparison group, before and after")
        QUASI_RANDOM = 4, _("4 – as good as random")
        RANDOMISED = 5, _("5 – randomised trial")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="publications")
    hub = public_key("territories.Organisation")
    title = models.CharField(_("title"), max_length=200)
    authors = models.CharField(_("authors"), max_length=300)
    design = models.PositiveSmallIntegerField(_("design"), choices=Design)
    sample = models.PositiveIntegerField(_("sample size"), null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=10, choices=Finding)
    summary = models.TextField(_("summary"), max_length=3000)
    conflicts = models.CharField(_("funding and conflicts of interest"), max_length=500)
    doi = models.CharField(
        "DOI",
        max_length=120,
        blank=True,
        validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", _("Enter a DOI such as 10.1234/abcd."))],
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at=None)
                | models.Q(status="published", published_at__isnull=False),
                name="publication_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("publication", args=[self.pk])

    def as_shown(self) -> dict:
        """What its hub has read before publishing it."""
        names = ("title", "authors", "design", "sample", "finding", "summary", "conflicts", "doi")
        return {name: getattr(self, name) for name in names}

    @property
    def state(self) -> Status:
        """Published is what has an edition, whatever `status` says."""
        return self.Status.PUBLISHED if self.is_published else self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return hasattr(self, "edition")

    @property
    def proves_effect(self) -> bool:
        """Levels 1 and 2 describe; only from level 3 on is a change traced to its cause."""
        return self.design >= self.Design.DIFFERENCE


class Edition(Published):
    """A publication as it was published, by whom and when: what everyone reads, whatever its row says later."""

    personal = ("published_by", "person")
    free_text = ("body",)

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="edition")

    def __str__(self) -> str:
        return str(self.publication)
