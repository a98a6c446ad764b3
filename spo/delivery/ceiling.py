"""The ceiling of a term, without a database: nothing is given twice, and nothing costs more than was promised."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Ceiling:
    """What a term promised, and what of it is claimed or confirmed by now; quantities in its unit, money in pounds."""

    promised: Decimal
    promised_cost: Decimal
    counted: Decimal
    counted_cost: Decimal

    @property
    def left(self) -> Decimal:
        return self.promised - self.counted

    @property
    def left_cost(self) -> Decimal:
        return self.promised_cost - self.counted_cost

    def cost_of(self, quantity: Decimal) -> Decimal:
        """What so much more costs at the term's own unit cost, to the penny; all parts together cost the whole.

        Rounded from the start of the term, not part by part: three thirds of £100 are £33.33, £33.34 and £33.33.
        """
        full = self._up_to(self.counted + quantity) - self._up_to(self.counted)
        return max(min(full, self.left_cost), Decimal(0))

    def _up_to(self, quantity: Decimal) -> Decimal:
        return (self.promised_cost * quantity / self.promised).quantize(PENNY, ROUND_HALF_UP)


def share(cost: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """What `part` of something that cost `cost` as a `whole` costs, to the penny."""
    return (cost * part / whole).quantize(PENNY, ROUND_HALF_UP)
