"""Numbers as people read them; values are int or Decimal and are rounded only to be shown."""

import math
from decimal import ROUND_HALF_UP, Decimal

# Pounds in short: (divided by, rounded to, suffix, as long as the rounded number is below).
SHORT = (
    (1, "1", "", 10_000),
    (1000, "1", "k", 1000),
    (10**6, "0.1", "m", 1000),
    (10**9, "0.1", "bn", math.inf),
)


def number(value):
    """1,250 or 1,250.5: thousands with commas, at most two decimals, none when whole."""
    rounded = rounded_to(value, "0.01")
    text = f"{abs(rounded):,.2f}".removesuffix("00").removesuffix(".")
    if "." in text:
        text = text.rstrip("0")
    return f"−{text}" if rounded < 0 else text


def pounds(value):
    """£1,250 or £1,250.50: pence in full or not at all."""
    rounded = rounded_to(value, "0.01")
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,.2f}".removesuffix(".00")


def short_pounds(value):
    """£1.2bn, £8.9m, £640k, £1,250: short enough for a chart or a tile."""
    amount = abs(Decimal(str(value)))
    ladder = ((rounded_to(amount / size, step), suffix, below) for size, step, suffix, below in SHORT)
    short, suffix = next((short, suffix) for short, suffix, below in ladder if short < below)
    return f"{'−' if value < 0 and short else ''}£{short:,}{suffix}"


def rounded_to(value, step):
    return Decimal(str(value)).quantize(Decimal(step), ROUND_HALF_UP)


def shown(value, unit):
    if unit == "£":
        return short_pounds(value)
    return f"{number(value)} {unit}".strip() if unit != "%" else f"{number(value)}%"
