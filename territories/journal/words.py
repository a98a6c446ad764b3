"""The journal's verbs as people say them, told by the rooms whose verbs they are (dicm/verbs.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VERBS: dict[str, StrOrPromise] = {}


def verbs(words: Mapping[str, StrOrPromise]) -> None:
    """Called once for every room; a verb that two rooms share, both tell in the same words."""
    VERBS.update(words)
