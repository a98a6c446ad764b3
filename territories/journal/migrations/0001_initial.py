import django.db.models.functions.datetime
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                ("seq", models.BigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(blank=True, max_length=12)),
                ("verb", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=40)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("request_id", models.CharField(blank=True, max_length=36)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ("seq",),
                "indexes": [models.Index(fields=["subject", "subject_id", "seq"], name="journal_of_subject")],
            },
        ),
    ]
