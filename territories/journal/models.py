"""The journal: one line for every act, chained by hashes, never altered.

It stands in every territory's schema, and in the public one for acts that belong to no territory.
People and organisations are numbers without keys, so that a closed account leaves the chain intact.
"""

from django.db import models

from territories.rows import TerritoryRow


class Entry(TerritoryRow):
    """Who did what to which thing, for whom, and how it stood before and after."""

    personal = ("actor_id", "before", "after")
    insert_only = True

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=12, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    request_id = models.CharField(max_length=36, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=["subject", "subject_id", "seq"], name="journal_of_subject"),)
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"
