import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import django_tenants.postgresql_backend.base
from django.conf import settings
from django.db import migrations, models

import territories.models.organisations
import territories.pages.plain


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(editable=False, max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("police", "Police"),
                            ("council", "Council"),
                            ("nhs", "NHS"),
                            ("fire", "Fire and rescue"),
                            ("justice", "Criminal justice"),
                            ("supplier", "Supplier"),
                            ("provider", "Community provider"),
                            ("university", "University"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name of the organisation")),
                ("numbers", models.JSONField()),
                ("reason", models.TextField(max_length=1000, verbose_name="reason")),
                ("person", models.CharField(max_length=120, verbose_name="your name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("language", models.CharField(max_length=5)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Waiting for your e-mail to be confirmed"),
                            ("waiting", "Waiting for an answer"),
                            ("returned", "Returned for changes"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, max_length=1000)),
                ("said", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("domain", models.CharField(db_index=True, max_length=253, unique=True)),
                ("is_primary", models.BooleanField(db_index=True, default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("GB-COH", "Companies House"),
                            ("GB-CHC", "Charity Commission for England and Wales"),
                            ("GB-SC", "Office of the Scottish Charity Regulator"),
                            ("GB-NIC", "Charity Commission for Northern Ireland"),
                            ("GB-MPR", "Mutuals Public Register"),
                            ("GB-PPON", "Central Digital Platform"),
                            ("GB-NHS", "NHS organisation code"),
                            ("GB-UKPRN", "UK Register of Learning Providers"),
                            ("GB-LAE", "Local authority, England"),
                            ("ROR", "Research Organization Registry"),
                            ("XI", "No public number: named by this service"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=40)),
                ("preferred", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("-preferred", "scheme"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
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
                        verbose_name="role",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
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
                    ),
                ),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=160, validators=[territories.pages.plain.plain_name], verbose_name="name"
                    ),
                ),
                (
                    "folded",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=territories.models.organisations.Folded("name"),
                        output_field=models.CharField(max_length=1000),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("police", "Police"),
                            ("council", "Council"),
                            ("nhs", "NHS"),
                            ("fire", "Fire and rescue"),
                            ("justice", "Criminal justice"),
                            ("supplier", "Supplier"),
                            ("provider", "Community provider"),
                            ("university", "University"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Oversight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.CharField(max_length=160)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-valid_from",),
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("name_cy", models.CharField(blank=True, max_length=80)),
                ("code", models.CharField(max_length=3, unique=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("schema", models.CharField(max_length=63)),
                ("seq", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="SupportType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=80, validators=[territories.pages.plain.plain_name])),
                ("name_cy", models.CharField(max_length=80, validators=[territories.pages.plain.plain_name])),
                ("unit", models.CharField(max_length=30, validators=[territories.pages.plain.plain_name])),
                ("unit_cy", models.CharField(max_length=30, validators=[territories.pages.plain.plain_name])),
                (
                    "evidence",
                    models.CharField(
                        help_text="what shows that it was given",
                        max_length=200,
                        validators=[territories.pages.plain.plain_line],
                    ),
                ),
                (
                    "evidence_cy",
                    models.CharField(max_length=200, validators=[territories.pages.plain.plain_line]),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "schema_name",
                    models.CharField(
                        db_index=True,
                        max_length=63,
                        unique=True,
                        validators=[django_tenants.postgresql_backend.base._check_schema_name],
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("name_cy", models.CharField(blank=True, max_length=80)),
                ("slug", models.SlugField(unique=True)),
                ("label", models.CharField(help_text="short name for a tile of the map", max_length=10)),
                ("police_area", models.SlugField(unique=True)),
                ("police_force", models.CharField(max_length=80)),
                ("country", models.CharField(max_length=20)),
                ("ons_code", models.CharField(max_length=9, unique=True)),
                ("population", models.PositiveIntegerField(help_text="ONS mid-2024 estimate")),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("PA23-ENG", "Procurement Act 2023, England"),
                            ("PA23-WAL", "Procurement Act 2023, Wales"),
                            ("PA23-NI", "Procurement Act 2023, Northern Ireland"),
                            ("SCOT", "Procurement Reform (Scotland) Act 2014"),
                        ],
                        max_length=10,
                    ),
                ),
                ("column", models.PositiveSmallIntegerField()),
                ("row", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "territories",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="UserActivity",
            fields=[
                ("user_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("signed_in_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Welcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("automatic", models.BooleanField(default=True)),
                (
                    "domains",
                    models.JSONField(default=list, help_text="further domains, of the territory's own"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="staff",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="email_once_whatever_its_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), models.Q(("is_active", False), ("name", "")), _connector="OR"
                ),
                name="closed_account_names_nobody",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accepted",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="application",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="membership",
                to="territories.application",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="appointment",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="part",
                to="territories.appointment",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="handed_by",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handed_to",
                to="territories.membership",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="invitation",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="part",
                to="territories.invitation",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invited",
                to="territories.membership",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decided_applications",
                to="territories.membership",
            ),
        ),
        migrations.AddField(
            model_name="identifier",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="identifiers",
                to="territories.organisation",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="territories.organisation",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="territories.participation",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="territories.participation",
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("schema", "seq"), name="one_seal_for_an_entry"),
        ),
        migrations.AddField(
            model_name="territory",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="territories",
                to="territories.region",
            ),
        ),
        migrations.AddField(
            model_name="territory",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to="territories.territory",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="territories.territory",
            ),
        ),
        migrations.AddField(
            model_name="oversight",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="oversights",
                to="territories.territory",
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="domains",
                to="territories.territory",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="territories.territory",
            ),
        ),
        migrations.AddField(
            model_name="welcome",
            name="territory",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="welcome",
                to="territories.territory",
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                fields=("scheme", "value"), name="identifier_names_one_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("preferred", True)),
                fields=("organisation",),
                name="one_preferred_identifier",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("user", "participation", "role"),
                name="one_part_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("application__isnull", True),
                        ("appointment__isnull", True),
                        ("handed_by__isnull", True),
                        ("invitation__isnull", False),
                    ),
                    models.Q(
                        ("application__isnull", False),
                        ("appointment__isnull", True),
                        ("handed_by__isnull", True),
                        ("invitation__isnull", True),
                    ),
                    models.Q(
                        ("application__isnull", True),
                        ("appointment__isnull", True),
                        ("handed_by__isnull", False),
                        ("invitation__isnull", True),
                    ),
                    models.Q(
                        ("application__isnull", True),
                        ("appointment__isnull", False),
                        ("handed_by__isnull", True),
                        ("invitation__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="part_came_from_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("id", "participation", "role"), name="part_as_it_is_handed_over"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("participation"),
                models.F("role"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                name="one_open_invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    models.Q(
                        ("accepted_at__isnull", False), ("accepted_by__isnull", False), ("revoked_at", None)
                    ),
                    _connector="OR",
                ),
                name="invitation_accepted_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("id", "participation", "role", "accepted_by"), name="invitation_as_it_was_accepted"
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("column", "row"),
                name="one_territory_per_tile",
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="territory_ends_after_it_began",
                violation_error_message="A territory ends after it began.",
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor", None),
                    models.Q(("successor", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="territory_follows_another",
                violation_error_message="A territory is followed by another one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                fields=("organisation", "territory"), name="one_participation"
            ),
        ),
        migrations.AddConstraint(
            model_name="oversight",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("territory",),
                name="one_oversight_now",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["territory", "status", "confirmed_at"], name="application_queue"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("status", "unconfirmed")),
                    models.Q(
                        models.Q(("status", "unconfirmed"), _negated=True), ("confirmed_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="application_confirmed_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("decided_at", None),
                        ("decided_by", None),
                        ("status__in", ["unconfirmed", "waiting"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status__in", ["returned", "refused"]),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    models.Q(("decided_at__isnull", False), ("status", "approved")),
                    _connector="OR",
                ),
                name="application_decided_by_someone_for_a_reason",
            ),
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wish",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("each", "A letter each time"),
                            ("weekly", "One letter a week"),
                            ("none", "No letters, but those that are a duty"),
                        ],
                        default="each",
                        max_length=8,
                        verbose_name="letters",
                    ),
                ),
                (
                    "language",
                    models.CharField(default="en-gb", max_length=5, verbose_name="language of the letters"),
                ),
            ],
        ),
        # A part is what its invitation says, accepted by this person; what is handed over is the same part. Django
        # knows keys of one column only.
        migrations.RunSQL(
            "ALTER TABLE territories_membership ADD CONSTRAINT part_is_its_invitations "
            "FOREIGN KEY (invitation_id, participation_id, role, user_id) "
            "REFERENCES territories_invitation (id, participation_id, role, accepted_by_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE territories_membership DROP CONSTRAINT part_is_its_invitations",
        ),
        migrations.RunSQL(
            "ALTER TABLE territories_membership ADD CONSTRAINT part_is_its_predecessors "
            "FOREIGN KEY (handed_by_id, participation_id, role) "
            "REFERENCES territories_membership (id, participation_id, role) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE territories_membership DROP CONSTRAINT part_is_its_predecessors",
        ),
    ]
