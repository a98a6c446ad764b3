"""How organisations and people come in: applications, invitations, and whom a territory lets in at once.

In the public schema, for they concern organisations that may join any territory; closed to the territories'
own roles, for they name people who take part nowhere yet.
"""

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territories.models.organisations import Organisation, Participation
from territories.models.people import Membership, User
from territories.models.places import Territory
from territories.rows import State, Stateful


class Application(Stateful):
    """An organisation asks to take part in a territory, and one person speaks for it."""

    personal = ("person", "email", "decided_by")
    free_text = ("reason", "answer", "said")

    class Status(State):
        UNCONFIRMED = "unconfirmed", "grey", _("Waiting for your e-mail to be confirmed")
        WAITING = "waiting", "yellow", _("Waiting for an answer")
        RETURNED = "returned", "orange", _("Returned for changes")
        APPROVED = "approved", "green", _("Approved")
        REFUSED = "refused", "red", _("Refused")

    read_from_territories = False

    reference = models.CharField(max_length=32, unique=True, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="applications")
    kind = models.CharField(_("kind"), max_length=12, choices=Organisation.Kind)
    name = models.CharField(_("name of the organisation"), max_length=160)
    # [[scheme, number], …] as their registers write them, the preferred one first.
    numbers = models.JSONField()
    reason = models.TextField(_("reason"), max_length=1000)
    person = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=5)
    status = models.CharField(max_length=12, choices=Status, default=Status.UNCONFIRMED)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(null=True)
    # Who decided, when and what they said; nobody where a known address was let in by the territory's rule.
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="decided_applications"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=1000, blank=True)
    # All that leads have said, the first first; `answer` is only the last, and gone once the applicant has changed something.
    said = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=["territory", "status", "confirmed_at"], name="application_queue"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(status="unconfirmed", confirmed_at=None)
                | ~Q(status="unconfirmed") & Q(confirmed_at__isnull=False),
                name="application_confirmed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["unconfirmed", "waiting"],
                    decided_at=None,
                    decided_by=None,
                    answer="",
                )
                | Q(status__in=["returned", "refused"], decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(answer="")
                | Q(status="approved", decided_at__isnull=False),
                name="application_decided_by_someone_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    names_shown: ClassVar = {"numbers": _("numbers"), "person": _("name")}

    def as_shown(self) -> dict:
        """What a lead has read before answering."""
        facts = {
            name: getattr(self, name) for name in ("kind", "name", "reason", "person", "email", "status")
        }
        return facts | {"numbers": ", ".join(f"{scheme} {value}" for scheme, value in self.numbers)}


class Welcome(models.Model):
    """Whom a territory lets in without asking its leads: people with an e-mail address of a known domain."""

    personal = ()
    read_from_territories = False

    territory = models.OneToOneField(Territory, on_delete=models.PROTECT, related_name="welcome")
    automatic = models.BooleanField(default=True)
    domains = models.JSONField(default=list, help_text="further domains, of the territory's own")

    def __str__(self) -> str:
        return f"{self.territory}: {'on' if self.automatic else 'off'}"

    names_shown: ClassVar = {
        "automatic": _("known addresses are let in at once"),
        "domains": _("further domains"),
    }

    @property
    def about(self) -> Territory:
        """What is changed has no row before it is changed for the first time."""
        return self.territory

    def as_shown(self) -> dict:
        return {"automatic": self.automatic, "domains": ", ".join(self.domains)}


class Invitation(models.Model):
    """Someone is asked by e-mail to play a part; only a digest of the link's secret is kept."""

    personal = ("email", "invited_by", "accepted_by")
    read_from_territories = False
    # One that nobody accepted is deleted in time; the key of a part keeps the others.
    allowed = ("SELECT", "INSERT", "DELETE")
    changing = ("email", "accepted_by", "accepted_at", "revoked_at")

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=Membership.Role)
    email = models.EmailField(_("e-mail address"))
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invited")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="accepted")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "participation",
                "role",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at=None),
                name="invitation_accepted_by_someone",
            ),
            # What the part's key names: this role, for this organisation, accepted by this person.
            models.UniqueConstraint(
                fields=["id", "participation", "role", "accepted_by"], name="invitation_as_it_was_accepted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.participation.organisation}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()
