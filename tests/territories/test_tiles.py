from xml.etree import ElementTree

import pytest

from territories.pages.tiles import SHADES, tiles
from tests.territories.test_charts import SVG, contrast

GWENT = ("gwent", "Gwent", "Gwent", 2, 6, "£1.0m", "£1.0m, 6 projects", "/gwent/?a=1&b=2", 4)
KENT = ("kent", "Kent <South>", "Kent", 7, 8, "£0", "£0, no projects", "/kent/", 0)


def drawn(*rows, **options):
    return ElementTree.fromstring(tiles("where", rows, title="Gwent leads", **options))


def test_the_map_on_a_page_is_a_group_of_links_that_read_as_sentences():
    root = drawn(GWENT, KENT)
    assert (root.get("role"), root[0].text) == ("group", "Gwent leads")
    assert [(a.get("href"), a.get("aria-label")) for a in root.iter(f"{SVG}a")] == [
        ("/gwent/?a=1&b=2", "Gwent: £1.0m, 6 projects"),
        ("/kent/", "Kent <South>: £0, no projects"),
    ]


def test_the_printed_map_is_one_image_without_links():
    root = drawn(GWENT, links=False)
    assert (root.get("role"), root.get("aria-labelledby"), root[0].get("id")) == (
        "img",
        "where-title",
        "where-title",
    )
    assert list(root.iter(f"{SVG}a")) == []


def test_tiles_stand_where_their_column_and_row_say():
    boxes = [(int(box.get("x")), int(box.get("y"))) for box in drawn(GWENT, KENT).iter(f"{SVG}rect")]
    assert boxes == [(4, 4), (4 + 5 * 72, 4 + 2 * 72)]


def test_a_tile_says_its_label_and_value():
    assert [node.text for node in drawn(GWENT).iter(f"{SVG}text")] == ["Gwent", "£1.0m"]


def test_the_legend_has_a_shade_for_each_text():
    root = drawn(GWENT, legend=["none", "some", "most"])
    assert [node.text for node in root.iter(f"{SVG}text")][2:] == ["none", "some", "most"]
    assert [box.get("fill") for box in root.iter(f"{SVG}rect")][1:] == [shade for shade, _ink in SHADES[:3]]


@pytest.mark.parametrize(("background", "ink"), SHADES)
def test_every_shade_is_legible(background, ink):
    assert contrast(background, ink) >= 4.5


def test_shades_grow_steadily_darker():
    depths = [contrast(background, "#ffffff") for background, _ink in SHADES]
    assert depths == sorted(depths)


def test_a_map_of_nothing_is_still_a_picture():
    assert drawn().get("role") == "group"


def test_nothing_that_the_security_policy_refuses():
    assert " style=" not in tiles("where", [GWENT], title="t")


def test_a_name_that_is_no_id_is_refused():
    with pytest.raises(ValueError):
        tiles("Where is it", [GWENT], title="t")
