"""The arithmetic of a tender, by worked examples."""

from decimal import Decimal as D

import pytest

from spo.tenders.marking import Ranked, adds_up, points, ranking


@pytest.mark.parametrize(
    ("grades", "top_grade", "total"),
    [
        # 60 × 5/5 + 40 × 5/5
        ([(D("60"), 5), (D("40"), 5)], 5, "100.00"),
        # 60 × 4/5 + 40 × 3/5 = 48 + 24
        ([(D("60"), 4), (D("40"), 3)], 5, "72.00"),
        # 50 × 2/3 + 30 × 1/3 + 20 × 0 = 33.33… + 10
        ([(D("50"), 2), (D("30"), 1), (D("20"), 0)], 3, "43.33"),
        # a half goes up: 33.45 × 1/10 = 3.345
        ([(D("33.45"), 1), (D("66.55"), 0)], 10, "3.35"),
        # rounded once: 2 × 3.345 = 6.69, not 2 × 3.35
        ([(D("33.45"), 1), (D("33.45"), 1), (D("33.10"), 0)], 10, "6.69"),
        # thirds that add up to all of it
        ([(D("33.33"), 4), (D("33.33"), 4), (D("33.34"), 4)], 4, "100.00"),
        ([(D("60"), 0), (D("40"), 0)], 5, "0.00"),
        ([], 5, "0.00"),
    ],
)
def test_points_are_the_weighted_share_of_the_highest_grade(grades, top_grade, total):
    assert str(points(grades, top_grade)) == total


def test_bids_are_ranked_from_most_points_and_ties_share_a_rank():
    totals = {"a": D("80.00"), "b": D("90.00"), "c": D("90.00"), "d": D("10.00")}
    assert ranking(totals) == [
        Ranked(1, "b", D("90.00")),
        Ranked(1, "c", D("90.00")),
        Ranked(3, "a", D("80.00")),
        Ranked(4, "d", D("10.00")),
    ]


def test_nobody_is_ranked_where_there_is_no_bid():
    assert ranking({}) == []


@pytest.mark.parametrize(
    ("weights", "whole"),
    [
        (["60", "40"], True),
        (["33.33", "33.33", "33.34"], True),
        (["0.1", "0.2", "99.7"], True),
        (["33.33", "33.33", "33.33"], False),
        (["60", "40.01"], False),
        ([], False),
    ],
)
def test_weights_make_exactly_a_hundred(weights, whole):
    assert adds_up(D(weight) for weight in weights) is whole
