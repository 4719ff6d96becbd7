"""The dated figures of peer support, read once."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from teduh.kernel.data import read_data_file
from teduh.peers.matching import Weights

FILE = Path(__file__).parent / "data" / "peers.toml"


@dataclass(frozen=True)
class Figures:
    """What a supporter may carry, how long an offer waits, what counts in the matching."""

    capacity: int
    highest_capacity: int
    rest: timedelta
    answer_within: timedelta
    day_begins: time
    day_ends: time
    weights: Weights
    first_name: str
    second_names: tuple[str, ...]
    supervisor_title: str
    address: dict[str, str]
    languages: dict[str, str]


@lru_cache(maxsize=1)
def figures() -> Figures:
    """Return the figures.

    Raises DataInvalid where the file is malformed, KeyError where a figure is missing.
    """
    values = read_data_file(FILE).values
    offer = values["offer"]
    return Figures(
        capacity=int(values["load"]["capacity"]),
        highest_capacity=int(values["load"]["highest_capacity"]),
        rest=timedelta(hours=values["rest"]["after_alert_hours"]),
        answer_within=timedelta(minutes=offer["answer_minutes"]),
        day_begins=time.fromisoformat(offer["day_begins"]),
        day_ends=time.fromisoformat(offer["day_ends"]),
        weights=Weights(**values["weights"]),
        first_name=str(values["pseudonyms"]["first"]),
        second_names=tuple(values["pseudonyms"]["second"]),
        supervisor_title=str(values["supervisor"]["title"]),
        address=dict(values["supervisor"]["address"]),
        languages=dict(values["languages"]),
    )


def expires_at(offered_at: datetime) -> datetime:
    """Return when an offer runs out: after the answering time, but never by night, when supporters sleep."""
    given = figures()
    local = timezone.localtime(offered_at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    morning = midnight + timedelta(hours=given.day_begins.hour, minutes=given.day_begins.minute)
    if local < morning:
        return morning + given.answer_within
    evening = midnight + timedelta(hours=given.day_ends.hour, minutes=given.day_ends.minute)
    if local + given.answer_within > evening:
        return morning + timedelta(days=1) + given.answer_within
    return offered_at + given.answer_within
