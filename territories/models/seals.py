"""Seals of the journals, kept in the public schema, away from the journals themselves."""

from django.db import models
from django.db.models.functions import Now


class Seal(models.Model):
    """That a schema's journal had an entry with this number and digest at this time."""

    personal = ()
    insert_only = True

    schema = models.CharField(max_length=63)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["schema", "seq"], name="one_seal_for_an_entry"),)

    def __str__(self) -> str:
        return f"{self.schema} {self.seq}"
