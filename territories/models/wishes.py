"""How people wish to be told by letter, wherever they take part."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from territories.models.people import User


class Wish(models.Model):
    """Without a row: in English, and a letter each time."""

    personal = ("user",)
    allowed = ("SELECT", "INSERT")
    changing = ("rhythm", "language")

    class Rhythm(models.TextChoices):
        EACH = "each", _("A letter each time")
        WEEKLY = "weekly", _("One letter a week")
        NONE = "none", _("No letters, but those that are a duty")

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="wish")
    rhythm = models.CharField(_("letters"), max_length=8, choices=Rhythm, default=Rhythm.EACH)
    language = models.CharField(_("language of the letters"), max_length=5, default=settings.LANGUAGE_CODE)

    def __str__(self) -> str:
        return self.rhythm
