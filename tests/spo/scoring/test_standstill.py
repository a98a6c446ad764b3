"""Eight working days, by the calendar of the whole United Kingdom."""

from datetime import date

import pytest

from spo.scoring.standstill import earliest_end, works


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        pytest.param(
            date(2026, 6, 1), date(2026, 6, 10), id="a Monday counts: to the Wednesday of the next week"
        ),
        pytest.param(date(2027, 6, 5), date(2027, 6, 16), id="a Saturday doesn't: from the Monday after"),
        pytest.param(
            date(2026, 6, 6), date(2026, 6, 18), id="a holiday that was proclaimed once, in Scotland"
        ),
        pytest.param(date(2026, 12, 21), date(2027, 1, 5), id="Christmas, New Year, and what Scotland keeps"),
        pytest.param(date(2027, 3, 24), date(2027, 4, 6), id="Good Friday and Easter Monday"),
        pytest.param(date(2027, 7, 9), date(2027, 7, 21), id="the twelfth of July, in Northern Ireland"),
    ],
)
def test_the_shortest_standstill_has_eight_working_days_the_first_among_them(begins, ends):
    assert earliest_end(begins) == ends


def test_a_bank_holiday_in_any_part_of_the_country_is_no_working_day():
    days = [date(2027, 3, 17), date(2027, 5, 3), date(2027, 8, 2), date(2027, 11, 30), date(2027, 12, 1)]
    assert [works(day) for day in days] == [False, False, False, False, True]
