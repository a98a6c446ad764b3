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
            name="Notice",
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
                ("key", models.CharField(max_length=200, unique=True)),
                ("letter", models.CharField(max_length=40)),
                ("facts", models.JSONField()),
                ("subject", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=40)),
                ("page", models.CharField(max_length=200)),
                ("reminds", models.BooleanField(default=False)),
                ("weekly", models.BooleanField(default=False)),
                ("wanted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("read_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "over",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unwished", "not wished"),
                            ("gone", "the account is closed"),
                            ("refused", "refused by the address"),
                            ("given up", "given up after three days"),
                            ("done", "no longer needed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("doubted", models.BooleanField(default=False)),
                (
                    "part",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="territories.membership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-wanted_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("over", ""), ("sent_at", None)),
                        fields=["due_at"],
                        name="letters_to_send",
                    ),
                    models.Index(fields=["person", "-wanted_at"], name="notices_of_person"),
                    models.Index(fields=["subject", "subject_id"], name="notices_about"),
                ],
            },
        ),
    ]
