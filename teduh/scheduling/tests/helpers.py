"""A week to book in: it begins on the Monday after today at seven, local time."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from teduh.scheduling.actions.appointments import book
from teduh.scheduling.actions.availability import WindowInput, set_availability
from teduh.scheduling.models import Appointment


def monday() -> datetime:
    """Return seven o'clock on the Monday after today."""
    today = timezone.localdate()
    day = today + timedelta(days=7 - today.weekday())
    return timezone.make_aware(datetime.combine(day, time(7)))


def on(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """Return a moment of that week; day 0 is Monday."""
    return monday().replace(hour=hour, minute=minute) + timedelta(days=day)


def keep_hours(cast: Any, name: str = "citra", *, slot: int = 40, buffer: int = 10, days: int = 5) -> None:
    """Give somebody the hours 08:00 to 12:00 on the first days of the week."""
    set_availability(
        person=cast.persons[name],
        windows=[WindowInput(day, time(8), time(12), slot, buffer) for day in range(days)],
        by=cast.actor(name),
        at=monday(),
    )


def booked(
    cast: Any, starts_at: datetime, *, host: str = "citra", guest: str = "ayu", **more: Any
) -> Appointment:
    """Book a time as the guest."""
    more.setdefault("by", cast.actor(guest))
    more.setdefault("at", monday())
    more.setdefault("client_id", uuid.uuid4())
    return book(host=cast.persons[host], guest=cast.persons[guest], starts_at=starts_at, **more)
