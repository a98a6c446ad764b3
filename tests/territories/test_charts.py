import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from territories.pages.charts import drawn, pen
from territories.pages.numbers import number, pounds, short_pounds

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def words(svg):
    """What is written in the picture, in order."""
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def widths(svg, fill):
    return [
        float(node.get("width"))
        for node in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if node.get("fill") == fill
    ]


def everything():
    return [
        drawn.bars("a", [("Skills", Decimal("10"))], title="t"),
        drawn.bullets("b", [("Hours", 1, 2, 3)], title="t"),
        drawn.lines("c", ["Apr", "May"], [("Promised", [1, 2])], title="t"),
        drawn.stacked("d", [("Claimed", 1), ("Confirmed", 3)], title="t"),
        drawn.spread("e", [("Skills", [1, 3])], title="t"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1250, "1,250"),
        (Decimal("1250.50"), "1,250.5"),
        (Decimal("24.00"), "24"),
        (Decimal("-3"), "−3"),
        (Decimal("0.005"), "0.01"),
        (100, "100"),
    ],
)
def test_numbers_have_commas_and_no_idle_decimals(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "£0"), (1250, "£1,250"), (Decimal("1250.5"), "£1,250.50"), (Decimal("-1.25"), "−£1.25")],
)
def test_pounds_show_pence_in_full_or_not_at_all(value, text):
    assert pounds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "£0"),
        (1250, "£1,250"),
        (9999, "£9,999"),
        (Decimal("9999.60"), "£10k"),
        (640_000, "£640k"),
        (999_400, "£999k"),
        (999_950, "£1.0m"),
        (8_900_000, "£8.9m"),
        (Decimal("1250000000"), "£1.3bn"),
        (-640_000, "−£640k"),
    ],
)
def test_short_pounds_never_say_a_thousand_thousand(value, text):
    assert short_pounds(value) == text


@pytest.mark.parametrize("colour", [*pen.PALETTE, pen.INK, pen.MUTED, pen.DEEP_TEAL, pen.RED])
def test_every_colour_of_words_is_legible_on_white(colour):
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", [pen.PURPLE, pen.DEEP_TEAL, pen.RED])
def test_every_bar_stands_out_from_its_track(colour):
    assert contrast(colour, pen.TRACK) >= 3


def test_a_chart_is_one_image_named_by_its_message():
    root = ElementTree.fromstring(drawn.bars("themes", [("Skills", 2)], title="Skills lead & win"))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "themes-title")
    assert (root[0].tag, root[0].get("id"), root[0].text) == (
        f"{SVG}title",
        "themes-title",
        "Skills lead & win",
    )


@pytest.mark.parametrize("svg", everything())
def test_nothing_that_the_security_policy_refuses(svg):
    assert re.findall(r"<style|<script| style=| on\w+=", svg) == []


def test_the_same_numbers_draw_the_same_string():
    assert everything() == everything()


def test_ids_carry_the_name_of_the_chart():
    ids = [
        node.get("id")
        for svg in everything()
        for node in ElementTree.fromstring(svg).iter()
        if node.get("id")
    ]
    assert ids == ["a-title", "b-title", "c-title", "d-title", "d-0", "d-1", "e-title"]


@pytest.mark.parametrize("name", ["", "Two words", "1st", 'a"b'])
def test_a_name_that_is_no_id_is_refused(name):
    with pytest.raises(ValueError):
        drawn.bars(name, [("Skills", 1)], title="t")


def test_what_people_typed_is_text_and_never_markup():
    svg = drawn.bars("a", [("<script>alert(1)</script>", 1)], title='"><b>')
    assert words(svg)[0] == "<script>alert(1)</script>"
    assert "<script" not in svg
    assert "<b>" not in svg


@pytest.mark.parametrize(
    "svg",
    [
        drawn.bars("a", [], title="t"),
        drawn.bullets("a", [], title="t"),
        drawn.lines("a", [], [], title="t"),
        drawn.lines("a", ["Apr"], [("Promised", [None])], title="t"),
        drawn.stacked("a", [], title="t"),
        drawn.stacked("a", [("Claimed", 0)], title="t"),
        drawn.spread("a", [], title="t"),
    ],
)
def test_no_data_says_so(svg):
    assert words(svg) == ["Nothing to show yet"]


def test_bars_are_in_proportion():
    svg = drawn.bars("a", [("All", Decimal("8000000")), ("Half", 4_000_000), ("None", 0)], title="t")
    assert widths(svg, pen.PURPLE) == [440.0, 220.0]
    assert words(svg) == ["All", "£8.0m", "Half", "£4.0m", "None", "£0"]


def test_bars_of_nought_and_below_have_a_number_and_no_bar():
    svg = drawn.bars("a", [("Nought", 0), ("Below", Decimal("-5"))], title="t")
    assert widths(svg, pen.PURPLE) == []
    assert words(svg) == ["Nought", "£0", "Below", "−£5"]


def test_a_long_label_is_wrapped_and_never_cut():
    label = "Support for people who leave prison and look for work near their families"
    assert " ".join(words(drawn.bars("a", [(label, 1)], title="t"))[:-1]) == label


def test_progress_says_its_state_in_words():
    svg = drawn.bullets("a", [("Weeks", 412, 380, 620, "weeks"), ("Hires", 31, 42, 60)], title="t")
    assert words(svg) == [
        "Weeks",
        "On track",
        "412 of 620 weeks, 380 due by today",
        "Hires",
        "Behind",
        "31 of 60, 42 due by today",
        "due by today",
    ]


def test_more_done_than_promised_stays_inside_the_picture():
    svg = drawn.bullets("a", [("Hours", 20, 5, 10)], title="t")
    assert widths(svg, pen.DEEP_TEAL) == [440.0]


def test_a_gap_in_a_line_is_a_gap():
    svg = drawn.lines("a", ["Apr", "May", "Jun", "Jul", "Aug"], [("Claimed", [1, 2, None, 3, 4])], title="t")
    assert len(re.findall("<polyline", svg)) == 2


def test_a_single_point_is_a_dot():
    assert len(re.findall("<circle", drawn.lines("a", ["Apr"], [("Claimed", [5])], title="t"))) == 1


def test_labels_of_lines_that_end_together_do_not_cover_each_other():
    svg = drawn.lines("a", ["Apr", "May"], [("One", [1, 5]), ("Two", [1, 5]), ("Three", [1, 5])], title="t")
    ends = [
        float(node.get("y"))
        for node in ElementTree.fromstring(svg).iter(f"{SVG}text")
        if node.text in {"One", "Two", "Three"}
    ]
    assert [later - earlier for earlier, later in pairwise(ends)] == [18.0, 18.0]


@pytest.mark.parametrize(
    ("lowest", "highest", "steps"),
    [
        (0, 0, [0, 1]),
        (0, 10, [0, Decimal("2.5"), 5, Decimal("7.5"), 10]),
        (0, Decimal("9600000"), [0, 2_500_000, 5_000_000, 7_500_000, 10_000_000]),
        (-4, 4, [-4, -2, 0, 2, 4]),
    ],
)
def test_axes_have_round_numbers(lowest, highest, steps):
    assert pen.round_steps(lowest, highest) == steps


def test_assurance_is_split_by_share_and_told_apart_without_colour():
    svg = drawn.stacked("sure", [("Claimed", 25), ("Confirmed", 75)], title="t", unit="")
    assert words(svg) == ["Claimed", "25 (25%)", "Confirmed", "75 (75%)"]
    assert [widths(svg, f"url(#sure-{i})") for i in (0, 1)] == [[110.0, 20.0], [330.0, 20.0]]


def test_equal_scores_stand_side_by_side():
    svg = drawn.spread("a", [("Skills", [4, 4, 2])], title="t")
    across = [float(node.get("cx")) for node in ElementTree.fromstring(svg).iter(f"{SVG}circle")]
    assert across == [178.4, 337.3, 352.3]
    assert words(svg)[:2] == ["Skills", "2 · 4 · 4"]


def test_no_scores_yet_says_so():
    assert words(drawn.spread("a", [("Skills", [])], title="t"))[:2] == ["Skills", "no scores yet"]
