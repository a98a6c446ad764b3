"""Writing the journal and proving it."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.utils import timezone

from territories.journal.models import Entry
from territories.locks import alone_with
from territories.papers.digest import digest_of as canonical_digest_of
from territories.papers.digest import plain
from territories.tenancy import connection

request_id: ContextVar[str] = ContextVar("request_id", default="")
START = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """How many entries hold together, and the number of the first that doesn't."""

    checked: int
    broken: int | None = None
    why: str = ""


def record(
    verb: str, row, *, by=None, user=None, before: dict | None = None, after: dict | None = None
) -> Entry:
    """Add a line about `row` (or, if it is not saved, about its kind), done by a membership, by a person who plays no part in it
    (`user`: about their own account, or as staff), or, without either, by the machine.

    Only inside the transaction of the act itself; an advisory lock makes the chain a single file.
    """
    alone_with(f"journal:{connection.schema_name}")
    last = Entry.objects.order_by("-seq").values("seq", "digest").first()
    entry = Entry(
        seq=last["seq"] + 1 if last else 1,
        at=timezone.now(),
        actor_id=by.user_id if by else getattr(user, "pk", None),
        organisation_id=by.participation.organisation_id if by else None,
        role=by.role if by else "",
        verb=verb,
        subject=row._meta.label_lower,
        subject_id="" if row._state.adding else str(row.pk),
        before=plain(before or {}),
        after=plain(after or {}),
        request_id=request_id.get(),
        previous=last["digest"] if last else START,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def digest_of(entry: Entry) -> str:
    """SHA-256 of the entry's facts, the hash of the entry before among them."""
    facts = {
        name: getattr(entry, name)
        for name in [
            "seq",
            "actor_id",
            "organisation_id",
            "role",
            "verb",
            "subject",
            "subject_id",
            "before",
            "after",
            "request_id",
            "previous",
        ]
    }
    facts["at"] = entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    return canonical_digest_of(facts)


def verify(seals: dict[int, str] | None = None) -> Verdict:
    """Walk the chain of the schema that is active; `seals` are the digests that entries are known to have had."""
    seals = dict(seals or {})
    previous, expected = START, 1
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=500):
        if entry.seq != expected:
            return Verdict(expected - 1, expected, "an entry is missing")
        if entry.previous != previous or entry.digest != digest_of(entry):
            return Verdict(expected - 1, entry.seq, "the entry does not fit the chain")
        if seals.pop(entry.seq, entry.digest) != entry.digest:
            return Verdict(expected - 1, entry.seq, "the entry is another than the one that was sealed")
        previous, expected = entry.digest, expected + 1
    if seals:
        return Verdict(
            expected - 1, expected, f"the journal had reached entry {max(seals)} and ends before it"
        )
    return Verdict(expected - 1)
