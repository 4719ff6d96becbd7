"""Single things with their content: a request at the door, a referral, an alert."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise

from teduh.care import labels, policies
from teduh.care.levels import receiving_roles
from teduh.care.links import Link, links_for
from teduh.care.models import Alert, Episode, HelpRequest, Referral
from teduh.care.models.request import INTAKE_ROLES
from teduh.care.queries.desk import AlertLine, RequestLine, alert_line, request_line
from teduh.care.queries.mine import request_answers
from teduh.care.states import (
    REFERRAL_RULES,
    REQUEST_RULES,
    LevelKey,
    ReferralState,
    ReferralStep,
    RequestState,
    RequestStep,
    Urgency,
)
from teduh.kernel import audit, clock
from teduh.kernel.errors import NotVisible
from teduh.kernel.machine import steps_from
from teduh.kernel.sealing import keyring
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.states import Role
from teduh.people.told import told


@dataclass(frozen=True)
class RequestPage:
    """A request as the counsellor reads it."""

    request: HelpRequest
    line: RequestLine
    about: str
    text: str
    answers: tuple[tuple[str | Promise, str | Promise], ...]
    wish: str | Promise
    recommended: str | Promise
    recommended_key: str
    reasons: tuple[str | Promise, ...]
    sender: str
    steps: tuple[RequestStep, ...]
    episode_id: uuid.UUID | None


@transaction.atomic
def request_page(actor: Actor, public_id: uuid.UUID) -> RequestPage:
    """Return a request for intake, with its audit row.

    Raises NotVisible for anybody who does not keep that door.
    """
    request = (
        HelpRequest.objects.visible_to(actor)
        .select_related("person", "sent_by", "organisation", "sealing_key__scope_key")
        .filter(public_id=public_id)
        .first()
    )
    if request is None or not actor.has(*INTAKE_ROLES, organisation_id=request.organisation_id):
        raise NotVisible
    keyring.hold(request.sealing_key)
    audit.record(told(actor, "care.request.read", request, subject=request.person), at=actor.at)
    own_episode = Episode.objects.visible_to(actor).filter(help_request=request).first()
    return RequestPage(
        request,
        request_line(request, clock.now()),
        request.about.open(),
        request.text.open(),
        request_answers(request),
        labels.WISHES[next(w for w in labels.WISHES if w == request.wish)],
        labels.LEVELS[LevelKey(request.recommended_level)],
        request.recommended_level,
        tuple(labels.REASONS.get(code, code) for code in request.reasons),
        request.sent_by.full_name,
        steps_from(REQUEST_RULES, RequestState(request.state), "intake"),
        own_episode.public_id if own_episode else None,
    )


def students_named(actor: Actor, organisation_id: int, name: str) -> tuple[Person, ...]:
    """Return students of a school whose name contains a text, at most ten, for a counsellor of that school."""
    if not actor.has(*INTAKE_ROLES, organisation_id=organisation_id) or len(name.strip()) < 2:
        return ()
    found = (
        Person.objects.with_role(Role.STUDENT, organisation_id)
        .not_excluding(actor.person_id)
        .filter(full_name__icontains=name.strip(), left_on__isnull=True)
        .order_by("full_name")[:10]
    )
    return tuple(found)


@dataclass(frozen=True)
class ReferralPage:
    """A referral as one of its three sides reads it."""

    referral: Referral
    person_name: str
    from_name: str
    made_by: str
    to_name: str
    level: str
    level_label: str | Promise
    direction: str
    urgency: str | Promise
    urgent: bool
    state: ReferralState
    state_label: str | Promise
    tone: str
    reason: str
    summary: str
    answer: str
    override_reason: str
    answered_by: str
    events: tuple["EventLine", ...]
    side: str
    steps: tuple[ReferralStep, ...]
    to_episode_id: uuid.UUID | None
    from_episode_id: uuid.UUID | None


@dataclass(frozen=True)
class EventLine:
    """One step in the history."""

    title: str | Promise
    at: datetime
    who: str
    icon: str


@transaction.atomic
def referral_page(actor: Actor, public_id: uuid.UUID) -> ReferralPage:
    """Return a referral for its sender, receiver or person, with its audit row.

    Raises NotVisible for anybody else, and for a receiver before the person agreed.
    """
    related = (
        "person",
        "organisation",
        "to_organisation",
        "made_by",
        "answered_by",
        "from_episode",
        "to_episode",
    )
    if actor.person_id is None:
        raise NotVisible
    referral = (
        Referral.objects.select_related(*related, "sealing_key__scope_key")
        .filter(
            Q(person_id=actor.person_id) | Q(pk__in=Referral.objects.visible_to(actor).values("pk")),
            public_id=public_id,
        )
        .first()
    )
    if referral is None:
        raise NotVisible
    side = "person" if referral.person_id == actor.person_id else _side(actor, referral)
    keyring.hold(referral.sealing_key)
    if side != "person":
        audit.record(told(actor, "care.referral.read", referral, subject=referral.person), at=actor.at)
    state = ReferralState(referral.state)
    steps = steps_from(REFERRAL_RULES, state, side)
    if referral.urgency != Urgency.NOW:
        steps = tuple(step for step in steps if step != ReferralStep.OVERRIDE)
    both = [pk for pk in (referral.from_episode_id, referral.to_episode_id) if pk is not None]
    opens: dict[int | None, uuid.UUID] = {} if side == "person" else dict(_openable(actor, both))
    mine = side == "receiver" and referral.answered_by_id in {None, actor.person_id}
    return ReferralPage(
        referral,
        referral.person.full_name,
        referral.organisation.name,
        referral.made_by.full_name,
        referral.to_organisation.name,
        referral.to_level,
        labels.LEVELS[LevelKey(referral.to_level)],
        referral.direction,
        labels.URGENCIES[Urgency(referral.urgency)],
        referral.urgency == Urgency.NOW,
        state,
        labels.REFERRAL_STATES[state],
        labels.REFERRAL_TONES[state],
        referral.reason.open(),
        referral.summary.open(),
        referral.answer.open(),
        referral.override_reason.open(),
        referral.answered_by.full_name if referral.answered_by else "",
        tuple(
            EventLine(
                labels.REFERRAL_STATES[ReferralState(event.state)],
                event.at,
                event.by.full_name if event.by else "Teduh",
                labels.REFERRAL_ICONS[ReferralState(event.state)],
            )
            for event in referral.events.select_related("by").order_by("at", "pk")
        ),
        side,
        steps if side != "receiver" or mine else (),
        opens.get(referral.to_episode_id),
        opens.get(referral.from_episode_id),
    )


def _openable(actor: Actor, ids: list[int]) -> list[tuple[int, uuid.UUID]]:
    return list(Episode.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "public_id"))


def _side(actor: Actor, referral: Referral) -> str:
    """Tell the actor's side; a member of the sending team who neither leads nor receives only reads."""
    if policies.may_lead(actor, referral.from_episode):
        return "sender"
    roles = receiving_roles(referral.to_level)
    receives = referral.answered_by_id == actor.person_id or actor.has(
        *roles, organisation_id=referral.to_organisation_id
    )
    return "receiver" if receives else "team"


@dataclass(frozen=True)
class AlertPage:
    """An alert with its evidence and where to go from it."""

    alert: Alert
    line: AlertLine
    evidence: str
    resolution: str
    assigned_to: str
    episode_id: uuid.UUID | None
    episode_level: str
    may_take_over: bool
    request_id: uuid.UUID | None
    links: tuple[Link, ...]
    events: tuple[EventLine, ...]


@transaction.atomic
def alert_page(actor: Actor, public_id: uuid.UUID) -> AlertPage:
    """Return an alert, with its audit row.

    Raises NotVisible for anybody who was not told about it.
    """
    alert = (
        Alert.objects.visible_to(actor)
        .select_related("person", "episode", "help_request", "assigned_to", "sealing_key__scope_key")
        .filter(public_id=public_id)
        .first()
    )
    if alert is None:
        raise NotVisible
    keyring.hold(alert.sealing_key)
    audit.record(told(actor, "care.alert.read", alert, subject=alert.person), at=actor.at)
    visible = (
        alert.episode is not None and Episode.objects.visible_to(actor).filter(pk=alert.episode.pk).exists()
    )
    return AlertPage(
        alert,
        alert_line(alert, clock.now()),
        alert.evidence.open(),
        alert.resolution.open(),
        alert.assigned_to.full_name,
        alert.episode.public_id if alert.episode and visible else None,
        alert.episode.level if alert.episode else "",
        bool(
            visible
            and alert.episode
            and alert.episode.level == LevelKey.PEER
            and alert.episode.state == "active"
            and policies.may_lead(actor, alert.episode)
            and actor.has(*INTAKE_ROLES, organisation_id=alert.organisation_id)
        ),
        _request_to_open(actor, alert),
        links_for(alert.episode, actor) if alert.episode and visible else (),
        tuple(
            EventLine(
                labels.ALERT_STEPS[e.step], e.at, _name(e.told or e.by), labels.ALERT_STEP_ICONS[e.step]
            )
            for e in alert.events.select_related("by", "told").order_by("at", "pk")
        ),
    )


def _request_to_open(actor: Actor, alert: Alert) -> uuid.UUID | None:
    """Return the request's id where the actor can still open it; what a colleague took is not a door any more."""
    request = alert.help_request
    if request is None or not actor.has(*INTAKE_ROLES, organisation_id=request.organisation_id):
        return None
    return request.public_id if HelpRequest.objects.visible_to(actor).filter(pk=request.pk).exists() else None


def _name(person: Person | None) -> str:
    return person.full_name if person is not None else "Teduh"
