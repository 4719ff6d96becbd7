"""Charts as SVG that follow the theme; the table behind each tells the same without the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.safestring import SafeString

from teduh.site.ui.svg import Drawing
from teduh.site.ui.values import pair, pick

LEFT, RIGHT, TOP, BOTTOM = 34, 14, 16, 34


@dataclass(frozen=True)
class Point:
    """One value with its label; `value` is None where the figure is suppressed or missing."""

    label: str
    value: float | None
    tone: str = ""

    @property
    def shown(self) -> str:
        """Return the value as short text."""
        return "" if self.value is None else f"{self.value:g}"


@dataclass(frozen=True)
class Band:
    """A named stretch of a scale, for example "mild", from `low` to `high` inclusive."""

    low: float
    high: float
    label: str
    tone: int


def read_points(points: Sequence[Any]) -> list[Point]:
    """Read points from pairs, mappings or objects with `label`, `value` and perhaps `tone`."""
    read = []
    for item in points:
        label, value = pair(item)
        tone = "" if isinstance(item, tuple | list) else str(pick(item, "tone", "") or "")
        read.append(Point(str(label), None if value is None else float(value), tone))
    return read


def read_bands(bands: Sequence[Any] | None) -> list[Band]:
    """Read bands from (low, high, label) triples, mappings or objects; tones run from calm to severe."""
    raw = []
    for item in bands or ():
        if isinstance(item, tuple | list):
            raw.append((float(item[0]), float(item[1]), str(item[2])))
        else:
            raw.append((float(pick(item, "low")), float(pick(item, "high")), str(pick(item, "label"))))
    last = max(len(raw) - 1, 1)
    return [
        Band(low, high, label, 1 + round(3 * index / last)) for index, (low, high, label) in enumerate(raw)
    ]


def _ticks(low: float, high: float) -> list[float]:
    span = max(high - low, 1)
    step = next(size for size in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10**9) if span / size <= 5)
    first = ceil(low / step) * step
    return [float(value) for value in range(int(first), int(high) + 1, step)]


def draw_lines(
    points: Sequence[Point], bands: Sequence[Band], low: float, high: float, width: int
) -> SafeString:
    """Draw one score over time; bands of the scale lie behind it."""
    height = 230
    drawing = Drawing(width, height, "chart")
    inner_width, inner_height = width - LEFT - RIGHT, height - TOP - BOTTOM
    span = (high - low) or 1

    def y_of(value: float) -> float:
        return TOP + inner_height * (1 - (min(max(value, low), high) - low) / span)

    for band in bands:
        top = y_of(min(band.high + (0.5 if band.high < high else 0), high))
        bottom = y_of(max(band.low - (0.5 if band.low > low else 0), low))
        drawing.add(
            "rect",
            f"chart__band chart__band--{band.tone}",
            x=LEFT,
            y=top,
            width=inner_width,
            height=bottom - top,
        )
        if bottom - top >= 15:
            drawing.text(band.label, "chart__text", x=width - RIGHT - 6, y=top + 13, anchor="end")
    for tick in _ticks(low, high):
        y = y_of(tick)
        drawing.add("line", "chart__grid", x1=LEFT, x2=width - RIGHT, y1=y, y2=y)
        drawing.text(f"{tick:g}", "chart__text", x=LEFT - 8, y=y + 4, anchor="end")
    known = [(index, point) for index, point in enumerate(points) if point.value is not None]
    names = max((len(band.label) for band in bands), default=0) * 6
    gap = inner_width - 40 - min(names, inner_width // 3)
    step = gap / (len(points) - 1) if len(points) > 1 else 0

    def x_of(index: int) -> float:
        return LEFT + 20 + (index * step if len(points) > 1 else gap / 2)

    if len(known) > 1:
        way = "L".join(f"{x_of(index):.1f} {y_of(point.value or 0):.1f}" for index, point in known)
        floor = f"{TOP + inner_height:.1f}"
        drawing.add(
            "path",
            "chart__area",
            d=f"M{way}L{x_of(known[-1][0]):.1f} {floor}L{x_of(known[0][0]):.1f} {floor}Z",
        )
        drawing.add("path", "chart__line", d=f"M{way}")
    every = max(1, ceil(len(points) * 46 / max(gap, 1)))
    for index, point in known:
        x, y = x_of(index), y_of(point.value or 0)
        drawing.add("circle", "chart__dot", cx=x, cy=y, r=5)
        drawing.text(point.shown, "chart__value", x=x, y=y - 11 if y > TOP + 16 else y + 20, anchor="middle")
    for index, point in enumerate(points):
        if (len(points) - 1 - index) % every == 0:
            drawing.text(point.label, "chart__text", x=x_of(index), y=height - 12, anchor="middle")
    return drawing.svg()


def draw_bars(points: Sequence[Point], width: int) -> SafeString:
    """Draw horizontal bars with names above them; a missing value is an empty dashed bar, not a zero."""
    row = 46
    drawing = Drawing(width, max(row * len(points), row), "chart")
    top = max((point.value or 0 for point in points), default=0) or 1
    for index, point in enumerate(points):
        y = index * row
        drawing.text(point.label, "chart__text", x=0, y=y + 14)
        if point.value is None:
            drawing.add("rect", "chart__hidden", x=1, y=y + 20, width=64, height=18, rx=5)
            drawing.text("< 5", "chart__text", x=33, y=y + 34, anchor="middle")
            continue
        length = max((width - 56) * point.value / top, 2)
        tone = f" chart__bar--{point.tone}" if point.tone else ""
        drawing.add("rect", f"chart__bar{tone}", x=0, y=y + 20, width=length, height=18, rx=5)
        drawing.text(point.shown, "chart__value", x=length + 8, y=y + 34)
    return drawing.svg()


def draw_ring(fraction: float, words: str, tone: str) -> SafeString:
    """Draw a ring that fills clockwise from the top; `fraction` is 0 to 1 and is cut there."""
    drawing = Drawing(48, 48, "ring")
    around = 2 * 3.14159 * 20
    share = min(max(fraction, 0.0), 1.0)
    drawing.add("circle", "ring__track", cx=24, cy=24, r=20)
    css = f"ring__fill ring__fill--{tone}" if tone else "ring__fill"
    if share > 0:
        drawing.add(
            "circle",
            css,
            cx=24,
            cy=24,
            r=20,
            stroke_dasharray=f"{around * share:.1f} {around:.1f}",
            transform="rotate(-90 24 24)",
        )
    drawing.text(words, "ring__text", x=24, y=28)
    return drawing.svg()
