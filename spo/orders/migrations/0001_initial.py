import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("community", "0001_initial"),
        ("tenders", "0001_initial"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("approach", models.TextField(max_length=4000, verbose_name="approach")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("offered", "With the providers"),
                            ("agreed", "Agreed by the providers"),
                            ("sealed", "Sealed in a bid"),
                            ("locked", "Locked into a contract"),
                            ("void", "Void"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="tenders.tender",
                        verbose_name="tender",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Commitment",
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
                ("number", models.PositiveSmallIntegerField()),
                (
                    "activity_title",
                    models.CharField(help_text="as it was when the line was written", max_length=120),
                ),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="quantity")),
                (
                    "donor_cost",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="cost to the donor"),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("how", models.TextField(max_length=1500, verbose_name="how it is given")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for the provider"),
                            ("agreed", "Agreed"),
                            ("returned", "Returned for changes"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
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
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "ordering": ("order", "number"),
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                ("line_number", models.PositiveSmallIntegerField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="the first, second … answer to this line"),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[("agree", "Agreed"), ("return", "Returned for changes")], max_length=10
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what should change")),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("answered_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="answers",
                        to="orders.commitment",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="orders.order"
                    ),
                ),
            ],
            options={
                "ordering": ("line_number", "number"),
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["supplier", "-created_at"], name="orders_of_supplier"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="commitment_number_once"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="commitment_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("donor_cost__gte", 0)), name="donor_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="commitment_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("line", "number"), name="answer_number_once"),
        ),
    ]
