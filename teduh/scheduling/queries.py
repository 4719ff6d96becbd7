"""What screens need to know about free times and appointments."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from teduh.kernel.errors import NotVisible
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.scheduling import policies, slots
from teduh.scheduling.models import Appointment, AppointmentQuerySet, Availability, Leave, Reminder
from teduh.scheduling.slots import Busy, Day, Slot, WeekWindow
from teduh.scheduling.states import AppointmentState, AppointmentStep, Party

PAGE_SIZE = 25


@dataclass(frozen=True)
class AppointmentLine:
    """An appointment as its parties see it in a list; the wish stays sealed."""

    pk: int
    public_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    state: AppointmentState
    party: Party
    host_id: int
    host_name: str
    guest_id: int
    guest_name: str
    has_wish: bool
    steps: tuple[AppointmentStep, ...]

    @property
    def other_name(self) -> str:
        """The name of the other party."""
        return self.guest_name if self.party == Party.HOST else self.host_name


@dataclass(frozen=True)
class ReminderLine:
    """A reminder to be shown on a home page."""

    appointment: AppointmentLine
    is_today: bool


@dataclass(frozen=True)
class LeaveLine:
    """Days off, as their owner sees them."""

    public_id: uuid.UUID
    first_day: date
    last_day: date


@dataclass(frozen=True)
class GuestTime:
    """When somebody meets whom, and no more: what a guest may let others see."""

    starts_at: datetime
    host_name: str


# --- Free times ---


def week_windows(host_ids: Collection[int]) -> dict[int, list[WeekWindow]]:
    """Return the weekly windows of some persons (one query)."""
    found: dict[int, list[WeekWindow]] = defaultdict(list)
    for row in Availability.objects.filter(person_id__in=host_ids).order_by("weekday", "starts"):
        found[row.person_id].append(
            WeekWindow(
                row.weekday, _minutes(row.starts), _minutes(row.ends), row.slot_minutes, row.buffer_minutes
            )
        )
    return found


def free_slots_of(
    host_ids: Collection[int], first_day: date, days: int, *, at: datetime, guest_id: int | None = None
) -> dict[int, list[Day]]:
    """Return the free slots of several hosts, leaving out what the guest has elsewhere (three queries)."""
    windows = week_windows(host_ids)
    last_day = first_day + timedelta(days=days - 1)
    leave: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for off in Leave.objects.filter(person_id__in=host_ids, first_day__lte=last_day, last_day__gte=first_day):
        leave[off.person_id].append((off.first_day, off.last_day))
    everybody = set(host_ids) | ({guest_id} if guest_id is not None else set())
    begin = timezone.make_aware(datetime.combine(first_day, time.min))
    taken = (
        Appointment.objects.booked()
        .filter(Q(host_id__in=everybody) | Q(guest_id__in=everybody))
        .filter(ends_at__gt=begin - timedelta(days=1), starts_at__lt=begin + timedelta(days=days + 1))
        .values_list("host_id", "guest_id", "starts_at", "ends_at")
    )
    busy: dict[int, list[Busy]] = defaultdict(list)
    for taken_host, taken_guest, starts_at, ends_at in taken:
        for host_id in host_ids:
            if host_id in (taken_host, taken_guest):
                busy[host_id].append(Busy(starts_at, ends_at))
            elif guest_id in (taken_host, taken_guest):
                busy[host_id].append(Busy(starts_at, ends_at, with_buffer=False))
    return {
        host_id: slots.free(
            windows.get(host_id, ()), leave[host_id], busy[host_id], first_day=first_day, days=days, at=at
        )
        for host_id in host_ids
    }


def free_slots(
    host: Person, first_day: date, days: int, *, at: datetime, guest: Person | None = None
) -> list[Day]:
    """Return one host's free slots by day (three queries, however many days)."""
    guest_id = guest.pk if guest is not None else None
    return free_slots_of([host.pk], first_day, days, at=at, guest_id=guest_id)[host.pk]


def find_slot(host: Person, starts_at: datetime, *, at: datetime, guest: Person | None = None) -> Slot | None:
    """Return the free slot that begins at a moment, if it is one."""
    days = free_slots(host, timezone.localdate(starts_at), 1, at=at, guest=guest)
    return next((slot for day in days for slot in day.slots if slot.starts_at == starts_at), None)


def leave_of(actor: Actor, *, at: datetime) -> list[LeaveLine]:
    """Return the actor's own leave that is not over."""
    if actor.person_id is None:
        return []
    rows = Leave.objects.filter(person_id=actor.person_id, last_day__gte=timezone.localdate(at))
    return [LeaveLine(r.public_id, r.first_day, r.last_day) for r in rows.order_by("first_day")]


def booked_on_leave(host: Person, first_day: date, last_day: date) -> int:
    """Count the appointments that stand on days on which the host will be away."""
    begin = timezone.make_aware(datetime.combine(first_day, time.min))
    end = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
    return Appointment.objects.booked().filter(host=host, starts_at__gte=begin, starts_at__lt=end).count()


# --- Appointments ---


def appointment_of(actor: Actor, public_id: uuid.UUID) -> Appointment:
    """Return an appointment with its two parties.

    Raises NotVisible where the actor is neither, exactly as where there is none.
    """
    rows = Appointment.objects.visible_to(actor).select_related("host", "guest__organisation")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def line_of(actor: Actor, row: Appointment, *, at: datetime) -> AppointmentLine:
    """Return an appointment as a line for one of its parties."""
    return AppointmentLine(
        pk=row.pk,
        public_id=row.public_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=AppointmentState(row.state),
        party=Party.HOST if row.host_id == actor.person_id else Party.GUEST,
        host_id=row.host_id,
        host_name=row.host.full_name,
        guest_id=row.guest_id,
        guest_name=row.guest.full_name,
        has_wish=bool(row.wish),
        steps=policies.steps_open(actor, row, at=at),
    )


def _shown(actor: Actor) -> AppointmentQuerySet:
    return Appointment.objects.visible_to(actor).select_related("host", "guest")


def upcoming(actor: Actor, *, at: datetime, limit: int = PAGE_SIZE) -> list[AppointmentLine]:
    """Return the actor's booked appointments that are not over, the next first (one query)."""
    rows = _shown(actor).booked().filter(ends_at__gt=at).order_by("starts_at", "pk")[:limit]
    return [line_of(actor, row, at=at) for row in rows]


def upcoming_of_guests(guests: Collection[int], *, at: datetime) -> dict[int, list[GuestTime]]:
    """Return the coming times of guests who let others see them, as the caller has checked (one query)."""
    rows = Appointment.objects.booked().filter(guest_id__in=guests, ends_at__gt=at).select_related("host")
    times: dict[int, list[GuestTime]] = defaultdict(list)
    for row in rows.defer("wish").order_by("starts_at", "pk"):
        times[row.guest_id].append(GuestTime(row.starts_at, row.host.full_name))
    return times


def of_day(actor: Actor, day: date, *, at: datetime) -> list[AppointmentLine]:
    """Return the actor's appointments of a local day, in order, leaving out the cancelled (one query)."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    rows = (
        _shown(actor)
        .filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
        .exclude(state=AppointmentState.CANCELLED)
        .order_by("starts_at", "pk")
    )
    return [line_of(actor, row, at=at) for row in rows]


def unanswered(actor: Actor, *, before: datetime, at: datetime, limit: int = 5) -> list[AppointmentLine]:
    """Return what the actor hosted and has not yet marked as held or missed, the oldest first (one query)."""
    rows = _shown(actor).booked().filter(host_id=actor.person_id, ends_at__lte=before)
    return [line_of(actor, row, at=at) for row in rows.order_by("starts_at", "pk")[:limit]]


def hosted_with(actor: Actor, guest_id: int, *, at: datetime, days: int = 60) -> list[AppointmentLine]:
    """Return what the actor hosted with a guest of late, today included, newest first (one query)."""
    tomorrow = timezone.make_aware(datetime.combine(timezone.localdate(at) + timedelta(days=1), time.min))
    rows = (
        _shown(actor)
        .filter(host_id=actor.person_id, guest_id=guest_id, starts_at__gte=at - timedelta(days=days))
        .filter(starts_at__lt=tomorrow, state__in=(AppointmentState.BOOKED, AppointmentState.HELD))
        .order_by("-starts_at")
    )
    return [line_of(actor, row, at=at) for row in rows]


def page_of(actor: Actor, *, past: bool, number: str | int, at: datetime) -> "Page[AppointmentLine]":
    """Return a page of the actor's appointments: what comes, or what is over (two queries)."""
    over = Q(ends_at__lte=at) | ~Q(state=AppointmentState.BOOKED)
    rows = _shown(actor)
    if past:
        rows = rows.filter(over).order_by("-starts_at", "-pk")
    else:
        rows = rows.exclude(over).order_by("starts_at", "pk")
    found = Paginator(rows, PAGE_SIZE).get_page(number)
    lines = [line_of(actor, row, at=at) for row in found.object_list]
    return Page(lines, found.number, found.paginator)  # type: ignore[arg-type]


def reminders(actor: Actor, *, at: datetime) -> list[ReminderLine]:
    """Return the reminders to show now: brought up by the job, the appointment still ahead (one query)."""
    rows = (
        Reminder.objects.visible_to(actor)
        .showing()
        .filter(appointment__starts_at__gt=at)
        .select_related("appointment__host", "appointment__guest")
        .order_by("appointment__starts_at")
    )
    today, found = timezone.localdate(at), {}
    for row in rows:
        line = line_of(actor, row.appointment, at=at)
        found[line.public_id] = ReminderLine(line, timezone.localdate(line.starts_at) == today)
    return list(found.values())


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
