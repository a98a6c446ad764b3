"""The house as one picture, drawn from the contracts that `make lint` holds and from the table of the documentation.

Every floor may import what lies below it; what may not be imported is no part of the picture.
"""

import re
import tomllib
from html import escape
from pathlib import Path

from territories.pages.charts.pen import GRID, INK, MUTED, PURPLE, TRACK, line, rect, text

WIDTH, LEFT, FLOOR, GAP = 980, 40, 44, 6
ROW = re.compile(r"^\| (?P<verb>[^|]+) \| (?P<what>[^|]+) \| `(?P<room>[a-z/]+)/` \|$", re.MULTILINE)
# What stands at the two ends of the line, which are no verbs of the model.
ENDS = {
    "dicm": ("", "wiring: settings, addresses, what is collected from all rooms; the demo and the bench"),
    "territories.people": ("", "how people come, act, prove who they are and leave"),
    "territories.notices": ("", "who is told what, in the page and by letter"),
    "territories": ("", "who and where: territories, organisations, people, the journal, tenancy"),
    "territories.papers": ("", "files that come in and go out"),
    "territories.pages": ("", "what a page is made of"),
}


def floors(root: Path) -> list[str]:
    """The rooms from the top to the ground, as the two lines of imports have them."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    house, ground = (one["layers"] for one in contracts[:2])
    inner = [f"territories.{one}" if one.isidentifier() else "territories" for one in ground]
    return [*house[:-1], *inner]


def words(page: str) -> dict[str, tuple[str, str]]:
    """Of every room, its verbs and what happens there: the first table of the documentation."""
    said: dict[str, tuple[str, str]] = {}
    for row in ROW.finditer(page):
        verb = re.sub(r"\*\*|[()]", "", row["verb"])
        room = row["room"].replace("/", ".")
        verbs, what = said.get(room, ("", ""))
        said[room] = (f"{verbs}, {verb}".strip(", "), f"{what}; {row['what']}".strip("; "))
    return said | ENDS


def drawn(root: Path) -> str:
    """An SVG for docs/images/house.svg."""
    said = words((root / "docs" / "architecture.md").read_text(encoding="utf-8"))
    rooms = floors(root)
    height = GAP + len(rooms) * (FLOOR + GAP)
    body = [arrow(height)]
    for place, room in enumerate(rooms):
        body += floor(room, *said[room], top=GAP + place * (FLOOR + GAP))
    title = "The rooms of DICM: each may import what lies below it"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="house" font-family="Arial, sans-serif" fill="{INK}">'
        f'<title id="house">{escape(title)}</title>{"".join(body)}</svg>\n'
    )


def floor(room: str, verb: str, what: str, *, top: float) -> list[str]:
    """One room: its folder, the model's verb in bold, and what happens."""
    below = room.startswith("territories")
    edge = PURPLE if verb else GRID
    return [
        rect(LEFT, top, WIDTH - LEFT - GAP, FLOOR, TRACK if below else "#ffffff", stroke=edge, rx=4),
        text(LEFT + 14, top + 27, room.replace(".", "/") + "/", size=14, bold=True, fill=PURPLE),
        text(LEFT + 190, top + (18 if verb else 27), verb or what, size=13, bold=bool(verb)),
        *([text(LEFT + 190, top + 35, what, size=13, fill=MUTED)] if verb else []),
    ]


def arrow(height: float) -> str:
    """Down the left side: may import."""
    x, foot = 18, height - 10
    words = f'<g transform="rotate(-90 {x - 5} 96)">{text(x - 5, 96, "may import", size=12, fill=MUTED)}</g>'
    return "".join(
        [
            line(x, 12, x, foot, MUTED, width=2),
            line(x, foot, x - 6, foot - 10, MUTED, width=2),
            line(x, foot, x + 6, foot - 10, MUTED, width=2),
            words,
        ]
    )
