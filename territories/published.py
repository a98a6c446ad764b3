"""What is published is a copy that nobody can change; everyone reads it, whatever the draft's rows say later."""

from django.db import models
from django.utils import timezone

from territories.models import Membership
from territories.papers.digest import digest_of, plain
from territories.rows import TerritoryRow, public_key
from territories.signatories import Signed, signatory


class Published(TerritoryRow, Signed):
    """The copy as JSON with its digest, and by whom it was published, and when."""

    insert_only = True

    body = models.JSONField()
    digest = models.CharField(max_length=64)
    published_by = public_key("territories.User")
    published_at = models.DateTimeField()

    class Meta:
        abstract = True


def copied(facts: dict, *, by: Membership) -> dict:
    """What makes a `Published` of these facts, now."""
    body = plain(facts)
    who = {"published_by": by.user, "published_at": timezone.now()} | signatory(by)
    return {"body": body, "digest": digest_of(body)} | who
