"""What somebody who asked for a peer sees: the truth about waiting, and the own conversations."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from teduh.care import labels
from teduh.care.models import HelpRequest
from teduh.care.states import EpisodeState, LevelKey, RequestState, Topic
from teduh.kernel.errors import NotVisible
from teduh.messaging.queries import conversations
from teduh.peers.models import Offer, SeekerWish
from teduh.peers.states import OfferState
from teduh.people.access import Actor


@dataclass(frozen=True)
class Waiting:
    """A request that waits for a peer: `asked` is whether somebody was asked and has not answered yet."""

    public_id: uuid.UUID
    topic: str | Promise
    icon: str
    sent_at: datetime
    asked: bool
    same_class: bool = False
    same_sex: bool = False
    #: Whether the wish for the same sex can be met: only where it is recorded.
    sex_known: bool = False


@dataclass(frozen=True)
class OwnTalk:
    """A conversation with a peer, by first name."""

    room: uuid.UUID
    name: str
    topic: str | Promise
    unread: int
    closed: bool
    began_at: datetime


@dataclass(frozen=True)
class StudentPart:
    """The part of a student's home that peers offer."""

    waiting: tuple[Waiting, ...]
    talks: tuple[OwnTalk, ...]


def _waiting_requests(person_id: int) -> Any:
    offered = Offer.objects.filter(help_request=OuterRef("pk"), state=OfferState.OFFERED)
    return (
        HelpRequest.objects.filter(
            person_id=person_id, state=RequestState.ROUTED, decided_level=LevelKey.PEER
        )
        .annotate(asked=Exists(offered))
        .select_related("person")
        .order_by("sent_at")
    )


def student_part(actor: Actor) -> StudentPart:
    """Return the waiting requests and the newest conversations of the actor (at most four queries)."""
    if actor.person_id is None:
        return StudentPart((), ())
    waiting = tuple(
        Waiting(
            row.public_id,
            labels.TOPICS[Topic(row.topic)],
            labels.TOPIC_ICONS[Topic(row.topic)],
            row.sent_at,
            row.asked,
        )
        for row in _waiting_requests(actor.person_id)[:5]
    )
    rows = list(
        Offer.objects.filter(help_request__person_id=actor.person_id, state=OfferState.ACCEPTED)
        .select_related("supporter__person", "help_request", "episode", "room")
        .order_by("-answered_at")[:5]
    )
    listed = {talk.public_id: talk for talk in conversations(by=actor, limit=50)} if rows else {}
    talks = tuple(
        OwnTalk(
            room=row.room.public_id,
            name=row.supporter.person.called,
            topic=labels.TOPICS[Topic(row.help_request.topic)],
            unread=listed[row.room.public_id].unread,
            closed=row.episode is None or row.episode.state == EpisodeState.CLOSED,
            began_at=row.answered_at or row.offered_at,
        )
        for row in rows
        if row.room is not None and row.room.public_id in listed
    )
    return StudentPart(waiting, tuple(sorted(talks, key=lambda talk: talk.closed)))


def own_waiting(actor: Actor, public_id: uuid.UUID) -> tuple[HelpRequest, Waiting]:
    """Return an own request that waits for a peer, with what was wished (two queries).

    Raises NotVisible for any other, and once it no longer waits.
    """
    if actor.person_id is None:
        raise NotVisible
    row = _waiting_requests(actor.person_id).filter(public_id=public_id).first()
    if row is None:
        raise NotVisible
    wish = SeekerWish.objects.visible_to(actor).filter(help_request=row).first()
    return row, Waiting(
        row.public_id,
        labels.TOPICS[Topic(row.topic)],
        labels.TOPIC_ICONS[Topic(row.topic)],
        row.sent_at,
        row.asked,
        same_class=bool(wish and wish.same_class),
        same_sex=bool(wish and wish.same_sex),
        sex_known=bool(row.person and row.person.sex),
    )
