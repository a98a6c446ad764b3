import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0001_initial"),
        ("tenders", "0001_initial"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bid",
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
                ("submitted_at", models.DateTimeField()),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bid", to="orders.order"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.organisation",
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bids", to="tenders.tender"
                    ),
                ),
            ],
            options={
                "ordering": ("submitted_at",),
            },
        ),
        migrations.CreateModel(
            name="Award",
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
                ("reason", models.TextField(max_length=3000, verbose_name="reason")),
                ("standstill_until", models.DateField(null=True, verbose_name="last day of the standstill")),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="award", to="tenders.tender"
                    ),
                ),
                (
                    "bid",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="award", to="scoring.bid"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Consensus",
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
                ("grade", models.PositiveSmallIntegerField(verbose_name="agreed grade")),
                ("rationale", models.TextField(max_length=3000, verbose_name="rationale")),
                ("agreed_at", models.DateTimeField()),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consensus",
                        to="scoring.bid",
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consensus",
                        to="tenders.criterion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "consensus",
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
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
                ("declared_at", models.DateTimeField(null=True)),
                ("conflict", models.BooleanField(null=True, verbose_name="conflict of interest")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="taken off the panel")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.organisation",
                    ),
                ),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="panel", to="tenders.tender"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("created_at",),
            },
        ),
        migrations.CreateModel(
            name="Dismissal",
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
                ("dismissed_at", models.DateTimeField()),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dismissal",
                        to="scoring.panelmember",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Score",
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
                ("number", models.PositiveIntegerField()),
                ("grade", models.PositiveSmallIntegerField(verbose_name="grade")),
                ("rationale", models.TextField(max_length=3000, verbose_name="rationale")),
                ("scored_at", models.DateTimeField()),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="scoring.bid"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="tenders.criterion",
                    ),
                ),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="scoring.panelmember",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bid",
            constraint=models.UniqueConstraint(fields=("tender", "supplier"), name="one_bid_per_supplier"),
        ),
        migrations.AddConstraint(
            model_name="consensus",
            constraint=models.UniqueConstraint(fields=("bid", "criterion"), name="one_consensus"),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("tender", "user"), name="on_the_panel_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("conflict", None), ("declared_at", None)),
                    models.Q(("conflict__isnull", False), ("declared_at__isnull", False)),
                    _connector="OR",
                ),
                name="declaration_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                fields=("bid", "criterion", "seat", "number"), name="score_number_once"
            ),
        ),
    ]
