"""The page of an episode."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise

from teduh.care import labels
from teduh.care.levels import level_of
from teduh.care.links import Link, links_for
from teduh.care.models import Alert, CareTeamMember, Contact, Episode, FollowUp, Goal, GoalRating, Referral
from teduh.care.policies import READ_ONLY
from teduh.care.queries.journey import Stay, stays
from teduh.care.states import (
    EpisodeState,
    LevelKey,
    ReferralState,
    TeamPart,
)
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.sealing import keyring
from teduh.messaging.queries import own_open_rooms
from teduh.messaging.states import RoomKind
from teduh.people.access import Actor
from teduh.people.models import Exclusion
from teduh.people.models.person import in_force
from teduh.people.told import told

#: Contacts shown at once; older ones are a page further.
CONTACTS_A_PAGE = 20
#: Stays that the ribbon draws at most.
SIBLINGS = 50


@dataclass(frozen=True)
class TeamLine:
    """A member of the care team: `why` says on what ground they see the record."""

    name: str
    why: str | Promise
    part: str
    person_id: int


@dataclass(frozen=True)
class NoteLine:
    """One contact with its opened note."""

    public_id: uuid.UUID
    title: str | Promise
    at: datetime
    minutes: int
    who: str
    text: str


@dataclass(frozen=True)
class GoalLine:
    """A goal with its first and latest rating."""

    public_id: uuid.UUID
    text: str
    first: int | None
    latest: int | None


@dataclass(frozen=True)
class ReferralLine:
    """A referral from here."""

    public_id: uuid.UUID
    to: str
    level: str
    state: str | Promise
    tone: str
    due_at: datetime | None
    open: bool


@dataclass(frozen=True)
class EpisodePage:
    """Everything that the care team sees at once."""

    episode: Episode
    person_name: str
    level: str
    level_label: str | Promise
    topic: str | Promise
    state_label: str | Promise
    active: bool
    may_write: bool
    part: TeamPart
    may_lead: bool
    may_pass_on: bool
    may_take_over: bool
    lead_name: str
    opened_at: datetime
    closed_at: datetime | None
    closing_reason: str
    closing_note: str
    team: tuple[TeamLine, ...]
    notes: tuple[NoteLine, ...]
    more_notes: bool
    goals: tuple[GoalLine, ...]
    referrals: tuple[ReferralLine, ...]
    journey: tuple[Stay, ...]
    next_follow_up: date | None
    follow_up_id: uuid.UUID | None
    looked_at: datetime | None
    look_id: uuid.UUID | None
    alert_id: uuid.UUID | None
    pages: tuple[tuple[str | Promise, str, str], ...]
    links: tuple[Link, ...]


def team_of(rows: "QuerySet[CareTeamMember]", at: datetime) -> "QuerySet[CareTeamMember]":
    """Keep who can see the record now: also those whose time ends later, and nobody who is excluded."""
    shut_out = Exclusion.objects.filter(
        in_force(at), person=OuterRef("person_id"), excluded=OuterRef("member_id")
    )
    return (
        rows.filter(in_force(at))
        .exclude(Exists(shut_out))
        .select_related("member")
        .order_by(F("episode_id").asc(nulls_last=True), "pk")
    )


def load_with_siblings(actor: Actor, public_id: uuid.UUID) -> tuple[Episode, list[Episode]]:
    """Return an episode that the actor may see, with what its page needs, and the person's visible episodes, in one
    query.

    Raises NotVisible where there is none.
    """
    follow_ups = FollowUp.objects.filter(episode=OuterRef("pk"))
    coming = follow_ups.filter(done_at__isnull=True).order_by("due_on")
    looked = follow_ups.filter(done_at__isnull=False).order_by("-done_at")
    alerts = (
        Alert.objects.visible_to(actor).open().filter(episode=OuterRef("pk")).order_by("-severity", "due_at")
    )
    rooms = own_open_rooms(actor, kind=RoomKind.CARE).filter(room__matter=OuterRef("public_id"))
    rows = list(
        Episode.objects.visible_to(actor)
        .select_related("person", "lead", "organisation", "sealing_key__scope_key")
        .annotate(
            is_this=ExpressionWrapper(Q(public_id=public_id), output_field=BooleanField()),
            next_follow_up=Subquery(coming.values("due_on")[:1]),
            follow_up_public_id=Subquery(coming.values("public_id")[:1]),
            looked_at=Subquery(looked.values("done_at")[:1]),
            look_public_id=Subquery(looked.values("public_id")[:1]),
            alert_public_id=Subquery(alerts.values("public_id")[:1]),
            own_room=Subquery(rooms.values("room__public_id")[:1]),
        )
        .filter(person__in=Episode.objects.filter(public_id=public_id).values("person_id"))
        .order_by("-is_this", "-opened_at")[:SIBLINGS]
    )
    if not rows or rows[0].public_id != public_id:
        raise NotVisible
    keyring.hold(rows[0].sealing_key)
    return rows[0], rows


@transaction.atomic
def episode_page(actor: Actor, public_id: uuid.UUID, *, older: int = 0) -> EpisodePage:
    """Return the page, with one audit row about the reading in the same transaction.

    Raises NotVisible where the actor may not see the episode.
    """
    from teduh.care.closing import closing_reasons

    episode, siblings = load_with_siblings(actor, public_id)
    whole = Q(episode=episode) | Q(episode__isnull=True, person_id=episode.person_id)
    team = list(team_of(CareTeamMember.objects.filter(whole), actor.at))
    mine = next((TeamPart(row.part) for row in team if row.member_id == actor.person_id), TeamPart.MEMBER)
    audit.record(told(actor, "care.episode.read", episode, subject=episode.person), at=actor.at)
    contacts = list(
        Contact.objects.filter(episode=episode)
        .select_related("written_by")
        .order_by("-happened_at", "-pk")[older : older + CONTACTS_A_PAGE + 1]
    )
    activities = level_of(episode.level).activities
    may_lead = mine == TeamPart.LEAD or (mine == TeamPart.SUPERVISOR and episode.level == LevelKey.PEER)
    active = episode.state == EpisodeState.ACTIVE
    own = next((row for row in team if row.member_id == actor.person_id), None)
    may_write = active and (own is None or own.purpose not in READ_ONLY)
    return EpisodePage(
        episode=episode,
        person_name=episode.person.full_name,
        level=episode.level,
        level_label=labels.LEVELS[LevelKey(episode.level)],
        topic=_topic(episode.topic),
        state_label=labels.EPISODE_STATES[EpisodeState(episode.state)],
        active=active,
        may_write=may_write,
        part=mine,
        may_lead=may_lead and active,
        may_pass_on=active and mine == TeamPart.LEAD and episode.level != LevelKey.PEER,
        may_take_over=active and mine == TeamPart.SUPERVISOR and episode.level == LevelKey.PEER,
        lead_name=episode.lead.full_name,
        opened_at=episode.opened_at,
        closed_at=episode.closed_at,
        closing_reason=closing_reasons().get(episode.closing_reason, ""),
        closing_note=episode.closing_note.open() if episode.closing_note else "",
        team=tuple(
            TeamLine(
                row.member.full_name, labels.PURPOSES.get(row.purpose, row.purpose), row.part, row.member_id
            )
            for row in team
        ),
        notes=tuple(
            NoteLine(
                row.public_id,
                activities.get(row.activity, row.activity),
                row.happened_at,
                row.minutes,
                row.written_by.full_name,
                row.note.open(),
            )
            for row in contacts[:CONTACTS_A_PAGE]
        ),
        more_notes=len(contacts) > CONTACTS_A_PAGE,
        goals=goals_of(episode),
        referrals=_referrals(episode),
        journey=stays(siblings, linked=True, current=episode),
        next_follow_up=getattr(episode, "next_follow_up", None),
        follow_up_id=getattr(episode, "follow_up_public_id", None),
        looked_at=getattr(episode, "looked_at", None),
        look_id=getattr(episode, "look_public_id", None),
        alert_id=getattr(episode, "alert_public_id", None),
        pages=level_of(episode.level).pages if may_write else (),
        links=links_for(episode, actor) if may_write else (),
    )


def _topic(code: str) -> str | Promise:
    return next((label for topic, label in labels.TOPICS.items() if topic == code), code)


def goals_of(episode: Episode) -> tuple[GoalLine, ...]:
    """Return an episode's goals with first and latest rating, in one query."""
    ratings = GoalRating.objects.filter(goal=OuterRef("pk")).values("value")
    rows = Goal.objects.filter(episode=episode).annotate(
        first=Subquery(ratings.order_by("rated_at", "pk")[:1]),
        latest=Subquery(ratings.order_by("-rated_at", "-pk")[:1]),
    )
    return tuple(
        GoalLine(row.public_id, row.text.open(), getattr(row, "first", None), getattr(row, "latest", None))
        for row in rows.order_by("set_at", "pk")[:20]
    )


@transaction.atomic
def follow_up_words(actor: Actor, row: FollowUp) -> str:
    """Return what a follow-up found, with the audit row about reading it; nothing where it is still to come."""
    if row.done_at is None:
        return ""
    audit.record(told(actor, "care.follow_up.read", row, subject=row.episode.person), at=actor.at)
    return row.result.open()


def _referrals(episode: Episode) -> tuple[ReferralLine, ...]:
    rows = (
        Referral.objects.filter(from_episode=episode)
        .select_related("to_organisation")
        .order_by("-made_at")[:20]
    )
    return tuple(
        ReferralLine(
            row.public_id,
            row.to_organisation.name,
            row.to_level,
            labels.REFERRAL_STATES[ReferralState(row.state)],
            labels.REFERRAL_TONES[ReferralState(row.state)],
            row.due_at,
            row.state in {ReferralState.AWAITING_CONSENT, ReferralState.SENT},
        )
        for row in rows
    )
