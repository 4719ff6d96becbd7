"""What a supporter sees: offers, conversations, places, rest. Never a real name, never the text of a
request."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from teduh.care import labels
from teduh.care.models import Alert
from teduh.care.states import AlertSource, AlertState, EpisodeState, LevelKey, RequestState, Topic, Urgency
from teduh.kernel.errors import NotVisible
from teduh.messaging.queries import Conversation, conversations
from teduh.peers.models import Offer, OfferQuerySet, Supporter
from teduh.peers.names import shown_name
from teduh.peers.states import OfferState
from teduh.peers.words import OFFER_STATES, reason_for_supporter, waited_words
from teduh.people.access import Actor
from teduh.people.models import Person
from teduh.people.models.person import exclusions_against


@dataclass(frozen=True)
class OfferLine:
    """An offer as its supporter sees it: the topic and a word of urgency, nothing that was written."""

    public_id: uuid.UUID
    name: str
    topic: str | Promise
    icon: str
    urgency: str | Promise
    tone: str
    waits: str
    expires_at: datetime


@dataclass(frozen=True)
class TalkLine:
    """A conversation that runs."""

    room: uuid.UUID
    name: str
    topic: str | Promise
    unread: int
    since: datetime


@dataclass(frozen=True)
class SupporterHome:
    """The supporter's home at a glance."""

    offers: tuple[OfferLine, ...]
    talks: tuple[TalkLine, ...]
    places: int
    used: int
    available: bool
    active: bool
    rest_until: datetime | None
    supervisor: str


@dataclass(frozen=True)
class OfferPage:
    """One offer with the reasons of the match."""

    line: OfferLine
    reasons: tuple[str, ...]
    open: bool
    state: str | Promise
    room: uuid.UUID | None
    supervisor: str
    places: int
    used: int


@dataclass(frozen=True)
class Call:
    """A call that is open: when it was made and whether somebody has it."""

    at: datetime
    in_hand: bool
    urgent: bool


@dataclass(frozen=True)
class CallPage:
    """What the supporter sees when calling: whom, and what became of earlier calls."""

    room: uuid.UUID
    name: str
    supervisor: str
    calls: tuple[Call, ...]
    open: bool


def own_supporter(actor: Actor) -> Supporter | None:
    """Return the actor as supporter (one query)."""
    if actor.person_id is None:
        return None
    related = ("person", "supervisor", "organisation")
    return Supporter.objects.select_related(*related).filter(person_id=actor.person_id).first()


def find_offer(actor: Actor, public_id: uuid.UUID) -> Offer:
    """Return an offer that the actor may see.

    Raises NotVisible otherwise.
    """
    row = _offers(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotVisible
    return row


def find_talk(actor: Actor, room: uuid.UUID) -> Offer:
    """Return the offer behind a conversation that the actor may see.

    Raises NotVisible otherwise.
    """
    row = _offers(actor).filter(room__public_id=room).first()
    if row is None:
        raise NotVisible
    return row


def _offers(actor: Actor) -> OfferQuerySet:
    return Offer.objects.visible_to(actor).select_related(
        "organisation",
        "supporter__person",
        "supporter__supervisor",
        "help_request__person",
        "episode",
        "room",
    )


def supporter_home(actor: Actor, *, at: datetime) -> SupporterHome | None:
    """Return the home of a supporter, None for who is none (four queries)."""
    supporter = own_supporter(actor)
    if supporter is None:
        return None
    rows = list(
        Offer.objects.visible_to(actor)
        .filter(supporter=supporter, state__in=(OfferState.OFFERED, OfferState.ACCEPTED))
        .exclude(state=OfferState.ACCEPTED, episode__state=EpisodeState.CLOSED)
        .select_related("help_request__person", "episode", "room")
        .order_by("offered_at")
    )
    listed = {talk.public_id: talk for talk in conversations(by=actor, limit=50)}
    talks = tuple(
        TalkLine(
            room=row.room.public_id,
            name=_others(listed.get(row.room.public_id)),
            topic=labels.TOPICS[Topic(row.help_request.topic)],
            unread=_unread(listed.get(row.room.public_id)),
            since=row.answered_at or row.offered_at,
        )
        for row in rows
        if row.state == OfferState.ACCEPTED and row.room is not None
    )
    taken = {talk.name for talk in talks}
    return SupporterHome(
        offers=tuple(
            offer_line(row, taken, at)
            for row in rows
            if row.state == OfferState.OFFERED and _still_wanted(row)
        ),
        talks=tuple(sorted(talks, key=lambda talk: (talk.unread == 0, talk.since))),
        places=supporter.capacity,
        used=len(talks),
        available=supporter.available,
        active=supporter.is_active,
        rest_until=resting(supporter, at),
        supervisor=supporter.supervisor.full_name,
    )


def _others(talk: Conversation | None) -> str:
    return ", ".join(talk.with_whom) if talk is not None else ""


def _unread(talk: Conversation | None) -> int:
    return talk.unread if talk is not None else 0


def resting(supporter: Supporter, at: datetime) -> datetime | None:
    """Return until when a supporter rests, None for who does not."""
    return supporter.rest_until if supporter.rest_until is not None and supporter.rest_until > at else None


def _still_wanted(offer: Offer) -> bool:
    request = offer.help_request
    return request.state == RequestState.ROUTED and request.decided_level == LevelKey.PEER


def offer_line(offer: Offer, taken: set[str], at: datetime) -> OfferLine:
    """Return an offer as its supporter sees it; the name is the one of the later conversation."""
    request = offer.help_request
    person = request.person
    topic, urgency = Topic(request.topic), Urgency(request.urgency)
    return OfferLine(
        public_id=offer.public_id,
        name=shown_name(
            person.nickname if person else "", person.full_name if person else "", request.public_id, taken
        ),
        topic=labels.TOPICS[topic],
        icon=labels.TOPIC_ICONS[topic],
        urgency=labels.URGENCIES[urgency],
        tone=labels.URGENCY_TONES[urgency],
        waits=waited_words(request.sent_at, at),
        expires_at=offer.expires_at,
    )


def offer_page(actor: Actor, public_id: uuid.UUID, *, at: datetime) -> OfferPage:
    """Return the page of an offer made to the actor (two queries).

    Raises NotVisible for anybody else: supervisors see it on their own page.
    """
    offer = find_offer(actor, public_id)
    if offer.supporter.person_id != actor.person_id:
        raise NotVisible
    from teduh.peers.actions.conversations import names_taken

    carried = names_taken(offer.supporter)
    used = Offer.objects.filter(
        supporter=offer.supporter, state=OfferState.ACCEPTED, episode__state=EpisodeState.ACTIVE
    ).count()
    return OfferPage(
        line=offer_line(offer, carried, at),
        reasons=tuple(reason_for_supporter(one["code"], one["value"]) for one in offer.reasons),
        open=offer.state == OfferState.OFFERED and _still_wanted(offer),
        state=OFFER_STATES[
            OfferState(offer.state)
            if offer.state != OfferState.OFFERED or _still_wanted(offer)
            else OfferState.WITHDRAWN
        ],
        room=offer.room.public_id if offer.room is not None else None,
        supervisor=offer.supporter.supervisor.full_name,
        places=offer.supporter.capacity,
        used=used,
    )


def call_page(offer: Offer, actor: Actor, *, at: datetime) -> CallPage:
    """Return what the supporter sees when calling (three queries).

    Raises NotVisible for anybody but the supporter of a conversation.
    """
    if offer.supporter.person_id != actor.person_id or offer.room is None:
        raise NotVisible
    calls = (
        Alert.objects.filter(matter=offer.room.public_id, source=AlertSource.CALL)
        .exclude(state=AlertState.RESOLVED)
        .order_by("-raised_at")[:5]
    )
    person = offer.help_request.person
    return CallPage(
        room=offer.room.public_id,
        name=offer.room.participants.filter(part="seeker").values_list("shown_as", flat=True).first() or "",
        supervisor=_called(offer, person, at),
        calls=tuple(
            Call(call.raised_at, call.state == AlertState.ACKNOWLEDGED, call.severity == "urgent")
            for call in calls
        ),
        open=offer.episode is not None and offer.episode.state == EpisodeState.ACTIVE,
    )


def _called(offer: Offer, person: Person | None, at: datetime) -> str:
    supervisor = offer.supporter.supervisor
    if person is not None and exclusions_against(supervisor.pk, person.pk, at=at).exists():
        return ""
    return supervisor.full_name


def seeker_names(episode_ids: Iterable[int]) -> dict[int, str]:
    """Return how the seekers of peers' episodes are called towards their supporters (one query)."""
    rows = Offer.objects.filter(episode__in=list(episode_ids), room__participants__part="seeker")
    return dict(rows.values_list("episode_id", "room__participants__shown_as"))
