"""Set the weekly hours and the days off."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told
from teduh.scheduling import policies
from teduh.scheduling.models import Availability, Leave

LONGEST_SLOT, LONGEST_BUFFER, GRAIN = 180, 60, 5


@dataclass(frozen=True, order=True)
class WindowInput:
    """A weekly window to set; times are local, minutes whole multiples of five."""

    weekday: int
    starts: time
    ends: time
    slot_minutes: int = 40
    buffer_minutes: int = 10


@transaction.atomic
def set_availability(*, person: Person, windows: Sequence[WindowInput], by: Actor, at: datetime) -> None:
    """Replace the whole week of a person at once; appointments already booked stay as they are.

    Raises Refused for a window that is empty, too short for its slot, off the five-minute grain, or over
    another; NotVisible where the hours are not the actor's to keep.
    """
    if not policies.may_keep_availability(by, person):
        raise NotVisible
    week = sorted(windows)
    for window in week:
        _check(window)
    for before, after in pairwise(week):
        if before.weekday == after.weekday and after.starts < before.ends:
            raise Refused("window_overlap", _("Two times on this day overlap."), field=str(after.weekday))
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    Availability.objects.filter(person=person).delete()
    Availability.objects.bulk_create(
        [
            Availability(
                person=person,
                weekday=w.weekday,
                starts=w.starts,
                ends=w.ends,
                slot_minutes=w.slot_minutes,
                buffer_minutes=w.buffer_minutes,
            )
            for w in week
        ]
    )
    audit.record(told(by, "scheduling.availability.set", subject=person, windows=len(week)), at=at)


def _check(window: WindowInput) -> None:
    day = str(window.weekday)
    if not 0 <= window.weekday <= 6:
        raise Refused("weekday_unknown", _("This day does not exist."))
    if window.ends <= window.starts:
        raise Refused("window_backwards", _("The end must be after the start."), field=day)
    if not GRAIN <= window.slot_minutes <= LONGEST_SLOT or not 0 <= window.buffer_minutes <= LONGEST_BUFFER:
        raise Refused("slot_length", _("Choose a length from the list."), field="slot_minutes")
    minutes = (window.starts.minute, window.ends.minute, window.slot_minutes, window.buffer_minutes)
    if any(minute % GRAIN for minute in minutes) or window.starts.second or window.ends.second:
        raise Refused("off_grain", _("Use times in steps of five minutes, such as 07:30."), field=day)
    length = (window.ends.hour - window.starts.hour) * 60 + window.ends.minute - window.starts.minute
    if length < window.slot_minutes:
        raise Refused("window_short", _("This time is shorter than one meeting."), field=day)


@transaction.atomic
def add_leave(*, person: Person, first_day: date, last_day: date, by: Actor, at: datetime) -> Leave:
    """Close some days to booking; the same days again change nothing, booked appointments stay.

    Raises Refused for days that run backwards, are over, or span more than a year.
    """
    if not policies.may_keep_availability(by, person):
        raise NotVisible
    if last_day < first_day:
        raise Refused("leave_backwards", _("The last day must not be before the first."), field="last_day")
    if last_day < timezone.localdate(at):
        raise Refused("leave_over", _("These days are over already."), field="last_day")
    if (last_day - first_day).days > 366:
        raise Refused("leave_long", _("At most one year at a time."), field="last_day")
    row, made = Leave.objects.get_or_create(person=person, first_day=first_day, last_day=last_day)
    if made:
        audit.record(told(by, "scheduling.leave.add", row, subject=person), at=at)
    return row


@transaction.atomic
def remove_leave(*, person: Person, public_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Open the days again; leave that is gone already changes nothing."""
    if not policies.may_keep_availability(by, person):
        raise NotVisible
    row = Leave.objects.filter(person=person, public_id=public_id).first()
    if row is not None:
        audit.record(told(by, "scheduling.leave.remove", row, subject=person), at=at)
        row.delete()
