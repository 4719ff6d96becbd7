"""The journey ribbon: one person's way through the three levels of care, as a picture and as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from teduh.site.ui.svg import Drawing
from teduh.site.ui.values import LEVELS, as_date, pick

BAND = 58
TOP = 8
TURN = 16
SHORTEST_SHARE = 0.09


@dataclass(frozen=True)
class Segment:
    """One stay at one level of care; `end` is None while it lasts."""

    level: str
    label: str
    start: date
    end: date | None
    current: bool
    href: str


def level_name(level: str) -> str:
    """Return the name of a level of care as people say it."""
    match level:
        case "peer":
            return pgettext("level of care", "Peer support")
        case "counselling":
            return pgettext("level of care", "Counselling")
        case "psychosocial":
            return pgettext("level of care", "Psychosocial")
    return level


def read_segments(journey: Sequence[Any]) -> list[Segment]:
    """Read segments from objects or mappings, oldest first; what has no start or known level is left out."""
    segments = []
    for item in journey:
        start = as_date(pick(item, "start"))
        level = str(pick(item, "level", ""))
        if start is None or level not in LEVELS:
            continue
        end = as_date(pick(item, "end"))
        current = bool(pick(item, "current", end is None))
        label = str(pick(item, "label", "") or level_name(level))
        segments.append(Segment(level, label, start, end, current, str(pick(item, "href", "") or "")))
    return sorted(segments, key=lambda segment: segment.start)


def _edges(segments: Sequence[Segment], today: date, left: float, right: float) -> list[tuple[float, float]]:
    """Share the width by days, but give each stay enough room to be seen."""
    days = [max((segment.end or today).toordinal() - segment.start.toordinal(), 0) for segment in segments]
    total = sum(days) or 1
    shares = [max(length / total, SHORTEST_SHARE) for length in days]
    unit = (right - left) / sum(shares)
    edges, at = [], left
    for share in shares:
        edges.append((at, at + share * unit))
        at += share * unit
    return edges


def draw_ribbon(segments: Sequence[Segment], today: date, width: int) -> SafeString:
    """Draw the ribbon `width` units wide: three bands, one line, a dot where the person is now."""
    height = TOP + BAND * 3 + 26
    drawing = Drawing(width, height, "ribbon__pic")
    for row, level in enumerate(LEVELS):
        top = TOP + row * BAND
        drawing.add("rect", f"ribbon__band--{level}", x=0, y=top, width=width, height=BAND - 4, rx=14)
        drawing.text(level_name(level), f"ribbon__name ribbon__name--{level}", x=12, y=top + 19)
    if not segments:
        return drawing.svg()
    edges = _edges(segments, today, 24.0, width - 24.0)
    middles = [TOP + LEVELS.index(segment.level) * BAND + BAND * 0.62 for segment in segments]
    paths: list[tuple[str, str]] = []
    for index, (segment, (start, end), y) in enumerate(zip(segments, edges, middles, strict=True)):
        turn = min(TURN, (end - start) / 2)
        if index == 0:
            way = f"M{start:.1f} {y:.1f}"
        else:
            before = middles[index - 1]
            back = min(TURN, (edges[index - 1][1] - edges[index - 1][0]) / 2)
            curve = f"C{start:.1f} {before:.1f} {start:.1f} {y:.1f} {start + turn:.1f} {y:.1f}"
            way = f"M{start - back:.1f} {before:.1f}{curve}"
        last = index == len(segments) - 1
        paths.append((segment.level, f"{way}H{end if last else max(end - turn, start + turn):.1f}"))
    for _, way in paths:
        drawing.add("path", "ribbon__way ribbon__way--under", d=way)
    for level, way in paths:
        drawing.add("path", f"ribbon__way ribbon__seg--{level}", d=way)
    drawing.add("circle", "ribbon__dot", cx=edges[0][0], cy=middles[0], r=6)
    here, y = edges[-1][1], middles[-1]
    if segments[-1].current:
        drawing.add("circle", "ribbon__halo", cx=here, cy=y, r=13)
    drawing.add("circle", "ribbon__dot ribbon__dot--now", cx=here, cy=y, r=7)
    _dates(drawing, segments, edges, today, height - 8, width)
    return drawing.svg()


def _dates(
    drawing: Drawing,
    segments: Sequence[Segment],
    edges: Sequence[tuple[float, float]],
    today: date,
    y: float,
    width: int,
) -> None:
    """Write the first and last day, and days of change where there is room for them."""
    final = segments[-1]
    last = pgettext("time", "today") if final.current else date_format(final.end or today, "j M")
    drawing.text(last, "ribbon__date", x=width - 12, y=y, anchor="end")
    free = 12.0
    for segment, (start, _) in zip(segments, edges, strict=True):
        at = max(start - 12, 12.0)
        if at >= free and at < width - 110:
            drawing.text(date_format(segment.start, "j M"), "ribbon__date", x=at, y=y)
            free = at + 62
