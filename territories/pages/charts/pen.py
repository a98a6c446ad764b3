"""What charts are drawn with: shapes and words as SVG of presentation attributes alone, colours, scales."""

import math
import re
import textwrap
from decimal import Decimal
from html import escape

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

INK, MUTED, GRID, TRACK = "#16101c", "#4c4653", "#d9cbe6", "#f6f2fa"

PURPLE, DEEP_TEAL, RED = "#5b2a86", "#00696b", "#b8281f"

# Each is 4.5:1 on white, so that a label may wear its line's colour; dashes say the same without colour.
PALETTE = (PURPLE, DEEP_TEAL, "#1d5fa8", "#9a4a12", "#b02a6b", "#4c4653")

DASHES = ("", "9 5", "2 4", "14 4 2 4", "5 3", "1 6")

# Claimed, confirmed, verified, evaluated: the surer, the fuller. (background, strokes or None, their path)
PATTERNS = (
    ("#ffffff", PURPLE, "M0 8 8 0"),
    ("#d5c3e4", PURPLE, "M0 4H8"),
    ("#7b4fa5", None, ""),
    ("#2b1145", None, ""),
)

FONT = "Atkinson Hyperlegible Next, Atkinson Hyperlegible Next Ext, Arial, sans-serif"

WIDTH = 440


def nothing(name, title):
    body = [rect(0, 0, WIDTH, 56, TRACK, rx=4), text(16, 34, _("Nothing to show yet"), fill=MUTED)]
    return svg(name, 56, title, body)


def svg(name, height, title, body):
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"A chart's name is made of a-z, 0-9 and hyphens: {name!r}")
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dicm-chart" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'role="img" aria-labelledby="{name}-title" font-family="{FONT}" font-size="15" fill="{INK}">'
        f'<title id="{name}-title">{escape(str(title))}</title>{"".join(body)}</svg>'
    )


def text(x, y, words, *, anchor="start", bold=False, size=15, fill=INK):
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight} fill="{fill}">'
        f"{escape(str(words))}</text>"
    )


def rect(x, y, width, height, fill, *, stroke=None, rx=0):
    edge = f' stroke="{stroke}"' if stroke else ""
    corner = f' rx="{rx}"' if rx else ""
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {box}{corner} fill="{fill}"{edge}/>'


def line(x1, y1, x2, y2, stroke, *, width=1):
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{width}"/>'


def circle(x, y, radius, fill=PURPLE):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="#ffffff" stroke-width="2"/>'


def polyline(points, colour, dash):
    if len(points) == 1:
        ((x, y),) = points
        return circle(x, y, 5, colour)
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    pen = f'stroke="{colour}" stroke-width="3" stroke-linejoin="round"{dashed}'
    return f'<polyline points="{joined}" fill="none" {pen}/>'


def pattern(id_, background, strokes, path):
    drawn = f'<path d="{path}" stroke="{strokes}" stroke-width="1.5"/>' if strokes else ""
    return (
        f'<pattern id="{id_}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{background}"/>{drawn}</pattern>'
    )


def share(part, whole):
    """Between 0 and 1, for geometry only."""
    return min(1.0, max(0.0, float(part) / float(whole))) if whole else 0.0


def wrapped(label, width):
    return textwrap.wrap(str(label), width) or [""]


def stretches(points):
    """The runs of points between gaps."""
    run = []
    for point in [*points, None]:
        if point:
            run.append(point)
        elif run:
            yield run
            run = []


def apart(ends, gap):
    """Labels at the ends of lines, moved down until none covers another."""
    placed: list = []
    for (x, y), label, colour in sorted(ends, key=lambda end: end[0][1]):
        floor = placed[-1][0][1] + gap if placed else y
        placed.append(((x, max(y, floor)), label, colour))
    return placed


def round_steps(lowest, highest, about=4):
    """Evenly spaced round numbers that span what is given and include nought."""
    span = Decimal(str(highest)) - Decimal(str(lowest))
    if span <= 0:
        return [Decimal(0), Decimal(1)]
    magnitude = Decimal(10) ** (span / about).adjusted()
    sizes = (Decimal(size) * magnitude for size in ("1", "2", "2.5", "5", "10"))
    step = next(size for size in sizes if size * about >= span)
    first = math.floor(Decimal(str(lowest)) / step)
    last = math.ceil(Decimal(str(highest)) / step)
    return [step * i for i in range(first, last + 1)]
