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
                ("evidence_digest", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("claimed", "Claimed by the supplier"),
                            ("confirmed", "Confirmed by the provider"),
                            ("disputed", "Disputed by the provider"),
                        ],
                        default="claimed",
                        max_length=10,
                    ),
                ),
                ("claimed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("dispute", models.CharField(blank=True, max_length=1000, verbose_name="what is wrong")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
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
                "indexes": [models.Index(fields=["term", "status"], name="delivery_of_term")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="delivery_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("donor_cost__gte", 0)), name="delivery_cost_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("status", "claimed")),
                            models.Q(
                                models.Q(("status", "claimed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_decision_has_who_and_when",
                    ),
                ],
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
                ("promised", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("confirmed", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("claimed", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="progress_due"
                    )
                ],
            },
        ),
    ]
