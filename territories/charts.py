"""Pictures of numbers as SVG: the same string on the page, under a strict security policy, and in the PDF.

Only presentation attributes. Every chart takes a `name`, unique on its page, from which its ids are made, and
a `title` that states the message in a sentence, for those who do not see it. Values are int or Decimal and
are rounded only to be shown.
"""

import math
import re
import textwrap
from decimal import ROUND_HALF_UP, Decimal
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
# Pounds in short: (divided by, rounded to, suffix, as long as the rounded number is below).
SHORT = (
    (1, "1", "", 10_000),
    (1000, "1", "k", 1000),
    (10**6, "0.1", "m", 1000),
    (10**9, "0.1", "bn", math.inf),
)
FONT = "Atkinson Hyperlegible Next, Atkinson Hyperlegible Next Ext, Arial, sans-serif"
WIDTH = 440


def number(value):
    """1,250 or 1,250.5: thousands with commas, at most two decimals, none when whole."""
    rounded = rounded_to(value, "0.01")
    text = f"{abs(rounded):,.2f}".removesuffix("00").removesuffix(".")
    if "." in text:
        text = text.rstrip("0")
    return f"−{text}" if rounded < 0 else text


def pounds(value):
    """£1,250 or £1,250.50: pence in full or not at all."""
    rounded = rounded_to(value, "0.01")
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,.2f}".removesuffix(".00")


def short_pounds(value):
    """£1.2bn, £8.9m, £640k, £1,250: short enough for a chart or a tile."""
    amount = abs(Decimal(str(value)))
    ladder = ((rounded_to(amount / size, step), suffix, below) for size, step, suffix, below in SHORT)
    short, suffix = next((short, suffix) for short, suffix, below in ladder if short < below)
    return f"{'−' if value < 0 and short else ''}£{short:,}{suffix}"


def rounded_to(value, step):
    return Decimal(str(value)).quantize(Decimal(step), ROUND_HALF_UP)


def shown(value, unit):
    if unit == "£":
        return short_pounds(value)
    return f"{number(value)} {unit}".strip() if unit != "%" else f"{number(value)}%"


def bars(name, rows, *, title, unit="£"):
    """Rows of (label, value), drawn in the order given, from nought. A negative value has a number, no bar."""
    if not rows:
        return nothing(name, title)
    top = max((value for _label, value in rows), default=0)
    out, y = [], 4
    for label, value in rows:
        words = wrapped(label, 36)
        out += [text(0, y + 16 + 19 * i, part) for i, part in enumerate(words)]
        out.append(text(WIDTH, y + 16, shown(value, unit), anchor="end", bold=True))
        y += 19 * len(words) + 5
        out.append(rect(0, y, WIDTH, 16, TRACK, rx=2))
        if value > 0:
            out.append(rect(0, y, max(2, share(value, top) * WIDTH), 16, PURPLE, rx=2))
        y += 30
    return svg(name, y - 10, title, out)


def bullets(name, rows, *, title, unit=""):
    """Progress against plan: rows of (label, done, due by today, promised), or with a unit of its own after them."""
    if not rows:
        return nothing(name, title)
    out, y = [], 4
    for label, done, due, promised, *own in rows:
        state, colour = (_("On track"), DEEP_TEAL) if done >= due else (_("Behind"), RED)
        full = max(done, due, promised)
        words = wrapped(label, 36)
        out += [text(0, y + 16 + 19 * i, part, bold=True) for i, part in enumerate(words)]
        out.append(text(WIDTH, y + 16, state, anchor="end", bold=True, fill=colour))
        y += 19 * len(words) + 9
        out.append(rect(0, y, max(1, share(promised, full) * WIDTH), 22, TRACK, stroke=MUTED))
        if done > 0:
            out.append(rect(0, y + 5, share(done, full) * WIDTH, 12, colour))
        out.append(rect(min(share(due, full) * WIDTH, WIDTH - 4), y - 4, 4, 30, INK))
        own_unit = own[0] if own else unit
        sentence = _("%(done)s of %(promised)s, %(due)s due by today") % {
            "done": shown(done, "£" if own_unit == "£" else ""),
            "promised": shown(promised, own_unit),
            "due": shown(due, "£" if own_unit == "£" else ""),
        }
        out.append(text(0, y + 41, sentence, size=14, fill=MUTED))
        y += 62
    out += [rect(0, y - 2, 4, 16, INK), text(12, y + 11, _("due by today"), size=14, fill=MUTED)]
    return svg(name, y + 18, title, out)


def lines(name, labels, series, *, title, unit="£"):
    """One line per (name, values), a value for each label; None leaves a gap. More than six are illegible."""
    values = [value for _name, points in series for value in points if value is not None]
    if not labels or not values:
        return nothing(name, title)
    left, right, top, height = 56, 104, 12, 240
    ticks = round_steps(min([0, *values]), max(values))
    span = ticks[-1] - ticks[0]

    def at(i, value):
        across = i / (len(labels) - 1) if len(labels) > 1 else 0
        return left + across * (WIDTH - left - right), top + height * (1 - float((value - ticks[0]) / span))

    out = []
    for tick in ticks:
        y = at(0, tick)[1]
        out.append(line(left, y, WIDTH - right, y, INK if tick == 0 else GRID))
        out.append(text(left - 8, y + 5, shown(tick, unit), anchor="end", size=13, fill=MUTED))
    every = math.ceil(len(labels) / 5)
    for i, label in enumerate(labels):
        if i % every == 0:
            anchor = "start" if i == 0 else "middle"
            out.append(text(at(i, ticks[0])[0], top + height + 22, label, anchor=anchor, size=13, fill=MUTED))
    ends = []
    for k, (label, points) in enumerate(series):
        colour, dash = PALETTE[k % len(PALETTE)], DASHES[k % len(DASHES)]
        placed = [None if value is None else at(i, Decimal(str(value))) for i, value in enumerate(points)]
        for stretch in stretches(placed):
            out.append(polyline(stretch, colour, dash))
        last = next((spot for spot in reversed(placed) if spot), None)
        if last:
            ends.append((last, label, colour))
    for (x, y), label, colour in apart(ends, 18):
        out.append(text(x + 8, y + 5, label, size=14, bold=True, fill=colour))
    return svg(name, top + height + 34, title, out)


def stacked(name, parts, *, title, unit="£"):
    """One bar in parts of (label, value), least sure first: claimed, confirmed, verified, evaluated."""
    whole = sum(Decimal(str(value)) for _label, value in parts)
    if whole <= 0:
        return nothing(name, title)
    drawn = PATTERNS[-len(parts) :] if len(parts) <= len(PATTERNS) else PATTERNS
    out = ["<defs>", *(pattern(f"{name}-{i}", *look) for i, look in enumerate(drawn)), "</defs>"]
    x, y = 0.0, 64
    for i, (label, value) in enumerate(parts):
        fill = f"url(#{name}-{i % len(drawn)})"
        width = share(value, whole) * WIDTH
        if width:
            out.append(rect(x, 2, width, 40, fill, stroke=INK))
        x += width
        percent = rounded_to(Decimal(str(value)) * 100 / whole, "1")
        out.append(rect(1, y, 20, 20, fill, stroke=INK))
        out.append(text(32, y + 16, label))
        out.append(text(WIDTH, y + 16, f"{shown(value, unit)} ({percent}%)", anchor="end", bold=True))
        y += 30
    return svg(name, y, title, out)


def spread(name, rows, *, title, low=0, high=5):
    """Several scores per row: (label, scores), on a scale from `low` to `high`; equal scores stand side by side."""
    if not rows:
        return nothing(name, title)
    left, usable = 12, WIDTH - 24
    steps = range(int(low), int(high) + 1)

    def at(score):
        return left + share(score - low, high - low) * usable

    out, y = [], 4
    for label, scores in rows:
        said = _("no scores yet") if not scores else " · ".join(number(score) for score in sorted(scores))
        words = wrapped(label, 34)
        out += [text(0, y + 16 + 19 * i, part, bold=True) for i, part in enumerate(words)]
        out.append(text(WIDTH, y + 16, said, anchor="end", size=14, fill=MUTED))
        y += 19 * len(words) + 16
        out.append(line(left, y, left + usable, y, GRID, width=2))
        out += [line(at(step), y - 5, at(step), y + 5, MUTED) for step in steps]
        if len(set(scores)) > 1:
            out.append(line(at(min(scores)), y, at(max(scores)), y, PURPLE, width=6))
        for score in sorted(set(scores)):
            same = scores.count(score)
            for i in range(same):
                out.append(circle(at(score) + (i - (same - 1) / 2) * 15, y, 7))
        y += 24
    out += [text(at(step), y + 8, step, anchor="middle", size=13, fill=MUTED) for step in steps]
    return svg(name, y + 18, title, out)


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
