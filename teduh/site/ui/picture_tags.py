"""Pictures of `{% load ui %}`: the journey ribbon and charts, each with the same told in words."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone

from teduh.site.ui import charts, ribbon
from teduh.site.ui.values import as_date

register = template.Library()


@register.inclusion_tag("ui/ribbon.html", name="ribbon")
def journey_ribbon(journey: Sequence[Any], compact: bool = False) -> dict[str, Any]:
    """Stays with `level`, `label`, `start`, `end`, `current`, `href`; `compact` for a narrow column.

    `{% ribbon journey %}`
    """
    segments = ribbon.read_segments(journey)
    today = as_date(timezone.now()) or timezone.now().date()
    return {
        "segments": segments,
        "narrow": ribbon.draw_ribbon(segments, today, 320),
        "wide": "" if compact else ribbon.draw_ribbon(segments, today, 640),
    }


@register.inclusion_tag("ui/chart.html")
def line_chart(
    points: Sequence[Any],
    label: object = "",
    low: float = 0,
    high: float | None = None,
    bands: Sequence[Any] | None = None,
    compact: bool = False,
) -> dict[str, Any]:
    """A score over time, its table in a fold below.

    `{% line_chart points label=_("PHQ-9") low=0 high=27 bands=bands %}`
    """
    read, stretches = charts.read_points(points), charts.read_bands(bands)
    values = [point.value for point in read if point.value is not None]
    top = float(high) if high is not None else max([*values, float(low) + 1])
    return {
        "points": read,
        "label": label,
        "narrow": charts.draw_lines(read, stretches, float(low), top, 310),
        "wide": "" if compact else charts.draw_lines(read, stretches, float(low), top, 620),
    }


@register.inclusion_tag("ui/chart.html")
def bar_chart(points: Sequence[Any], label: object = "", compact: bool = False) -> dict[str, Any]:
    """(label, value) bars; a value of None is shown as suppressed.

    `{% bar_chart points label=_("By topic") %}`
    """
    read = charts.read_points(points)
    return {
        "points": read,
        "label": label,
        "suppress": True,
        "narrow": charts.draw_bars(read, 300),
        "wide": "" if compact else charts.draw_bars(read, 620),
    }
