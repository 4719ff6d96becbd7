"""What somebody who works at a door sees: waiting requests, open alerts, referrals to answer, own episodes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from teduh.care import labels
from teduh.care.models import Alert, Episode, FollowUp, HelpRequest, Referral
from teduh.care.states import (
    AlertSource,
    AlertState,
    Direction,
    Door,
    EpisodeState,
    LevelKey,
    ReferralState,
    RequestState,
    Severity,
    Topic,
    Urgency,
)
from teduh.kernel import clock
from teduh.kernel.prepared import Prepared
from teduh.people.access import Actor

#: Rows on a list page.
ROWS = 20

Row = TypeVar("Row", bound=Model)
Line = TypeVar("Line")


@dataclass(frozen=True)
class RequestLine:
    """A request in the queue: how long it waits, and how full its ring is (1 = due)."""

    public_id: uuid.UUID
    who: str
    topic: str | Promise
    door: str | Promise
    urgency: str | Promise
    tone: str
    state: str | Promise
    level: str
    sent_at: datetime
    due_at: datetime
    filled: float
    waits_minutes: int


@dataclass(frozen=True)
class AlertLine:
    """An alert in the list."""

    public_id: uuid.UUID
    who: str
    category: str | Promise
    source: str | Promise
    severity: str
    severity_label: str | Promise
    state: str
    state_label: str | Promise
    raised_at: datetime
    due_at: datetime
    overdue: bool


@dataclass(frozen=True)
class ReferralRow:
    """A referral to answer, or one that was sent."""

    public_id: uuid.UUID
    who: str
    level: str
    other_side: str
    state: str | Promise
    tone: str
    urgency: str | Promise
    due_at: datetime | None
    overdue: bool
    direction: str


@dataclass(frozen=True)
class EpisodeRow:
    """An episode in a list."""

    public_id: uuid.UUID
    who: str
    level: str
    topic: str | Promise
    state: str
    state_label: str | Promise
    opened_at: datetime
    last_contact_at: datetime | None
    lead: str

    @property
    def since(self) -> datetime:
        """The last contact, or the opening where there was none."""
        return self.last_contact_at or self.opened_at


@dataclass(frozen=True)
class FollowUpRow:
    """A day on which the actor looks again."""

    public_id: uuid.UUID
    who: str
    due_on: date
    overdue: bool
    is_aftercare: bool


def _filled(sent_at: datetime, due_at: datetime, now: datetime) -> float:
    whole = (due_at - sent_at).total_seconds() or 1.0
    return round(min(1.0, max(0.0, (now - sent_at).total_seconds() / whole)), 2)


def request_line(row: HelpRequest, now: datetime) -> RequestLine:
    """Return a request as a line."""
    return RequestLine(
        row.public_id,
        row.person.full_name if row.person else str(labels.DOORS[Door(row.door)]),
        labels.TOPICS[Topic(row.topic)],
        labels.DOORS[Door(row.door)],
        labels.URGENCIES[Urgency(row.urgency)],
        labels.URGENCY_TONES[Urgency(row.urgency)],
        labels.REQUEST_STATES[RequestState(row.state)],
        row.decided_level or row.recommended_level,
        row.sent_at,
        row.due_at,
        _filled(row.sent_at, row.due_at, now),
        int((now - row.sent_at).total_seconds() // 60),
    )


def waiting_requests(actor: Actor, page: int = 1) -> "Page[RequestLine]":
    """Return what waits at the actor's door, soonest due first (two queries)."""
    rows = HelpRequest.objects.visible_to(actor).waiting().select_related("person").order_by("due_at", "pk")
    return _page(rows, page, lambda row: request_line(row, clock.now()))


def _page(rows: "QuerySet[Row]", number: int, line: Callable[[Row], Line]) -> "Page[Line]":
    found: Page[Any] = Paginator(rows, ROWS).get_page(number)
    found.object_list = [line(row) for row in found.object_list]
    return found


def alert_line(row: Alert, now: datetime) -> AlertLine:
    """Return an alert as a line."""
    return AlertLine(
        row.public_id,
        row.person.full_name if row.person else "",
        labels.CATEGORIES.get(row.category, row.category),
        labels.ALERT_SOURCES[AlertSource(row.source)],
        row.severity,
        labels.SEVERITIES[Severity(row.severity)],
        row.state,
        labels.ALERT_STATES[AlertState(row.state)],
        row.raised_at,
        row.due_at,
        row.state == AlertState.RAISED and row.due_at <= now,
    )


def open_alerts(actor: Actor, limit: int = ROWS) -> tuple[AlertLine, ...]:
    """Return the alerts that wait for the actor or are in the actor's hands, gravest and soonest due first."""
    rows = (
        Alert.objects.visible_to(actor)
        .open()
        .select_related("person")
        .order_by("state", "-severity", "due_at")[:limit]
    )
    now = clock.now()
    lines = [alert_line(row, now) for row in rows]
    return tuple(
        sorted(
            lines, key=lambda line: (line.state != AlertState.RAISED, line.severity != "urgent", line.due_at)
        )
    )


def alerts_page(actor: Actor, page: int = 1, *, resolved: bool = False) -> "Page[AlertLine]":
    """Return the actor's alerts, open or resolved (two queries)."""
    rows = Alert.objects.visible_to(actor).select_related("person")
    rows = rows.filter(state=AlertState.RESOLVED) if resolved else rows.open()
    # By the alphabet "raised" comes after "acknowledged" and "urgent" after "concern": what presses stands first.
    order = ("-resolved_at", "-pk") if resolved else ("-state", "-severity", "due_at", "pk")
    now = clock.now()
    return _page(rows.order_by(*order), page, lambda row: alert_line(row, now))


def _referral_row(row: Referral, actor: Actor, now: datetime) -> ReferralRow:
    arriving = row.made_by_id != actor.person_id
    return ReferralRow(
        row.public_id,
        row.person.full_name,
        row.to_level,
        row.organisation.name if arriving else row.to_organisation.name,
        labels.REFERRAL_STATES[ReferralState(row.state)],
        labels.REFERRAL_TONES[ReferralState(row.state)],
        labels.URGENCIES[Urgency(row.urgency)],
        row.due_at,
        row.state == ReferralState.SENT and row.due_at is not None and row.due_at <= now,
        Direction(row.direction).value,
    )


def referrals_to_answer(actor: Actor, limit: int = ROWS) -> tuple[ReferralRow, ...]:
    """Return the referrals that wait for the actor's answer, soonest due first (one query)."""
    rows = (
        Referral.objects.visible_to(actor)
        .filter(state=ReferralState.SENT)
        .exclude(made_by_id=actor.person_id)
        .exclude(from_episode__lead_id=actor.person_id)
        .select_related("person", "organisation", "to_organisation")
        .order_by("due_at")[:limit]
    )
    now = clock.now()
    return tuple(_referral_row(row, actor, now) for row in rows)


def referrals_page(actor: Actor, page: int = 1) -> "Page[ReferralRow]":
    """Return every referral that the actor sees, newest first (two queries)."""
    rows = Referral.objects.visible_to(actor).select_related("person", "organisation", "to_organisation")
    now = clock.now()
    return _page(rows.order_by("-made_at", "-pk"), page, lambda row: _referral_row(row, actor, now))


#: What a row of the list shows, in the order of `_episode_row`.
_EPISODE_FIELDS = (
    "public_id",
    "person__full_name",
    "level",
    "topic",
    "state",
    "opened_at",
    "last_contact_at",
    "lead__full_name",
)


def _episode_row(
    public_id: uuid.UUID,
    who: str,
    level: str,
    topic: str,
    state: str,
    opened_at: datetime,
    last_contact_at: datetime | None,
    lead: str,
) -> EpisodeRow:
    """Return an episode as a row."""
    return EpisodeRow(
        public_id,
        who,
        level,
        labels.TOPICS[Topic(topic)] if topic in _TOPICS else topic,
        state,
        labels.EPISODE_STATES[EpisodeState(state)],
        opened_at,
        last_contact_at,
        lead,
    )


_TOPICS = frozenset(topic.value for topic in Topic)


def _listed(actor: Actor, closed: bool, level: str, q: str = "") -> "QuerySet[Episode]":
    rows = Episode.objects.visible_to(actor)
    rows = rows.filter(state=EpisodeState.CLOSED if closed else EpisodeState.ACTIVE)
    if level:
        rows = rows.filter(level=level)
    if q:
        rows = rows.filter(person__full_name__icontains=q)
    return rows.order_by(*(("-closed_at", "-pk") if closed else ("last_contact_at", "pk")))


@cache
def _ids(closed: bool, level: str) -> Prepared:
    return Prepared(
        lambda person, at: _listed(Actor(person_id=person, at=at), closed, level).values_list("pk"),
        person=int,
        at=datetime,
    )


_PLACES = tuple(f"row{n}" for n in range(ROWS))
_LINES = Prepared(
    lambda **rows: Episode.objects.filter(pk__in=list(rows.values())).values_list("pk", *_EPISODE_FIELDS),
    **dict.fromkeys(_PLACES, int),
)


def episodes_page(
    actor: Actor, page: int = 1, *, closed: bool = False, level: str = "", q: str = ""
) -> "Page[EpisodeRow]":
    """Return the episodes on whose team the actor is, those without a contact longest first (two queries).

    What is visible is asked once, as ids; that is also the count. Then only the rows of the page are loaded.
    """
    level = level if level in set(LevelKey) else ""
    if q.strip():
        ids = list(_listed(actor, closed, level, q.strip()).values_list("pk", flat=True))
    elif actor.person_id is None:
        ids = []
    else:
        ids = [pk for (pk,) in _ids(closed, level).rows(person=actor.person_id, at=actor.at)]
    found: Page[Any] = Paginator(ids, ROWS).get_page(page)
    # Always as many places as a page has rows; no episode has the number 0.
    places = [*found.object_list, *[0] * (ROWS - len(found.object_list))]
    wanted = dict(zip(_PLACES, places, strict=True))
    loaded = {pk: _episode_row(*values) for pk, *values in _LINES.rows(**wanted)}
    found.object_list = [loaded[pk] for pk in found.object_list if pk in loaded]
    return found


def due_follow_ups(actor: Actor, limit: int = ROWS) -> tuple[FollowUpRow, ...]:
    """Return the actor's own open follow-ups, soonest first (one query)."""
    rows = (
        FollowUp.objects.filter(owner_id=actor.person_id, done_at__isnull=True)
        .filter(episode__in=Episode.objects.visible_to(actor))
        .select_related("episode__person")
        .order_by("due_on", "pk")[:limit]
    )
    today = clock.today()
    return tuple(
        FollowUpRow(
            row.public_id, row.episode.person.full_name, row.due_on, row.due_on < today, row.is_aftercare
        )
        for row in rows
    )
