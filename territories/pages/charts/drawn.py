"""Pictures of numbers as SVG: the same string on the page, under a strict security policy, and in the PDF.

Every chart takes a `name`, unique on its page, from which its ids are made, and a `title` that states the message in a
sentence, for those who do not see it. Values are int or Decimal and are rounded only to be shown.
"""

import math
from decimal import Decimal

from django.utils.translation import gettext as _

from territories.pages.charts.pen import (
    DASHES,
    DEEP_TEAL,
    GRID,
    INK,
    MUTED,
    PALETTE,
    PATTERNS,
    PURPLE,
    RED,
    TRACK,
    WIDTH,
    apart,
    circle,
    line,
    nothing,
    pattern,
    polyline,
    rect,
    round_steps,
    share,
    stretches,
    svg,
    text,
    wrapped,
)
from territories.pages.numbers import number, rounded_to, shown


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
