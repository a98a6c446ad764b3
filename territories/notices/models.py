"""What people are told, in every territory's schema and in the public one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from territories.rows import TerritoryRow, public_key


class Notice(TerritoryRow):
    """One person is told one thing, once: in the page at once, by letter when it is due.

    Its words are made of `letter` and `facts` whenever they are read, in the reader's language.
    """

    personal = ("person", "part", "facts")
    changing = (*("read_at", "settled_at", "due_at", "claimed_at", "attempts", "sent_at", "over", "doubted"),)

    class Over(models.TextChoices):
        """Why there will be no letter any more."""

        UNWISHED = "unwished", _("not wished")
        GONE = "gone", _("the account is closed")
        REFUSED = "refused", _("refused by the address")
        GIVEN_UP = "given up", _("given up after three days")
        DONE = "done", _("no longer needed")

    # Letter, thing, occasion and part: the same is never told twice.
    key = models.CharField(max_length=200, unique=True)
    person = public_key("territories.User")
    part = public_key("territories.Membership", null=True)
    letter = models.CharField(max_length=40)
    facts = models.JSONField()
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    page = models.CharField(max_length=200)
    # What only reminds is no news in the page.
    reminds = models.BooleanField(default=False)
    weekly = models.BooleanField(default=False)
    # From when on it is told; `due_at` is when its letter goes next, later after each failure.
    wanted_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    # Done, or taken back: a reminder that has not gone is not sent any more.
    settled_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    over = models.CharField(max_length=10, choices=Over, blank=True)
    # Its sender died in mid-sending, so it may have come twice, with one Message-ID.
    doubted = models.BooleanField(default=False)

    class Meta:
        ordering = ("-wanted_at", "-pk")
        indexes = (
            models.Index(fields=["due_at"], condition=Q(sent_at=None, over=""), name="letters_to_send"),
            models.Index(fields=["person", "-wanted_at"], name="notices_of_person"),
            models.Index(fields=["subject", "subject_id"], name="notices_about"),
        )

    def __str__(self) -> str:
        return self.letter
