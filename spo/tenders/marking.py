"""The arithmetic of a tender: weighted points out of 100, rounded once, ranked with ties shown.

points = Σ weight × grade / highest grade, over all criteria; half up to 2 places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Ranked[B]:
    """A bid's place; bids with equal points share a rank."""

    rank: int
    bid: B
    points: Decimal


def points(grades: Iterable[tuple[Decimal, int]], top_grade: int) -> Decimal:
    """Points out of 100 for (weight in percent, grade) pairs."""
    total = sum((weight * grade for weight, grade in grades), Decimal(0))
    return (total / top_grade).quantize(PLACES, ROUND_HALF_UP)


def ranking[B](totals: Mapping[B, Decimal]) -> list[Ranked[B]]:
    """Bids from most points to fewest."""
    rows = sorted(totals.items(), key=lambda item: -item[1])
    return [Ranked(1 + sum(other > total for _bid, other in rows), bid, total) for bid, total in rows]


def adds_up(weights: Iterable[Decimal]) -> bool:
    """Whether the weights of a tender's criteria make 100 percent."""
    return sum(weights, Decimal(0)) == 100
