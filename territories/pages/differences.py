"""What changed between two versions of the same facts, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from territories.pages.numbers import number, pounds
from territories.pages.times import day, moment


@dataclass(frozen=True)
class Difference:
    """One fact: what it is called, how it was, how it is."""

    label: str
    before: str
    after: str


def differences(before: dict, after: dict, row: Any) -> list[Difference]:
    """The facts that differ, those of `row.as_shown()`; a fact that is on one side only is empty on the other."""
    old, new = dict(_flat(before, type(row))), dict(_flat(after, type(row)))
    return [
        Difference(label, old.get(label, ""), new.get(label, ""))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, "") != new.get(label, "")
    ]


def _flat(facts: dict, kind: type, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(label, words) of every fact; `kind.parts_shown` says of which kind the rows inside are."""
    for name, value in facts.items():
        if isinstance(value, dict):
            part, label = getattr(kind, "parts_shown", {}).get(name, (kind, "%s"))
            for key, inner in value.items():
                heading = label % key
                if isinstance(inner, dict):
                    yield from _flat(inner, part, f"{heading}: ")
                else:
                    yield heading, _words(name, inner, part)
        else:
            yield f"{prefix}{_label(name, kind)}", _words(name, value, kind)


def _field(name: str, kind: type) -> models.Field | None:
    try:
        return kind._meta.get_field(name)  # type: ignore[attr-defined]
    except (AttributeError, FieldDoesNotExist):
        return None


def _label(name: str, kind: type) -> str:
    named = getattr(kind, "names_shown", {}).get(name)
    found = _field(name, kind)
    label = str(named or (found.verbose_name if found is not None else name))
    return label[:1].upper() + label[1:]


def _words(name: str, value: Any, kind: type) -> str:
    found = _field(name, kind)
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(found, models.DecimalField):
        return pounds(Decimal(value)) if "cost" in name else number(Decimal(value))
    if isinstance(found, models.DateTimeField):
        return moment(value if isinstance(value, datetime) else parse_datetime(value))
    if isinstance(found, models.DateField):
        return day(value if isinstance(value, date) else parse_date(value))
    if found is not None and found.choices:
        return str(dict(found.flatchoices).get(value, value))
    return str(value)
