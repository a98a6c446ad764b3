"""Letters as rooms write them: declared once, told from facts in the reader's language, in the page and by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from territories.pages.numbers import number, pounds
from territories.pages.times import day, moment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LETTERS: dict[str, Letter] = {}


@dataclass(frozen=True)
class Letter:
    """`subject`, `words` and `button` are filled with the facts by name.

    A `duty` can't be stopped: nothing goes on without its reader. What is `hushed` would tell who bids, so leads
    don't see that it went.
    """

    name: str
    subject: StrOrPromise
    words: StrOrPromise
    button: StrOrPromise
    duty: bool = False
    hushed: bool = False

    def __post_init__(self):
        if LETTERS.setdefault(self.name, self) is not self:
            raise ValueError(f"There are two letters “{self.name}”.")


@dataclass(frozen=True)
class Told:
    """A letter in words."""

    subject: str
    words: str
    button: str


def told(name: str, facts: dict[str, Any]) -> Told:
    """In the active language."""
    letter, said = LETTERS[name], {key: in_words(value) for key, value in facts.items()}
    return Told(str(letter.subject) % said, str(letter.words) % said, str(letter.button) % said)


class _Unsaid(dict):
    def __missing__(self, key: str) -> str:
        return "…"


def named(name: str) -> str:
    """Its subject without what it is about, for whoever may know that it went and no more."""
    return str(LETTERS[name].subject) % _Unsaid()


def as_facts(given: dict[str, Any]) -> dict[str, Any]:
    """For JSON; what is worded by language keeps its kind beside it."""
    return {key: _fact(value) for key, value in given.items()}


def _fact(value: Any) -> Any:
    match value:
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Money():
            return {"pounds": str(value)}
        case Decimal():
            return {"number": str(value)}
        case _:
            return str(value)


class Money(Decimal):
    """Pounds."""


def in_words(fact: Any) -> str:
    match fact:
        case {"moment": value}:
            return moment(datetime.fromisoformat(value))
        case {"day": value}:
            return day(date.fromisoformat(value))
        case {"pounds": value}:
            return pounds(Decimal(value))
        case {"number": value}:
            return number(Decimal(value))
        case _:
            return str(fact) or _("nothing")
