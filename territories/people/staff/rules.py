"""What DICM's own staff may correct, and why something can't be kept as they wrote it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from territories.models import Organisation, SupportType, Territory, User

# What a kind of support keeps, once it is there.
SETTLED = ("code", "unit", "unit_cy")
# What staff may correct. A territory's other facts are the atlas's.
CORRECTED: dict[type[models.Model], set[str]] = {
    Territory: {"valid_to", "successor"},
    Organisation: {"name", "closed_at"},
    SupportType: set(SupportType.changing),
}


@dataclass(frozen=True)
class Correctable:
    """A row as staff see it: what they may correct, as it stands."""

    about: models.Model

    def as_shown(self) -> dict:
        return {field.attname: getattr(self.about, field.attname) for field in self._fields()}

    def in_words(self) -> str:
        return "; ".join(
            f"{field.verbose_name}: {getattr(self.about, field.name) or '–'}" for field in self._fields()
        )

    def _fields(self) -> list[models.Field]:
        kind = type(self.about)
        return [field for field in kind._meta.concrete_fields if field.name in CORRECTED[kind]]


def why_not_correct(row: models.Model, changed: list[str], by: User) -> str | None:
    if not User.objects.filter(pk=by.pk, is_active=True, staff__isnull=False).exists():
        return _("Only DICM's staff correct this.")
    may = CORRECTED.get(type(row), set()) | (set(SETTLED) if row._state.adding else set())
    if not may.issuperset(changed) or (row._state.adding and not isinstance(row, SupportType)):
        return _("This is not for staff to change.")
    return why_not_keep(row, changed)


def why_not_keep(row: models.Model, changed: list[str]) -> str | None:
    """What the row's own fields and constraints say, those that are not on the form too."""
    if "closed_at" in changed and (closed := getattr(row, "closed_at", None)) and closed > timezone.now():
        return _("An organisation is closed from the moment that you give. Give one that has passed.")
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(changed))
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as wrong:
        return " ".join(wrong.messages)
    return None
