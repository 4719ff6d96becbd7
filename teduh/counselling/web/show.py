"""Turns what the queries return into what the templates draw: words for days and times, addresses, groups."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from teduh.counselling.queries import Choice, Counsellor, HostLine
from teduh.counselling.web.forms import SLOT_FORMAT
from teduh.scheduling.queries import AppointmentLine
from teduh.scheduling.slots import Day
from teduh.scheduling.states import AppointmentStep

STEP_DONE: Mapping[AppointmentStep, Promise] = {
    AppointmentStep.HOLD: gettext_lazy("Noted: the meeting took place."),
    AppointmentStep.MISS: gettext_lazy("Noted: it did not take place."),
    AppointmentStep.CANCEL: gettext_lazy("The appointment is cancelled. The time is free again."),
}


@dataclass(frozen=True)
class SlotLink:
    """A free time as a link to its confirmation."""

    url: str
    label: str


@dataclass(frozen=True)
class SlotDay:
    """A day with its free times."""

    label: str
    slots: tuple[SlotLink, ...]


@dataclass(frozen=True)
class DayGroup:
    """The appointments of one day in a list."""

    label: str
    lines: tuple[HostLine, ...]


def slot_value(moment: datetime) -> str:
    """Return a slot as it stands in forms and addresses: local time, no zone."""
    return timezone.localtime(moment).strftime(SLOT_FORMAT)


def hour(moment: datetime) -> str:
    """Return the time of day as people write it in the reader's language."""
    return formats.date_format(timezone.localtime(moment), "TIME_FORMAT")


def day_words(day: date, *, today: date | None = None) -> str:
    """Return a day with its weekday; today and tomorrow by name where `today` is given."""
    words = formats.date_format(day, "l, j F")
    if today is not None and day == today:
        return _("Today, %(day)s") % {"day": words}
    if today is not None and day == today + timedelta(days=1):
        return _("Tomorrow, %(day)s") % {"day": words}
    return words


def _links(counsellor: uuid.UUID, days: Iterable[Day]) -> tuple[SlotDay, ...]:
    base = reverse("counselling:book_with", args=[counsellor])
    return tuple(
        SlotDay(
            day_words(day.day),
            tuple(
                SlotLink(f"{base}?{urlencode({'slot': slot_value(slot.starts_at)})}", hour(slot.starts_at))
                for slot in day.slots
            ),
        )
        for day in days
    )


def counsellor(found: Counsellor) -> dict[str, Any]:
    """Return a counsellor for the booking page."""
    return {
        "name": found.name,
        "is_mine": found.is_mine,
        "days": _links(found.public_id, found.days),
        "url": reverse("counselling:book_with", args=[found.public_id]),
    }


def times(choice: Choice) -> dict[str, Any]:
    """Return a counsellor's week for the page of times."""
    weeks = [
        {
            "label": " – ".join(formats.date_format(day, "j M") for day in (week.first_day, week.last_day)),
            "url": f"?week={week.number}",
            "current": week.is_shown,
        }
        for week in choice.weeks
    ]
    return {"name": choice.name, "days": _links(choice.public_id, choice.days), "weeks": weeks}


def radio_days(days: Iterable[Day]) -> list[dict[str, Any]]:
    """Return days with their times as radios, for a form that keeps what was typed."""
    return [
        {
            "label": day_words(day.day),
            "slots": [
                {"value": slot_value(slot.starts_at), "label": hour(slot.starts_at), "taken": False}
                for slot in day.slots
            ],
        }
        for day in days
    ]


def by_day(lines: Iterable[HostLine], *, at: datetime) -> list[DayGroup]:
    """Group a list of appointments by local day, in its own order."""
    today = timezone.localdate(at)
    return [
        DayGroup(day_words(day, today=today), tuple(group))
        for day, group in groupby(lines, key=lambda line: timezone.localdate(line.appointment.starts_at))
    ]


def appointment_labels(lines: Iterable[AppointmentLine]) -> dict[uuid.UUID, str]:
    """Return what the session form calls the appointments it can belong to."""
    return {
        line.public_id: f"{day_words(timezone.localdate(line.starts_at))}, {hour(line.starts_at)}"
        for line in lines
    }


def still_booked(count: int) -> str:
    """Say that appointments stand on days off."""
    return ngettext(
        "%(count)s appointment is still booked on these days. Cancel it, so that nobody waits.",
        "%(count)s appointments are still booked on these days. Cancel them, so that nobody waits.",
        count,
    ) % {"count": count}


def session_url(episode: uuid.UUID, appointment: uuid.UUID) -> str:
    """Return the address of the session form with the appointment chosen."""
    return f"{reverse('counselling:session', args=[episode])}?{urlencode({'appointment': appointment})}"


def episode_url(episode: uuid.UUID) -> str:
    """Return the spine's page of an episode; without one, the list of appointments."""
    try:
        return reverse("care:episode", args=[episode])
    except NoReverseMatch:
        return reverse("counselling:appointments")
