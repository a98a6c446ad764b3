import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

import spo.delivery.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contracts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
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
                ("reference", models.CharField(max_length=16, unique=True)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="quantity")),
                (
                    "donor_cost",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="cost to the donor"),
                ),
                ("delivered_on", models.DateField(verbose_name="day of delivery")),
                ("note", models.TextField(max_length=1500, verbose_name="what was delivered")),
                (
                    "evidence",
                    models.FileField(
                        max_length=200, upload_to=spo.delivery.models.evidence_path, verbose_name="evidence"
                    ),
                ),
                ("evidence_key", models.CharField(max_length=40, unique=True)),
                ("evidence_suffix", models.CharField(max_length=5)),
                ("evidence_digest", models.CharField(max_length=64, verbose_name="digest of the evidence")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("claimed", "Claimed by the supplier"),
                            ("confirmed", "Confirmed by the provider"),
                            ("disputed", "Disputed by the provider"),
                            ("withdrawn", "Withdrawn by the supplier"),
                        ],
                        default="claimed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("claimed_at", models.DateTimeField()),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="contracts.term",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("confirm", "Confirmed"),
                            ("dispute", "Disputed"),
                            ("correct", "Corrected"),
                            ("withdraw", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="quantity"),
                ),
                (
                    "donor_cost",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="cost to the donor"
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="in words")),
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
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="delivery.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Progress",
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
                ("due_at", models.DateTimeField(null=True)),
                ("computed_at", models.DateTimeField(null=True)),
                ("percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("promised", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("confirmed", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                ("claimed", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                (
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "progress",
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["term", "status"], name="delivery_of_term"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="delivery_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("donor_cost__gte", 0)), name="delivery_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("delivery", "number"), name="decision_number_once"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("donor_cost__gte", 0), ("quantity__gt", 0), ("verb", "confirm")),
                    models.Q(("verb", "correct"), models.Q(("words", ""), _negated=True)),
                    models.Q(("donor_cost", 0), ("quantity", 0), ("verb__in", ("dispute", "withdraw"))),
                    _connector="OR",
                ),
                name="decision_counts_what_its_verb_says",
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="progress_due"
            ),
        ),
    ]
