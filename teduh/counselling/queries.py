"""What the screens of counselling need, as dataclasses."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page
from django.db.models import Exists, OuterRef
from django.utils import timezone

from teduh.care.models import Episode, Goal, GoalRating
from teduh.care.states import LevelKey
from teduh.counselling import policies
from teduh.counselling.level import COUNSELLORS
from teduh.counselling.models import Session
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.sealing import keyring
from teduh.messaging.queries import OwnTalk, own_talks
from teduh.messaging.states import RoomKind
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Person, RoleGrant
from teduh.people.models.person import PersonQuerySet, in_force
from teduh.people.told import told
from teduh.scheduling import queries as scheduling
from teduh.scheduling.actions.appointments import open_wish
from teduh.scheduling.queries import AppointmentLine, ReminderLine
from teduh.scheduling.slots import HORIZON, Day, Slot, earliest_first
from teduh.scheduling.states import AppointmentState, Party

#: How many of a counsellor's next times the first page shows.
FIRST_SLOTS = 4
WEEKS = 5


@dataclass(frozen=True)
class Counsellor:
    """A counsellor who can be booked, with the next free times."""

    public_id: uuid.UUID
    name: str
    #: Whether this counsellor already walks with the student.
    is_mine: bool
    days: tuple[Day, ...]

    @property
    def first(self) -> Slot | None:
        """The next free time."""
        return self.days[0].slots[0] if self.days else None


@dataclass(frozen=True)
class Week:
    """One of the weeks that can be chosen when booking."""

    number: int
    first_day: date
    last_day: date
    is_shown: bool


@dataclass(frozen=True)
class Choice:
    """A counsellor's free times in one week."""

    public_id: uuid.UUID
    name: str
    days: tuple[Day, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class HostLine:
    """An appointment as the counsellor works with it: with the episode to write in, where one is open."""

    appointment: AppointmentLine
    episode: uuid.UUID | None
    has_note: bool


@dataclass(frozen=True)
class CounsellorHome:
    """The counsellor's appointments of today, what is not noted yet, and the next one after today."""

    today: tuple[HostLine, ...]
    unanswered: tuple[HostLine, ...]
    next: AppointmentLine | None
    keeps_hours: bool
    #: Conversations in which something is unread.
    talks: tuple[OwnTalk, ...] = ()


@dataclass(frozen=True)
class StudentHome:
    """The student's next appointment with its reminder, or that there is somebody to book."""

    next: AppointmentLine | None
    reminder: ReminderLine | None
    can_book: bool
    talks: tuple[OwnTalk, ...] = ()


@dataclass(frozen=True)
class AppointmentPage:
    """One appointment with the opened wish, for one of its parties."""

    line: AppointmentLine
    wish: str
    episode: uuid.UUID | None
    has_note: bool
    may_open: bool


@dataclass(frozen=True)
class GoalLine:
    """A goal of the episode in the person's words, with the last rating."""

    public_id: uuid.UUID
    text: str
    last: int | None


@dataclass(frozen=True)
class SessionPage:
    """What the counsellor needs to write a session."""

    episode: Episode
    person_name: str
    goals: tuple[GoalLine, ...]
    last_next_step: str
    last_at: datetime | None
    appointments: tuple[AppointmentLine, ...]


# --- Booking ---


def _bookable(actor: Actor, *, at: datetime) -> PersonQuerySet:
    """Keep the counsellors of the actor's school who keep hours and are not excluded from the actor."""
    school, student = actor.organisation_id, actor.person_id
    if school is None or student is None or not policies.may_book_here(actor, school):
        return Person.objects.none()
    held = RoleGrant.objects.filter(
        in_force(at), person=OuterRef("pk"), role__in=COUNSELLORS, organisation_id=school
    )
    shut_out = Exclusion.objects.filter(in_force(at), person_id=student, excluded=OuterRef("pk"))
    rows = Person.objects.in_organisation(school).filter(Exists(held)).exclude(Exists(shut_out))
    return rows.filter(availabilities__isnull=False).exclude(pk=student).distinct()


def bookable(actor: Actor, public_id: uuid.UUID, *, at: datetime) -> Person:
    """Return a counsellor whom the actor can book.

    Raises NotVisible for anybody else.
    """
    found = _bookable(actor, at=at).select_related("organisation").filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def counsellors(actor: Actor, *, at: datetime) -> list[Counsellor]:
    """Return whom the student can book: who walks along already first, then whoever is free earliest."""
    found = {person.pk: person for person in _bookable(actor, at=at).order_by("full_name")}
    free = scheduling.free_slots_of(
        list(found), timezone.localdate(at), HORIZON.days + 1, at=at, guest_id=actor.person_id
    )
    own = Episode.objects.of_person(actor).active().filter(level=LevelKey.COUNSELLING)
    mine = set(own.values_list("lead_id", flat=True))
    order = earliest_first(free)
    order = [*order, *(pk for pk in found if pk not in order)]
    order.sort(key=lambda pk: pk not in mine)
    return [
        Counsellor(found[pk].public_id, found[pk].full_name, pk in mine, _first_slots(free[pk]))
        for pk in order
    ]


def _first_slots(days: list[Day]) -> tuple[Day, ...]:
    shown: list[Day] = []
    left = FIRST_SLOTS
    for day in days[:2]:
        if left > 0:
            shown.append(Day(day.day, day.slots[:left]))
            left -= len(day.slots)
    return tuple(shown)


def times_of(actor: Actor, counsellor: Person, week: int, *, at: datetime) -> Choice:
    """Return a counsellor's free times in the numbered week from this one, within four weeks from now."""
    today = timezone.localdate(at)
    number = min(max(week, 0), WEEKS - 1)
    monday = today - timedelta(days=today.weekday())
    weeks = tuple(
        Week(n, max(start, today), start + timedelta(days=6), n == number)
        for n in range(WEEKS)
        for start in (monday + timedelta(weeks=n),)
    )
    shown = weeks[number]
    free = scheduling.free_slots_of(
        [counsellor.pk],
        shown.first_day,
        (shown.last_day - shown.first_day).days + 1,
        at=at,
        guest_id=actor.person_id,
    )
    return Choice(counsellor.public_id, counsellor.full_name, tuple(free[counsellor.pk]), weeks)


def is_free(actor: Actor, counsellor: Person, starts_at: datetime, *, at: datetime) -> Slot | None:
    """Return the free slot that begins at a moment, if the actor can still take it."""
    if not at < starts_at <= at + HORIZON:
        return None
    days = scheduling.free_slots_of(
        [counsellor.pk], timezone.localdate(starts_at), 1, at=at, guest_id=actor.person_id
    )[counsellor.pk]
    return next((slot for day in days for slot in day.slots if slot.starts_at == starts_at), None)


def next_days(actor: Actor, counsellor: Person, *, at: datetime, days: int = 3) -> list[Day]:
    """Return the next days with free times, to choose again from."""
    free = scheduling.free_slots_of(
        [counsellor.pk], timezone.localdate(at), HORIZON.days + 1, at=at, guest_id=actor.person_id
    )
    return free[counsellor.pk][:days]


# --- Appointments ---


def own_person(actor: Actor) -> Person:
    """Return the actor as a person.

    Raises NotVisible for the system and for anonymous visitors.
    """
    found = Person.objects.filter(pk=actor.person_id).first() if actor.person_id is not None else None
    if found is None:
        raise NotVisible
    return found


def active_episodes(actor: Actor, person_ids: Collection[int]) -> dict[int, Episode]:
    """Return the open counselling episodes of some persons that the actor can see, by person (one query)."""
    rows = Episode.objects.visible_to(actor).active()
    rows = rows.filter(level=LevelKey.COUNSELLING, person_id__in=person_ids)
    return {row.person_id: row for row in rows.order_by("opened_at")}


def _host_lines(actor: Actor, lines: Collection[AppointmentLine]) -> tuple[HostLine, ...]:
    hosted = {line.guest_id for line in lines if line.party == Party.HOST}
    episodes = active_episodes(actor, hosted) if hosted else {}
    noted = _noted(lines) if hosted else set()
    return tuple(
        HostLine(
            line,
            episodes[line.guest_id].public_id
            if line.party == Party.HOST and line.guest_id in episodes
            else None,
            line.pk in noted,
        )
        for line in lines
    )


def _noted(lines: Collection[AppointmentLine]) -> set[int]:
    held = [line.pk for line in lines if line.state == AppointmentState.HELD]
    if not held:
        return set()
    rows = Session.objects.filter(appointment_id__in=held).values_list("appointment_id", flat=True)
    return {pk for pk in rows if pk is not None}


def counsellor_home(actor: Actor, *, at: datetime) -> CounsellorHome:
    """Return what the counsellor's home shows about appointments and messages (at most seven queries)."""
    today = timezone.localdate(at)
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    lines = scheduling.of_day(actor, today, at=at)
    late = scheduling.unanswered(actor, before=midnight, at=at)
    both = _host_lines(actor, [*lines, *late])
    ahead = scheduling.upcoming(actor, at=midnight + timedelta(days=1), limit=1)
    person_id = actor.person_id or 0
    keeps = bool(lines or ahead) or bool(scheduling.week_windows([person_id]))
    talks = tuple(own_talks(actor, kind=RoomKind.CARE, unread_only=True))
    return CounsellorHome(both[: len(lines)], both[len(lines) :], ahead[0] if ahead else None, keeps, talks)


def student_home(actor: Actor, *, at: datetime) -> StudentHome:
    """Return what the student's home shows about appointments and messages (at most four queries)."""
    ahead = [line for line in scheduling.upcoming(actor, at=at, limit=3) if line.party == Party.GUEST]
    shown = scheduling.reminders(actor, at=at) if ahead else []
    can_book = bool(ahead) or _bookable(actor, at=at).exists()
    talks = tuple(own_talks(actor, kind=RoomKind.CARE, limit=3))
    return StudentHome(ahead[0] if ahead else None, shown[0] if shown else None, can_book, talks)


def unanswered(actor: Actor, *, at: datetime) -> tuple[HostLine, ...]:
    """Return the counsellor's past appointments that still wait for a word."""
    if not actor.has(*COUNSELLORS):
        return ()
    return _host_lines(actor, scheduling.unanswered(actor, before=at, at=at))


def appointments(actor: Actor, *, past: bool, number: str, at: datetime) -> "Page[HostLine]":
    """Return a page of the actor's appointments (at most four queries)."""
    found = scheduling.page_of(actor, past=past, number=number, at=at)
    lines = _host_lines(actor, list(found.object_list))
    return Page(lines, found.number, found.paginator)  # type: ignore[arg-type]


def appointment_page(actor: Actor, public_id: uuid.UUID, *, at: datetime) -> AppointmentPage:
    """Return one appointment with its opened wish; the reading is recorded, so call it in a transaction.

    Raises NotVisible for anybody but host and guest.
    """
    row = scheduling.appointment_of(actor, public_id)
    line = scheduling.line_of(actor, row, at=at)
    (shown,) = _host_lines(actor, [line])
    stands = line.state in (AppointmentState.BOOKED, AppointmentState.HELD)
    may_open = line.party == Party.HOST and stands and shown.episode is None
    return AppointmentPage(
        line=line,
        wish=open_wish(appointment=row, by=actor, at=at),
        episode=shown.episode,
        has_note=shown.has_note,
        may_open=may_open and bool(policies.may_open(actor, row.organisation_id)),
    )


# --- Sessions ---


def writable_episode(actor: Actor, public_id: uuid.UUID) -> Episode:
    """Return an active counselling episode in which the actor may write.

    Raises NotVisible for every other one, exactly as where there is none.
    """
    rows = Episode.objects.visible_to(actor).select_related("person__organisation", "organisation")
    episode = rows.filter(public_id=public_id).first()
    if episode is None or not policies.may_write_session(actor, episode):
        raise NotVisible
    return episode


def led_episode(actor: Actor, public_id: uuid.UUID) -> Episode:
    """Return an active counselling episode that the actor leads.

    Raises NotVisible for every other one, exactly as where there is none.
    """
    episode = Episode.objects.visible_to(actor).filter(public_id=public_id).first()
    if episode is None or not policies.may_converse(actor, episode):
        raise NotVisible
    return episode


def session_page(actor: Actor, episode: Episode, *, at: datetime) -> SessionPage:
    """Return what the session form shows; goals and the last agreement are opened, so it is recorded."""
    goals = list(Goal.objects.filter(episode=episode).order_by("set_at", "pk"))
    last = (
        Session.objects.visible_to(actor)
        .filter(contact__episode=episode)
        .select_related("contact")
        .order_by("-contact__happened_at", "-pk")
        .first()
    )
    latest = _last_ratings(goals)
    keyring.prime({goal.sealing_key_id for goal in goals} | ({last.sealing_key_id} if last else set()))
    lines = scheduling.hosted_with(actor, episode.person_id, at=at)
    noted = _noted(lines)
    if goals or last:
        audit.record(told(actor, "care.episode.read", episode, subject=episode.person), at=at)
    return SessionPage(
        episode=episode,
        person_name=episode.person.full_name,
        goals=tuple(GoalLine(goal.public_id, goal.text.open(), latest.get(goal.pk)) for goal in goals),
        last_next_step=last.next_step.open() if last else "",
        last_at=last.contact.happened_at if last else None,
        appointments=tuple(line for line in lines if line.pk not in noted),
    )


def _last_ratings(goals: Collection[Goal]) -> Mapping[int, int]:
    if not goals:
        return {}
    rows = GoalRating.objects.filter(goal__in=goals).order_by("rated_at", "pk")
    return dict(rows.values_list("goal_id", "value"))
