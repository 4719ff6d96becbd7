"""The person's way through the three levels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from teduh.care.labels import LEVELS
from teduh.care.models import Episode
from teduh.care.states import LevelKey


@dataclass(frozen=True)
class Stay:
    """One stay at a level, as the ribbon draws it."""

    level: str
    label: str | Promise
    start: datetime
    end: datetime | None
    current: bool
    href: str


def stays(episodes: Iterable[Episode], *, linked: bool, current: Episode | None = None) -> tuple[Stay, ...]:
    """Return episodes as stays, oldest first; links only for those who may open them."""
    return tuple(
        Stay(
            episode.level,
            LEVELS[LevelKey(episode.level)],
            episode.opened_at,
            episode.closed_at,
            episode.pk == current.pk if current is not None else episode.closed_at is None,
            reverse("care:episode", args=[episode.public_id]) if linked else "",
        )
        for episode in sorted(episodes, key=lambda row: row.opened_at)
    )
