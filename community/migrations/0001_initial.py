import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Provider",
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
                ("about", models.TextField(max_length=2000, verbose_name="about")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Activity",
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
                ("postcode", models.CharField(max_length=8, verbose_name="postcode")),
                ("district_code", models.CharField(max_length=9)),
                ("district", models.CharField(max_length=60, verbose_name="district")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("what", models.TextField(max_length=3000, verbose_name="what it does")),
                ("who", models.CharField(max_length=300, verbose_name="who it is for")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="community.provider",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "activities",
            },
        ),
        migrations.CreateModel(
            name="Impact",
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
                (
                    "primary",
                    models.CharField(
                        choices=[
                            ("healthier", "Healthier communities"),
                            ("safer", "Safer communities"),
                            ("resilient", "More resilient communities"),
                        ],
                        max_length=12,
                        verbose_name="primary impact",
                    ),
                ),
                (
                    "secondary",
                    models.CharField(
                        choices=[
                            ("policing", "Policing"),
                            ("healthcare", "Healthcare"),
                            ("social", "Social services"),
                            ("justice", "Criminal justice"),
                        ],
                        max_length=12,
                        verbose_name="secondary impact",
                    ),
                ),
                ("reason", models.TextField(max_length=1000, verbose_name="reason")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="impacts",
                        to="community.activity",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "primary", "secondary"), name="one_reason_per_pair"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="quantity")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="community.activity",
                    ),
                ),
                (
                    "support_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.supporttype",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "support_type"), name="one_need_per_support_type"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="need_is_positive"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(fields=("organisation",), name="provider_once"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["status", "title"], name="activity_list"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("status", "draft")),
                    models.Q(models.Q(("status", "draft"), _negated=True), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="published_has_its_time",
            ),
        ),
    ]
