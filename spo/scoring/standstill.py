"""The standstill between an award and its contract: Procurement Act 2023 s.51. Arithmetic without a database."""

from datetime import date, timedelta

from holidays import country_holidays

# Working days, the one on which the award is decided among them.
SHORTEST = 8
# Calendar days from the award: whoever gives a later day has mistyped a year.
LONGEST = timedelta(days=90)
# Where a day is a bank holiday, as a calendar knows it: no such day counts, whichever part of the country keeps it.
PARTS = ("ENG", "NIR", "SCT", "WLS")


def works(day: date) -> bool:
    """Whether it is no Saturday, Sunday, Christmas Day, Good Friday or bank holiday in any part of the United Kingdom."""
    return all(country_holidays("GB", subdiv=part).is_working_day(day) for part in PARTS)


def earliest_end(begins: date) -> date:
    """The last day of the shortest standstill that begins on a day."""
    day, left = begins, SHORTEST - works(begins)
    while left:
        day += timedelta(days=1)
        left -= works(day)
    return day
