"""Progress against plan, by worked examples."""

from datetime import date
from decimal import Decimal as D

import pytest

from spo.delivery.pace import due_by, percent

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 10)  # ten days


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 2, 28), "0"),
        (date(2027, 3, 1), "12"),  # by the end of the first of ten days
        (date(2027, 3, 5), "60"),
        (date(2027, 3, 10), "120"),
        (date(2027, 12, 31), "120"),
    ],
)
def test_a_term_is_due_evenly_from_its_first_day_to_its_last(day, due):
    assert due_by(day, D("120.00"), FIRST, LAST) == D(due)


def test_what_lasts_one_day_is_due_on_it():
    assert due_by(FIRST, D(7), FIRST, FIRST) == 7
    assert due_by(date(2027, 2, 28), D(7), FIRST, FIRST) == 0


def test_what_is_due_is_exact_until_it_is_shown():
    third = due_by(date(2027, 3, 1), D("10"), FIRST, date(2027, 3, 3))
    assert isinstance(third, D)
    assert third.quantize(D("0.0001")) == D("3.3333")


@pytest.mark.parametrize(
    ("done", "promised", "result"),
    [
        ("0", "2400", "0"),
        ("600", "2400", "25"),
        ("2400", "2400", "100"),
        ("4800", "2400", "100"),
        ("5", "0", "0"),
    ],
)
def test_percent_of_the_promise_is_at_most_a_hundred(done, promised, result):
    assert percent(D(done), D(promised)) == D(result)
