"""People, and the parts that they play: a role, for an organisation, in a territory."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from territories.models.organisations import Organisation, Participation

Kind = Organisation.Kind


def one_of(*names: str) -> models.Q:
    """Exactly one of these is there."""
    either = models.Q()
    for name in names:
        either |= models.Q(**{f"{other}__isnull": other != name for other in names})
    return either


class People(BaseUserManager["User"]):
    """Makes people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Staff is all that there is: nobody may everything."""
        user = self.create_user(email, password, **fields)
        Staff.objects.create(user=user)
        return user


class User(AbstractBaseUser):
    """A person who signs in by e-mail; when they were last here stands in UserActivity, who is staff in Staff.

    Rows that territories refer to hold nothing that changes often: no last_login.
    """

    personal = ("email", "name", "password")
    changing = ("password", "email", "name", "is_active", "date_joined", "closed_at")

    last_login = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="email_once_whatever_its_case"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(name="", is_active=False),
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

    @cached_property
    def is_staff(self) -> bool:
        return Staff.objects.filter(user=self.pk).exists()


class Staff(models.Model):
    """One of DICM's own. Made by the owner's command alone; the public site can look, and let someone go."""

    personal = ("user",)
    allowed = ("SELECT", "DELETE")

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="staff")
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.user)


class UserActivity(models.Model):
    """When a person last signed in. Written often, referred to by nothing, without a key to User."""

    personal = ("user_id",)
    written_from_territories = ("INSERT", "UPDATE")

    user_id = models.BigIntegerField(primary_key=True)
    signed_in_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} at {self.signed_in_at}"


class Appointment(models.Model):
    """A part was given by a command of the owner: the first lead of a territory, for one. The public site makes none."""

    personal = ()
    allowed = ("SELECT",)

    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.made_at)


class Parts(models.QuerySet["Membership"]):
    """Parts; whoever isn't appointed comes in by what the model's constraints name."""

    def playing(self) -> "Parts":
        """Those that are played now: nothing has ended them, their organisation takes part and is not closed."""
        return self.filter(
            ended_at=None, participation__until=None, participation__organisation__closed_at=None
        )

    def at(self, territory: int) -> "Parts":
        """Those of a territory, by its id."""
        return self.filter(participation__territory=territory)

    def appoint(self, **facts) -> "Membership":
        """Give a part by command: only the owner of the database can."""
        return self.create(appointment=Appointment.objects.create(), **facts)


class Membership(models.Model):
    """A part: what one person may do for one organisation in one territory, and what it came from.

    It came from one thing: an invitation to this person, an approved application, the same part of a colleague,
    or an appointment. The database holds the keys, so that nobody is made a lead by writing a row.
    """

    personal = ("user", "handed_by")
    changing = ("ended_at",)

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
    invitation = models.OneToOneField(
        "territories.Invitation", on_delete=models.PROTECT, null=True, related_name="part"
    )
    application = models.OneToOneField(
        "territories.Application", on_delete=models.PROTECT, null=True, related_name="membership"
    )
    handed_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="handed_to")
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, null=True, related_name="part")

    objects = models.Manager.from_queryset(Parts)()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "participation", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_part_at_a_time",
            ),
            models.CheckConstraint(
                condition=one_of("invitation", "application", "handed_by", "appointment"),
                name="part_came_from_one_thing",
            ),
            # What a successor's key names: the same part, of somebody else.
            models.UniqueConstraint(fields=["id", "participation", "role"], name="part_as_it_is_handed_over"),
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
