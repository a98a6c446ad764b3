import shutil

from django.conf import settings

from dicm import house
from dicm.diagrams import with_diagrams

DOCS = settings.BASE_DIR / "docs"


def test_the_documented_diagrams_are_those_of_the_flows():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert with_diagrams(page) == page


def test_the_documented_house_is_that_of_the_contracts():
    assert (DOCS / "images" / "house.svg").read_text(encoding="utf-8") == house.drawn(settings.BASE_DIR)


def test_a_room_that_moves_moves_in_the_picture(tmp_path):
    for name in ("pyproject.toml", "docs/architecture.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(settings.BASE_DIR / name, tmp_path / name)
    contract = tmp_path / "pyproject.toml"
    swapped = contract.read_text().replace('"research",\n    "community"', '"community",\n    "research"', 1)
    contract.write_text(swapped)
    assert (order(settings.BASE_DIR), order(tmp_path)) == (
        ["research", "community"],
        ["community", "research"],
    )
    assert house.drawn(tmp_path) != house.drawn(settings.BASE_DIR)


def order(root):
    return [room for room in house.floors(root) if room in {"community", "research"}]
