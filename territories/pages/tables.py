"""A table as the page's view makes it; components/data_table.html shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """Numbers stand to the right, digit below digit."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first the row's name; `silent` hides the caption from those who see the heading above it."""

    caption: str
    head: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    silent: bool = False

    @property
    def body(self) -> Iterable[Iterable[tuple[Any, Column]]]:
        """Each row's cells, each with its column; ValueError where they are not as many."""
        return (zip(row, self.head, strict=True) for row in self.rows)


def words(*labels: str) -> list[Column]:
    return [Column(label) for label in labels]


def numbers(*labels: str) -> list[Column]:
    return [Column(label, numeric=True) for label in labels]
