"""Reading what rooms hand to the tags, so that a room need not import the site to be drawn."""

import html
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

TONES = frozenset({"urgent", "concern", "ok", "info", "muted", "peer", "counselling", "psychosocial"})
LEVELS = ("peer", "counselling", "psychosocial")


def pick(item: Any, name: str, default: Any = None) -> Any:
    """Read a value by name from a mapping or an object, because rooms pass either."""
    if isinstance(item, Mapping):
        return item.get(name, default)
    return getattr(item, name, default)


def pair(item: Any, first: str = "label", second: str = "value") -> tuple[Any, Any]:
    """Read two values from a pair, a mapping or an object."""
    if isinstance(item, tuple | list):
        return item[0], item[1]
    return pick(item, first), pick(item, second)


def tone_or_muted(tone: object) -> str:
    """Return the tone if it is one that the style sheet knows; an unknown tone must not break a page."""
    return str(tone) if str(tone) in TONES else "muted"


def as_date(value: date | datetime | None) -> date | None:
    """Return the day in the current time zone, because a person reads days, not instants."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def escaped(value: object) -> str:
    """Return what may stand in HTML: safe text as it is, all else escaped; the same as in a template.

    Django's own function does this too, but asks about lazy texts each time, which a list of rows feels.
    """
    if hasattr(value, "__html__"):
        safe: str = value.__html__()
        return safe
    return html.escape(str(value))


def markup(*parts: str) -> SafeString:
    """Join parts that are markup or were escaped."""
    return mark_safe("".join(parts))  # noqa: S308 - each part comes from here or from `escaped`
