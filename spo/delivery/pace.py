"""Progress against plan, without a database.

A term is delivered evenly from its first day to its last: by then all of it should be there.
"""

from datetime import date
from decimal import Decimal


def due_by(day: date, quantity: Decimal, starts_on: date, ends_on: date) -> Decimal:
    """How much of `quantity` should have been delivered by the end of `day`."""
    whole = (ends_on - starts_on).days + 1
    passed = min(max((day - starts_on).days + 1, 0), whole)
    return quantity * passed / whole


def percent(done: Decimal, promised: Decimal) -> Decimal:
    """Percent of what was promised, at most 100; nothing promised is nothing done."""
    return min(done / promised, Decimal(1)) * 100 if promised else Decimal(0)
