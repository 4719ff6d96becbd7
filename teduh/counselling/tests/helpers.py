"""Hours, bookings and episodes for the tests of counselling."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from teduh.care.actions.episodes import open_episode
from teduh.care.models import Episode
from teduh.care.states import LevelKey, Topic
from teduh.counselling.actions.booking import book_counsellor
from teduh.counselling.actions.sessions import hold_session
from teduh.counselling.models import Session
from teduh.counselling.states import Activity, Field
from teduh.counselling.web.show import slot_value
from teduh.scheduling.actions.availability import WindowInput, set_availability


def tomorrow(hour: int = 8, minute: int = 0) -> datetime:
    """Return a time of tomorrow; every day of the week is offered in these tests."""
    day = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def keep_hours(cast: Any, *names: str) -> None:
    """Give counsellors the hours 08:00 to 12:00 on every day."""
    for name in names or ("citra",):
        set_availability(
            person=cast.persons[name],
            windows=[WindowInput(day, time(8), time(12)) for day in range(7)],
            by=cast.actor(name),
            at=timezone.now(),
        )


def booked(cast: Any, starts_at: datetime | None = None, *, guest: str = "ayu", wish: str = "") -> uuid.UUID:
    """Book Citra as a student."""
    return book_counsellor(
        counsellor_id=cast.citra.public_id,
        starts_at=starts_at or tomorrow(),
        by=cast.actor(guest),
        at=timezone.now(),
        client_id=uuid.uuid4(),
        wish=wish,
    )


def episode_of(cast: Any, name: str = "ayu", *, lead: str = "citra") -> Episode:
    """Open a counselling episode."""
    return open_episode(
        organisation=cast.school,
        person=cast.persons[name],
        level=LevelKey.COUNSELLING,
        lead=cast.persons[lead],
        topic=Topic.FRIENDS,
        by=cast.actor(lead),
        at=timezone.now() - timedelta(days=1),
    )


def held(cast: Any, episode: Episode, by: str = "citra", **more: Any) -> Session:
    """Write a session."""
    values: dict[str, Any] = {
        "activity": Activity.INDIVIDUAL_COUNSELLING,
        "field": Field.SOCIAL,
        "happened_at": timezone.now() - timedelta(hours=1),
        "minutes": 40,
        "note": "Catatan pertemuan.",
        "next_step": "Menyapa satu teman.",
        "ratings": {},
        "client_id": uuid.uuid4(),
        "by": cast.actor(by),
        "at": timezone.now(),
    }
    return hold_session(episode=episode, **{**values, **more})


def booking_form(starts_at: datetime, **more: Any) -> dict[str, Any]:
    """Return what the confirmation page sends."""
    return {"slot": slot_value(starts_at), "wish": "", "client_id": str(uuid.uuid4()), **more}
