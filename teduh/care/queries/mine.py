"""What a person sees of their own care: requests, who is with them, questions to answer, and who opened the record."""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from teduh.care import labels
from teduh.care.models import CareTeamMember, Episode, FollowUp, Goal, HelpRequest, Referral
from teduh.care.queries.episode import GoalLine, TeamLine, goals_of, team_of
from teduh.care.queries.journey import Stay, stays
from teduh.care.states import LevelKey, ReferralState, RequestState, TeamPart, Topic
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.models import AuditEntry
from teduh.kernel.sealing import keyring
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.told import told

ROWS = 20


@dataclass(frozen=True)
class MyRequest:
    """A request that the actor sent; `reply` only where it was asked for."""

    public_id: uuid.UUID
    topic: str | Promise
    state: str
    state_label: str | Promise
    level: str
    sent_at: datetime
    about_other: bool
    waiting: bool
    danger: bool
    reply: str = ""


@dataclass(frozen=True)
class MyQuestion:
    """A referral that waits for the person's yes or no."""

    public_id: uuid.UUID
    to: str
    level: str
    state: str


@dataclass(frozen=True)
class MyCare:
    """The actor's own care at a glance."""

    requests: tuple[MyRequest, ...]
    questions: tuple[MyQuestion, ...]
    active: tuple[Stay, ...]
    journey: tuple[Stay, ...]
    leads: tuple[tuple[str, str, str], ...]


def my_request(row: HelpRequest) -> MyRequest:
    """Return an own request as its sender sees it."""
    return MyRequest(
        row.public_id,
        labels.TOPICS[Topic(row.topic)],
        row.state,
        labels.REQUEST_STATES[RequestState(row.state)],
        row.decided_level,
        row.sent_at,
        row.door != "self",
        row.state in {RequestState.RECEIVED, RequestState.ROUTED},
        row.urgency == "now",
    )


def my_sent_request(actor: Actor, public_id: uuid.UUID) -> HelpRequest:
    """Return a request that the actor sent; an exclusion from the person it is about wins here too.

    Raises NotVisible for any other.
    """
    row = (
        HelpRequest.objects.visible_to(actor)
        .select_related("person", "organisation", "sent_by", "sealing_key__scope_key")
        .filter(sent_by_id=actor.person_id, public_id=public_id)
        .first()
    )
    if row is None:
        raise NotVisible
    return row


@transaction.atomic
def load_my_request(actor: Actor, public_id: uuid.UUID) -> MyRequest:
    """Return a request that the actor sent, with the answer where there is one, and an audit row for reading it.

    Raises NotVisible for any other.
    """
    row = my_sent_request(actor, public_id)
    if row.state != RequestState.ANSWERED:
        return my_request(row)
    keyring.hold(row.sealing_key)
    # Who worried about somebody must not stand in that person's list of readers.
    about_self = row.person if row.person_id == actor.person_id else None
    audit.record(told(actor, "care.reply.read", row, subject=about_self, scope=row.organisation), at=actor.at)
    return replace(my_request(row), reply=row.reply.open())


def my_goal(actor: Actor, public_id: uuid.UUID) -> Goal:
    """Return a goal of the actor's own care.

    Raises NotVisible for any other.
    """
    row = (
        Goal.objects.select_related("episode__person", "sealing_key__scope_key")
        .filter(public_id=public_id, episode__person_id=actor.own_id)
        .first()
    )
    if row is None or actor.person_id is None:
        raise NotVisible
    return row


@transaction.atomic
def goal_words(actor: Actor, goal: Goal) -> str:
    """Return a goal's words, with the audit row about reading them."""
    keyring.hold(goal.sealing_key)
    audit.record(told(actor, "care.goal.read", goal, subject=goal.episode.person), at=actor.at)
    return goal.text.open()


def my_care(actor: Actor) -> MyCare:
    """Return the actor's own requests, open questions and stays (three queries)."""
    sent = list(
        HelpRequest.objects.filter(sent_by_id=actor.person_id)
        .filter(Q(closed_at__isnull=True) | Q(state=RequestState.ANSWERED))
        .order_by("-sent_at")[:5]
    )
    asked = (
        Referral.objects.of_person(actor)
        .filter(state=ReferralState.AWAITING_CONSENT)
        .select_related("to_organisation")
        .order_by("made_at")[:5]
    )
    episodes = list(Episode.objects.of_person(actor).select_related("lead").order_by("opened_at")[:60])
    return MyCare(
        # What waits for a peer is shown by the peers' own part of the home.
        tuple(my_request(row) for row in sent if row.decided_level != LevelKey.PEER),
        tuple(MyQuestion(r.public_id, r.to_organisation.name, r.to_level, r.state) for r in asked),
        stays([e for e in episodes if e.closed_at is None], linked=False),
        stays(episodes, linked=False),
        tuple(
            (str(labels.LEVELS[LevelKey(e.level)]), lead_name(e), e.level)
            for e in episodes
            if e.closed_at is None
        ),
    )


def lead_name(episode: Episode) -> str:
    """Return how a person sees the lead of their care: a peer by first name, professionals by full name."""
    return episode.lead.called if episode.level == LevelKey.PEER else episode.lead.full_name


@dataclass(frozen=True)
class Opened:
    """Somebody opened the record."""

    at: datetime
    who: str
    role: str
    what: str | Promise


@dataclass(frozen=True)
class MyRecord:
    """The ribbon, who may see what now, own goals, and who opened what and when."""

    journey: tuple[Stay, ...]
    team: tuple[TeamLine, ...]
    goals: tuple[GoalLine, ...]
    next_steps: tuple[tuple[str, date], ...]
    opened: "Page[Opened]"


@transaction.atomic
def my_record(actor: Actor, page: int = 1) -> MyRecord:
    """Return what the actor may know about their own record (fixed number of queries)."""
    episodes = list(Episode.objects.of_person(actor).select_related("lead").order_by("opened_at")[:60])
    mine = CareTeamMember.objects.filter(person_id=actor.own_id)
    team = team_of(mine, actor.at).select_related("episode", "member")
    shown: dict[int, TeamLine] = {}
    # Somebody who is on several teams is named by the nearest ground: who leads, leads.
    for row in sorted(team, key=lambda member: member.part != TeamPart.LEAD):
        peer = row.episode is not None and row.episode.level == LevelKey.PEER and row.part == "lead"
        name = row.member.called if peer else row.member.full_name
        shown.setdefault(
            row.member_id,
            TeamLine(name, labels.PURPOSES.get(row.purpose, row.purpose), row.part, row.member_id),
        )
    active = next((e for e in reversed(episodes) if e.closed_at is None), None)
    log = (
        AuditEntry.objects.filter(subject=actor.person_public_id, verb__endswith=".read")
        .exclude(actor=actor.person_public_id)
        .order_by("-at", "-pk")
    )
    found = Paginator(log, ROWS).get_page(page)
    entries = list(found.object_list)
    names = {
        person.public_id: person
        for person in Person.objects.filter(public_id__in={row.actor for row in entries if row.actor})
    }
    lines = [
        Opened(
            row.at,
            _who(names.get(row.actor) if row.actor else None, row.actor_role),
            row.actor_role,
            labels.VERBS.get(row.verb, _("opened something about you")),
        )
        for row in entries
    ]
    shown_page: Page[Opened] = Page(lines, found.number, found.paginator)  # type: ignore[arg-type]
    goals = goals_of(active) if active is not None else ()
    if goals and active is not None:
        audit.record(told(actor, "care.goal.read", active, subject=actor.person_public_id), at=actor.at)
    return MyRecord(
        stays(episodes, linked=False),
        tuple(shown.values()),
        goals,
        tuple(
            FollowUp.objects.filter(episode__person_id=actor.own_id, done_at__isnull=True)
            .order_by("due_on")
            .values_list("owner__full_name", "due_on")[:3]
        ),
        shown_page,
    )


def _who(person: Person | None, role: str) -> str:
    if person is None:
        return "Teduh"
    return person.called if role in {"peer_supporter", "student"} else person.full_name


def request_answers(row: HelpRequest) -> tuple[tuple[str | Promise, str | Promise], ...]:
    """Return the plain questions that were answered, in words."""
    given = json.loads(row.answers.open() or "{}")
    return tuple(
        (labels.QUESTIONS[question], labels.QUESTION_ANSWERS[question].get(code, code))
        for question, code in given.items()
        if question in labels.QUESTIONS
    )
