"""People, and the parts that they play: a role, for an organisation, in a territory."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from territories.models.organisations import Organisation, Participation

Kind = Organisation.Kind


class People(BaseUserManager["User"]):
    """Makes people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in by e-mail; when they were last here stands in UserActivity.

    Rows that territories refer to hold nothing that changes often: no last_login.
    """

    personal = ("email", "name", "password")

    username = first_name = last_name = None  # type: ignore[assignment]
    last_login = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = People()  # type: ignore[assignment,misc]

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="email_once_whatever_its_case"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None)
                | models.Q(name="", is_active=False, is_staff=False, is_superuser=False),
                name="closed_account_names_nobody",
            ),
        )

    def __str__(self) -> str:
        if self.closed_at:
            return gettext("Someone who left")
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class UserActivity(models.Model):
    """When a person last signed in. Written often, referred to by nothing, without a key to User."""

    personal = ("user_id",)
    written_from_territories = ("INSERT", "UPDATE")

    user_id = models.BigIntegerField(primary_key=True)
    signed_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} at {self.signed_in_at}"


class Membership(models.Model):
    """A part: what one person may do for one organisation in one territory."""

    personal = ("user",)

    class Role(models.TextChoices):
        LEAD = "lead", _("Territory lead")
        COLLEAGUE = "colleague", _("Community colleague")
        PROVIDER = "provider", _("Provider")
        SUPPLIER = "supplier", _("Supplier")
        BUYER = "buyer", _("Buyer")
        EVALUATOR = "evaluator", _("Evaluator")
        MANAGER = "manager", _("Category manager")
        RESEARCHER = "researcher", _("Researcher")

    # Which organisations a role belongs to; a part outside this table can't be given.
    KINDS = {
        Role.LEAD: Organisation.BUYERS,
        Role.COLLEAGUE: (*Organisation.BUYERS, Kind.PROVIDER),
        Role.PROVIDER: (Kind.PROVIDER,),
        Role.SUPPLIER: (Kind.SUPPLIER,),
        Role.BUYER: Organisation.BUYERS,
        Role.EVALUATOR: Organisation.BUYERS,
        Role.MANAGER: Organisation.BUYERS,
        Role.RESEARCHER: (Kind.UNIVERSITY,),
    }

    # What each role may do, as its people are told.
    MAY = {
        Role.LEAD: _("Lets organisations in, invites and removes people, reads everything, orders reports."),
        Role.COLLEAGUE: _("Registers charities and community groups, what they do and what they need."),
        Role.PROVIDER: _("Describes what the organisation does, agrees to orders, confirms what arrived."),
        Role.SUPPLIER: _("Drafts Social Purchase Orders, submits them in tenders, claims deliveries."),
        Role.BUYER: _("Prepares tenders, leads the moderation, awards and signs contracts."),
        Role.EVALUATOR: _("Scores the orders in tenders, alone and without seeing the others' scores."),
        Role.MANAGER: _("Watches contracts and deliveries, and orders reports."),
        Role.RESEARCHER: _("Evaluates activities and publishes what was found."),
    }

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "participation", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_part_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role_name}, {self.organisation}"

    @property
    def organisation(self) -> Organisation:
        return self.participation.organisation

    @property
    def territory(self):
        return self.participation.territory

    @property
    def role_name(self) -> str:
        return self.get_role_display()

    @property
    def may(self):
        """What the role may do, as a sentence."""
        return self.MAY[self.Role(self.role)]
