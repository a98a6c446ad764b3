"""What staff correct, with its line in the journal."""

from django.db import models, transaction

from territories.journal.chain import record
from territories.locks import alone_with
from territories.models import User
from territories.people.staff.rules import Correctable, why_not_correct
from territories.refusal import require
from territories.shown import require_seen


@transaction.atomic
def correct(row: models.Model, changed: list[str], *, seen: str = "", by: User) -> None:
    """Save what a member of staff has corrected or added; inside the admin's own transaction."""
    alone_at_the_desk(type(row))
    require(why_not_correct(row, changed, by))
    if row._state.adding:
        row.save(force_insert=True)
        record("register", row, user=by, after={name: getattr(row, name) for name in changed})
        return
    stands = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    require_seen(Correctable(stands), seen)
    fields = {field.name: field.attname for field in row._meta.concrete_fields if field.name in changed}
    before = {name: getattr(stands, attribute) for name, attribute in fields.items()}
    after = {name: getattr(row, attribute) for name, attribute in fields.items()}
    if before != after:
        row.save(update_fields=list(fields))
        record("correct", row, user=by, before=before, after=after)


def alone_at_the_desk(kind: type[models.Model]) -> None:
    """Two of the staff who add or correct the same kind of thing wait for each other."""
    alone_with(f"desk:{kind._meta.label_lower}")
