"""Territories as a map of equal squares: small ones are as visible as large ones, without boundary data.

A tile is (slug, name, label, column, row, value, sentence, href, shade): columns grow eastwards and rows
southwards, `value` is short text such as "£1.0m", `sentence` the same in full, `shade` 0 (least) to 4 (most).
"""

import re
from html import escape
from typing import NamedTuple

from django.utils.safestring import mark_safe

from territories.pages.charts.pen import FONT, INK

SIDE, GAP, EDGE = 72, 5, "#4a1f73"
# (background, text) per shade; each pair is 4.5:1 or more.
SHADES = (
    ("#f6f2fa", "#16101c"),
    ("#d5c3e4", "#16101c"),
    ("#b08fcd", "#16101c"),
    ("#7b4fa5", "#ffffff"),
    ("#4a1f73", "#ffffff"),
)


class Tile(NamedTuple):
    slug: str
    name: str
    label: str
    column: int
    row: int
    value: str
    sentence: str
    href: str
    shade: int


def tiles(name, rows, *, title, legend=(), links=True):
    """The map. `legend` has up to five texts, one per shade; `links=False` is the printed version.

    With links it is a group whose links read as "Gwent: £1.0m, 6 projects"; without, one image whose title
    states the message.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"A map's name is made of a-z, 0-9 and hyphens: {name!r}")
    placed = [Tile(*row) for row in rows]
    west = min((tile.column for tile in placed), default=0)
    north = min((tile.row for tile in placed), default=0)
    wide = max((tile.column - west + 1 for tile in placed), default=0)
    deep = max((tile.row - north + 1 for tile in placed), default=0)
    width = max(wide * SIDE, len(legend) * 96, SIDE) + 8
    height = deep * SIDE + 8 + (44 if legend else 0)
    body = [linked(tile, west, north) if links else square(tile, west, north) for tile in placed]
    body += [key(i, words, deep * SIDE + 16) for i, words in enumerate(legend)]
    role = "group" if links else "img"
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dicm-map" viewBox="0 0 {width} {height}" '
        f'role="{role}" aria-labelledby="{name}-title" font-family="{FONT}" fill="{INK}">'
        f'<title id="{name}-title">{escape(str(title))}</title>{"".join(body)}</svg>'
    )


def linked(tile, west, north):
    label = escape(f"{tile.name}: {tile.sentence}")
    return f'<a href="{escape(tile.href)}" aria-label="{label}">{square(tile, west, north)}</a>'


def square(tile, west, north):
    background, ink = SHADES[tile.shade]
    x, y, side = (tile.column - west) * SIDE + 4, (tile.row - north) * SIDE + 4, SIDE - GAP
    middle = x + side / 2
    size = 15 if len(tile.label) <= 7 else 13
    label, value = escape(str(tile.label)), escape(str(tile.value))
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="5" fill="{background}" stroke="{EDGE}"/>'
        f'<g text-anchor="middle" fill="{ink}">'
        f'<text x="{middle}" y="{y + 31}" font-size="{size}" font-weight="700">{label}</text>'
        f'<text x="{middle}" y="{y + 51}" font-size="14">{value}</text></g>'
    )


def key(i, words, y):
    x = 4 + i * 96
    return (
        f'<rect x="{x}" y="{y}" width="20" height="20" rx="3" fill="{SHADES[i][0]}" stroke="{EDGE}"/>'
        f'<text x="{x + 27}" y="{y + 15}" font-size="14">{escape(str(words))}</text>'
    )
