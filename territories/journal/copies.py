"""Proving copies: each is what its digest says, its digest is the one that the journal tells, and none is gone.

The journal holds the digests of what was published, agreed, sealed or frozen. So whoever alters such a row, with the rights of
the owner of the tables, has to alter the journal as well, and that is seen (chain.py, seals.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Model

from territories.journal.models import Entry
from territories.papers.digest import digest_of

# Walks some things of the active schema: for each nothing, or what is wrong with it, as a sentence.
type Proof = Callable[[], Iterator[str]]
# A digest that was told: verb, key of the thing that the entry is about, digest.
type Told = tuple[str, str, str]
PROOFS: list[Proof] = []


@dataclass(frozen=True)
class Copies:
    """Rows of `model` with a `digest`, and mostly a `body`: each copied by an act that the journal calls one of `verbs`.

    `of` names the row's key to the thing that the act was about, where that is another, and `about` what kind of thing
    that is; `verb` the field that says which of several verbs it was.
    """

    model: type[Model]
    verbs: tuple[str, ...]
    of: str = "pk"
    about: type[Model] | None = None
    verb: str = ""

    def __call__(self) -> Iterator[str]:
        told = self._told()
        for row in self.model._default_manager.order_by("created_at", "pk").iterator(chunk_size=500):
            mark = self._mark(row)
            yield self._wrong(row, told[mark])
            told[mark] -= 1
        for verb, key, _digest in +told:
            yield f"{self.model._meta.label}: what the journal calls “{verb}” of {key} is gone"

    def _wrong(self, row, told: int) -> str:
        name = f"{row._meta.label} {row.pk}"
        if hasattr(row, "body") and digest_of(row.body) != row.digest:
            return f"{name} is not what its digest says"
        return "" if told > 0 else f"{name} is not what the journal tells"

    def _mark(self, row) -> Told:
        verb = getattr(row, self.verb) if self.verb else self.verbs[0]
        return verb, str(getattr(row, self.of)), row.digest

    def _told(self) -> Counter[Told]:
        subject = (self.about or self.model)._meta.label_lower
        entries = Entry.objects.filter(subject=subject, verb__in=self.verbs, after__has_key="digest")
        return Counter(entries.order_by("seq").values_list("verb", "subject_id", "after__digest"))


def proves(proof: Proof) -> None:
    """Called in dicm/copies.py for everything that `verify_journal` proves besides the journal itself."""
    PROOFS.append(proof)


def prove() -> tuple[int, str]:
    """How many things of the active schema fit, up to the first that does not; and what is wrong with that."""
    checked = 0
    for proof in PROOFS:
        for wrong in proof():
            if wrong:
                return checked, wrong
            checked += 1
    return checked, ""
