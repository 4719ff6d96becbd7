"""The door: send, route, take, answer, withdraw."""

import json
import logging
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.care import hooks, policies
from teduh.care.actions.alerts import raise_alert
from teduh.care.actions.episodes import open_episode
from teduh.care.actions.once import insist_same
from teduh.care.clocks import clocks
from teduh.care.duty import on_duty, wake_intake, wake_persons
from teduh.care.models import Alert, Episode, HelpRequest
from teduh.care.states import (
    REQUEST_RULES,
    AlertSource,
    Door,
    LevelKey,
    RequestState,
    RequestStep,
    Severity,
    Topic,
    Urgency,
    Wish,
)
from teduh.care.triage import Recommendation, triage
from teduh.kernel import audit
from teduh.kernel.errors import NotVisible, Refused, Stale
from teduh.kernel.machine import move, rule_for
from teduh.kernel.sealing.keyring import new_data_key
from teduh.people.access import Actor, system_actor
from teduh.people.models import Organisation, Person
from teduh.people.told import told
from teduh.risk import Finding, scan

logger = logging.getLogger("teduh.care")

#: The longest text at the door, in characters.
TEXT_LIMIT = 4000


def send_request(
    *,
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    door: Door,
    topic: Topic,
    wish: Wish,
    text: str,
    answers: Mapping[str, str],
    about: str = "",
    person: Person | None = None,
) -> HelpRequest:
    """Take in a request; sent twice with the same `client_id` it is one. Danger raises an alert before anything else.

    Raises Refused where the text is too long; NotVisible for an actor without an organisation.
    """
    if by.person_id is None or by.organisation_id is None:
        raise NotVisible
    if len(text) > TEXT_LIMIT:
        raise Refused("too_long", _("This is too long. Please shorten it to 4,000 characters."), field="text")
    known = HelpRequest.objects.filter(sent_by_id=by.person_id, client_id=client_id).first()
    if known is not None:
        return known
    try:
        return _send(by, at, client_id, door, topic, wish, text, answers, about, person)
    except IntegrityError:
        # The same form arrived twice at once; the other one won, and it is the same request.
        return HelpRequest.objects.get(sent_by_id=by.person_id, client_id=client_id)


@transaction.atomic
def _send(
    by: Actor,
    at: datetime,
    client_id: uuid.UUID,
    door: Door,
    topic: Topic,
    wish: Wish,
    text: str,
    answers: Mapping[str, str],
    about: str,
    person: Person | None,
) -> HelpRequest:
    sender = Person.objects.select_related("organisation", "data_key").get(pk=by.own_id)
    subject = sender if door == Door.SELF else person
    organisation = subject.organisation if subject is not None else sender.organisation
    finding = scan(f"{about}\n{text}" if about else text)
    advice = triage(
        door=door,
        topic=topic,
        wish=wish,
        answers=answers,
        found=Severity(finding.severity.value) if finding else None,
    )
    if subject is not None and policies.excluded(by, subject.pk):
        raise NotVisible
    request = HelpRequest.objects.create(
        organisation=organisation,
        sealing_key=subject.data_key if subject is not None else new_data_key(organisation.public_id),
        person=subject,
        sent_by=sender,
        door=door,
        topic=topic,
        wish=wish,
        about=about,
        text=text,
        answers=json.dumps(dict(answers)),
        urgency=advice.urgency,
        recommended_level=advice.level,
        reasons=list(advice.reasons),
        sent_at=at,
        due_at=at + clocks().request[advice.urgency],
        client_id=client_id,
    )
    audit.record(
        told(by, "care.request.send", request, subject=subject, scope=organisation, door=door.value), at=at
    )
    if advice.danger:
        _alert_intake(request, organisation, subject, finding, advice, at)
    if advice.wish_stands:
        # The student's own choice, where it is safe: nobody has to decide about it first.
        _route(request, advice.level, by, at)
    wake_intake(organisation)
    wake_persons([sender])
    return request


def _alert_intake(
    request: HelpRequest,
    organisation: Organisation,
    subject: Person | None,
    finding: Finding | None,
    advice: Recommendation,
    at: datetime,
) -> None:
    keeper = on_duty(organisation, subject)
    if keeper is None:
        logger.error("danger was told where nobody can be told", extra={"organisation": organisation.pk})
        return
    raise_alert(
        organisation=organisation,
        person=subject,
        source=AlertSource.REQUEST,
        severity=Severity.URGENT,
        category=finding.category.value if finding else "answers",
        evidence=finding.evidence if finding else ", ".join(advice.reasons),
        assigned_to=keeper,
        by=system_actor(),
        at=at,
        help_request=request,
        matter=request.public_id,
    )


def _route(request: HelpRequest, level: LevelKey, by: Actor, at: datetime) -> None:
    rule = rule_for(REQUEST_RULES, RequestState(request.state), RequestStep.ROUTE)
    move(request, rule, decided_level=level, decided_by_id=by.person_id, decided_at=at)
    audit.record(
        told(
            by,
            "care.request.route",
            request,
            subject=request.person,
            scope=request.organisation,
            level=level.value,
        ),
        at=at,
    )
    hooks.request_routed.announce(request, at)


@transaction.atomic
def route_request(*, request: HelpRequest, level: LevelKey, by: Actor, at: datetime) -> None:
    """Give a request to a level, after reading the recommendation and its reasons.

    Raises Refused where a peer would carry danger, or where nobody knows yet whom it is about.
    """
    policies.insist(policies.may_intake(by, request))
    if level == LevelKey.PEER and request.urgency == Urgency.NOW:
        raise Refused("not_for_peers", _("There may be danger. An adult has to answer first."), field="level")
    if request.person_id is None:
        raise Refused("person_unknown", _("First say whom this is about."), field="person")
    if request.state == RequestState.ROUTED and (request.decided_level, request.decided_by_id) == (
        level,
        by.person_id,
    ):
        # The same decision, sent again.
        return
    hooks.request_settled.announce(request, at)
    _route(request, level, by, at)
    wake_persons([request.sent_by])


@transaction.atomic
def name_person(*, request: HelpRequest, person: Person, by: Actor, at: datetime) -> None:
    """Say whom a worried friend's request is about; only within the same school, and only once.

    Raises Refused for a person of another organisation.
    """
    policies.insist(policies.may_intake(by, request))
    if person.organisation_id != request.organisation_id:
        raise Refused("other_school", _("This student is not at your school."), field="person")
    if request.person_id == person.pk:
        return
    if HelpRequest.objects.filter(pk=request.pk, person__isnull=True).update(person=person) != 1:
        raise Stale
    request.person = person
    # From now on an exclusion from this person shuts out from the alert as well.
    Alert.objects.filter(help_request=request, person__isnull=True).update(person=person)
    audit.record(told(by, "care.request.name", request, subject=person), at=at)


@transaction.atomic
def take_request(*, request: HelpRequest, by: Actor, at: datetime) -> Episode:
    """Take a request at the counselling level: opens the episode with the taker as lead."""
    policies.insist(policies.may_intake(by, request))
    if request.person is None:
        raise Refused("person_unknown", _("First say whom this is about."), field="person")
    taker = Person.objects.get(pk=by.own_id)
    existing = request.episodes.first()
    if existing is not None and request.taken_by_id == by.person_id:
        return existing
    rule = rule_for(REQUEST_RULES, RequestState(request.state), RequestStep.TAKE)
    move(request, rule, taken_by=taker, closed_at=at, decided_level=LevelKey.COUNSELLING)
    episode = open_episode(
        organisation=request.organisation,
        person=request.person,
        level=LevelKey.COUNSELLING,
        lead=taker,
        topic=Topic(request.topic),
        by=by,
        at=at,
        help_request=request,
    )
    audit.record(told(by, "care.request.take", request, subject=request.person), at=at)
    hooks.request_settled.announce(request, at)
    wake_intake(request.organisation)
    wake_persons([request.sent_by])
    return episode


@transaction.atomic
def take_at_level(*, request: HelpRequest, episode: Episode, by: Actor, at: datetime) -> None:
    """Mark a routed request as taken by the pillar to which it was given; the pillar has checked that it may."""
    rule = rule_for(REQUEST_RULES, RequestState(request.state), RequestStep.TAKE)
    move(request, rule, taken_by_id=episode.lead_id, closed_at=at)
    audit.record(
        told(by, "care.request.take", request, subject=request.person, scope=request.organisation), at=at
    )
    wake_intake(request.organisation)
    wake_persons([request.sent_by])


@transaction.atomic
def answer_request(*, request: HelpRequest, reply: str, by: Actor, at: datetime) -> None:
    """Close a request with an answer to its sender, where no episode is needed.

    Raises Refused without an answer: nobody is sent away in silence.
    """
    policies.insist(policies.may_intake(by, request))
    if not reply.strip():
        raise Refused("reply_empty", _("Write an answer; the sender will read it."), field="reply")
    if len(reply) > TEXT_LIMIT:
        raise Refused(
            "too_long", _("This is too long. Please shorten it to 4,000 characters."), field="reply"
        )
    if request.state == RequestState.ANSWERED:
        insist_same(request.taken_by_id == by.person_id)
        return
    rule = rule_for(REQUEST_RULES, RequestState(request.state), RequestStep.ANSWER)
    move(request, rule, taken_by_id=by.person_id, closed_at=at)
    request.reply = reply
    request.save(update_fields=["reply"])
    audit.record(told(by, "care.request.answer", request, subject=request.person), at=at)
    hooks.request_settled.announce(request, at)
    wake_intake(request.organisation)
    wake_persons([request.sent_by])


@transaction.atomic
def withdraw_request(*, request: HelpRequest, by: Actor, at: datetime) -> None:
    """Let the sender take a waiting request back; an alert that it raised stays with its human."""
    if request.sent_by_id != by.person_id:
        raise NotVisible
    if request.state == RequestState.WITHDRAWN:
        return
    rule = rule_for(REQUEST_RULES, RequestState(request.state), RequestStep.WITHDRAW)
    move(request, rule, closed_at=at)
    audit.record(told(by, "care.request.withdraw", request, subject=request.person), at=at)
    hooks.request_settled.announce(request, at)
    wake_intake(request.organisation)
