"""Which times a person offers: weekly windows minus leave minus what is taken. No query here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

#: How far ahead an appointment can be booked.
HORIZON = timedelta(days=28)
#: Windows, slots and buffers are multiples of this: the grain in which time is kept occupied.
GRAIN = timedelta(minutes=5)


@dataclass(frozen=True, order=True)
class Slot:
    """One time that can be booked."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """A local day with its free slots; a day without any is left out."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Busy:
    """A taken stretch; `with_buffer` where the host's own buffer must be kept before and after it."""

    starts_at: datetime
    ends_at: datetime
    with_buffer: bool = True


@dataclass(frozen=True)
class WeekWindow:
    """A weekly window in plain values; times are local minutes since midnight."""

    weekday: int
    starts: int
    ends: int
    slot_minutes: int
    buffer_minutes: int


def grains(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the five-minute grains that a stretch touches."""
    first = starts_at - timedelta(
        minutes=starts_at.minute % 5, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    found = []
    while first < ends_at:
        found.append(first)
        first += GRAIN
    return found


def _local(day: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day)) + timedelta(minutes=minutes)  # noqa: DTZ001


def offered(window: WeekWindow, day: date) -> Iterator[Slot]:
    """Yield the slots of a window on a day, taken or not."""
    minute = window.starts
    while minute + window.slot_minutes <= window.ends:
        yield Slot(_local(day, minute), _local(day, minute + window.slot_minutes))
        minute += window.slot_minutes + window.buffer_minutes


def _is_free(slot: Slot, buffer: timedelta, busy: Iterable[Busy]) -> bool:
    for taken in busy:
        room = buffer if taken.with_buffer else timedelta(0)
        if slot.starts_at < taken.ends_at + room and taken.starts_at < slot.ends_at + room:
            return False
    return True


def free(
    windows: Iterable[WeekWindow],
    leave: Iterable[tuple[date, date]],
    busy: Iterable[Busy],
    *,
    first_day: date,
    days: int,
    at: datetime,
) -> list[Day]:
    """Return the free slots by day: not begun, within the horizon, not on leave, not taken."""
    windows, leave, busy = list(windows), list(leave), list(busy)
    found = []
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if any(first <= day <= last for first, last in leave):
            continue
        slots = {
            slot
            for window in windows
            if window.weekday == day.weekday()
            for slot in offered(window, day)
            if at < slot.starts_at <= at + HORIZON
            and _is_free(slot, timedelta(minutes=window.buffer_minutes), busy)
        }
        if slots:
            found.append(Day(day, tuple(sorted(slots))))
    return found


def earliest_first(by_host: Mapping[int, list[Day]]) -> list[int]:
    """Return the hosts who have a free slot, the one with the earliest first."""
    firsts = sorted((days[0].slots[0].starts_at, host) for host, days in by_host.items() if days)
    return [host for _, host in firsts]
