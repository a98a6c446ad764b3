import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("community", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("authors", models.CharField(max_length=300, verbose_name="authors")),
                (
                    "design",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "0 – how it runs, not whether it works"),
                            (1, "1 – before and after, no comparison"),
                            (2, "2 – a comparison group of weak likeness"),
                            (3, "3 – comparison group, before and after"),
                            (4, "4 – as good as random"),
                            (5, "5 – randomised trial"),
                        ],
                        verbose_name="design",
                    ),
                ),
                ("sample", models.PositiveIntegerField(blank=True, null=True, verbose_name="sample size")),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("positive", "It works"),
                            ("mixed", "Mixed results"),
                            ("none", "No effect found"),
                            ("harm", "It does harm"),
                        ],
                        max_length=10,
                        verbose_name="finding",
                    ),
                ),
                ("summary", models.TextField(max_length=3000, verbose_name="summary")),
                (
                    "conflicts",
                    models.CharField(max_length=500, verbose_name="funding and conflicts of interest"),
                ),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^10\\.\\d{4,9}/\\S+$", "Enter a DOI such as 10.1234/abcd."
                            )
                        ],
                        verbose_name="DOI",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="community.activity",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("status", "draft")),
                            models.Q(("published_at__isnull", False), ("status", "published")),
                            _connector="OR",
                        ),
                        name="publication_has_its_time",
                    )
                ],
            },
        ),
    ]
