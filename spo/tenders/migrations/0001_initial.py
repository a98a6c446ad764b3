import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tender",
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
                ("reference", models.CharField(max_length=16, unique=True)),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("scope", models.TextField(max_length=4000, verbose_name="what is bought")),
                ("notice", models.CharField(blank=True, max_length=40, verbose_name="tender notice")),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="percent of the total award criteria",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="weight of social value",
                    ),
                ),
                ("top_grade", models.PositiveSmallIntegerField(default=5, verbose_name="highest grade")),
                ("closes_at", models.DateTimeField(verbose_name="closes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open for bids"),
                            ("scoring", "Individual scoring"),
                            ("moderation", "Moderation"),
                            ("awarded", "Awarded"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("panel_size", models.PositiveSmallIntegerField(default=0)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Declaration",
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
                ("person", models.CharField(max_length=120, verbose_name="name")),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("lead", "Territory lead"),
                            ("colleague", "Community colleague"),
                            ("provider", "Provider"),
                            ("supplier", "Supplier"),
                            ("buyer", "Buyer"),
                            ("evaluator", "Evaluator"),
                            ("manager", "Category manager"),
                            ("researcher", "Researcher"),
                        ],
                        max_length=12,
                        verbose_name="office",
                    ),
                ),
                ("on_behalf_of", models.CharField(max_length=160, verbose_name="organisation")),
                ("number", models.PositiveSmallIntegerField()),
                ("conflict", models.BooleanField(verbose_name="conflict of interest")),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="declaration")),
                ("declared_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="tenders.tender",
                    ),
                ),
            ],
            options={
                "ordering": ("declared_at",),
            },
        ),
        migrations.CreateModel(
            name="Criterion",
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
                    "dimension",
                    models.CharField(
                        choices=[("how", "HOW"), ("where", "WHERE")], max_length=5, verbose_name="dimension"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="criterion")),
                ("guidance", models.TextField(max_length=1500, verbose_name="what earns a high grade")),
                (
                    "weight",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weight in percent"),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="tenders.tender",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "criteria",
                "ordering": ("dimension", "created_at"),
            },
        ),
        migrations.CreateModel(
            name="TenderVersion",
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
                ("person", models.CharField(max_length=120, verbose_name="name")),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("lead", "Territory lead"),
                            ("colleague", "Community colleague"),
                            ("provider", "Provider"),
                            ("supplier", "Supplier"),
                            ("buyer", "Buyer"),
                            ("evaluator", "Evaluator"),
                            ("manager", "Category manager"),
                            ("researcher", "Researcher"),
                        ],
                        max_length=12,
                        verbose_name="office",
                    ),
                ),
                ("on_behalf_of", models.CharField(max_length=160, verbose_name="organisation")),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="tenders.tender",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gt", 0), ("weight__lte", 100)), name="weight_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("top_grade__gte", 1), ("top_grade__lte", 10)), name="scale_is_short"
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                fields=("tender", "user", "number"), name="declaration_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(
                fields=("tender", "dimension", "title"), name="criterion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gt", 0), ("weight__lte", 100)),
                name="criterion_weight_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="tenderversion",
            constraint=models.UniqueConstraint(fields=("tender", "number"), name="tender_version_once"),
        ),
    ]
