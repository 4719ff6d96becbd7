"""What a supervisor sees: who waits and why nobody was found, who talks with whom, how supporters are."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.functional import Promise

from teduh.care import labels
from teduh.care.models import HelpRequest
from teduh.care.states import AlertState, EpisodeState, LevelKey, RequestState, Topic, Urgency
from teduh.kernel.errors import NotVisible
from teduh.peers.matching import Bar, Match, Outcome, RuledOut
from teduh.peers.models import Offer, OfferQuerySet, Supporter
from teduh.peers.policies import KEEPERS
from teduh.peers.pool import IN_USE, Pool, load_asking, load_pool, outcomes
from teduh.peers.queries.paging import page_of
from teduh.peers.states import OfferState
from teduh.peers.words import BARS, reason_for_supervisor, waited_short, waited_words
from teduh.people.access import Actor
from teduh.people.models import Exclusion, Person
from teduh.people.models.person import in_force
from teduh.people.states import Role


@dataclass(frozen=True)
class WhyNot:
    """How many supporters one hard rule shuts out."""

    words: str | Promise
    count: int

    def __str__(self) -> str:
        return f"{self.count} × {self.words}"


@dataclass(frozen=True)
class WaitingLine:
    """A request in the queue: whom was asked, or why nobody could be."""

    public_id: uuid.UUID
    who: str
    topic: str | Promise
    icon: str
    urgency: str | Promise
    tone: str
    waits: str
    waits_short: str
    filled: float
    asked: str
    answer_by: datetime | None
    why_not: tuple[WhyNot, ...]
    could_ask: int


@dataclass(frozen=True)
class TalkLine:
    """A conversation that runs, by the names shown in it."""

    offer: uuid.UUID
    room: uuid.UUID
    episode: uuid.UUID
    seeker: str
    supporter: str
    topic: str | Promise
    messages: int
    last_at: datetime | None
    began_at: datetime
    alerts: int
    inside: bool


@dataclass(frozen=True)
class SupporterLine:
    """A supporter with load and rest."""

    person: uuid.UUID
    name: str
    topics: tuple[str | Promise, ...]
    used: int
    places: int
    available: bool
    active: bool
    rest_until: datetime | None
    enrolled: bool
    supervisor: str

    @property
    def bar(self) -> tuple[bool, ...]:
        """One mark a place, filled where it is used."""
        return tuple(number < self.used for number in range(max(self.places, self.used)))


@dataclass(frozen=True)
class SupervisorHome:
    """The supervisor's home at a glance."""

    waiting: tuple[WaitingLine, ...]
    waiting_count: int
    talks: int
    resting: int
    free_places: int


@dataclass(frozen=True)
class Choice:
    """A supporter who may be chosen by hand, with what speaks for them."""

    person: uuid.UUID
    name: str
    score: int
    reasons: tuple[str, ...]
    used: int
    places: int
    asked_before: bool


@dataclass(frozen=True)
class Against:
    """A supporter who may not be chosen, with every rule that stands against it."""

    name: str
    bars: tuple[str | Promise, ...]


@dataclass(frozen=True)
class ChoosePage:
    """A request with everybody who may and who may not be asked."""

    line: WaitingLine
    choices: tuple[Choice, ...]
    against: tuple[Against, ...]


def queue(actor: Actor) -> Any:
    """Return the requests that wait for a peer at a door the actor keeps; exclusions win."""
    shut_out = Exclusion.objects.filter(
        in_force(actor.at), person=OuterRef("person_id"), excluded_id=actor.person_id
    )
    return (
        HelpRequest.objects.filter(
            organisation_id__in=actor.organisations_as(*KEEPERS),
            state=RequestState.ROUTED,
            decided_level=LevelKey.PEER,
        )
        .exclude(Exists(shut_out))
        .select_related("person", "organisation")
        .order_by("due_at", "pk")
    )


def talks(actor: Actor) -> OfferQuerySet:
    """Return the conversations that run and that the actor supervises, without the actor's own."""
    running = Offer.objects.visible_to(actor).filter(
        state=OfferState.ACCEPTED, episode__state=EpisodeState.ACTIVE
    )
    me = actor.person_id or 0
    return running.exclude(Q(supporter__person_id=me) | Q(help_request__person_id=me))


def find_waiting(actor: Actor, public_id: uuid.UUID) -> HelpRequest:
    """Return a request of the queue.

    Raises NotVisible for any other.
    """
    row: HelpRequest | None = queue(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotVisible
    return row


def find_supporter_person(actor: Actor, public_id: uuid.UUID, *, at: datetime) -> Person:
    """Return somebody who is a supporter of a school the actor looks after, enrolled or not yet.

    Raises NotVisible for anybody else.
    """
    for organisation_id in actor.organisations_as(*KEEPERS):
        person = (
            Person.objects.filter(Q(pk__in=_holders(organisation_id, at)) | Q(supporter__isnull=False))
            .filter(organisation_id=organisation_id, public_id=public_id)
            .select_related("supporter__supervisor", "supporter__person", "supporter__organisation")
            .first()
        )
        if person is not None:
            return person
    raise NotVisible


def find_supporter(actor: Actor, person: uuid.UUID, organisation_id: int) -> Supporter:
    """Return a supporter of an organisation whose queue the actor keeps.

    Raises NotVisible for any other.
    """
    row = (
        Supporter.objects.visible_to(actor)
        .filter(person__public_id=person, organisation_id=organisation_id)
        .first()
    )
    if row is None:
        raise NotVisible
    return row


def _holders(organisation_id: int, at: datetime) -> Any:
    return Person.objects.with_role(Role.PEER_SUPPORTER, organisation_id, at=at).values("pk")


def supervisors_of(organisation_id: int, *, at: datetime) -> list[Person]:
    """Return who may supervise in an organisation (one query)."""
    found = Person.objects.with_role(Role.PEER_SUPERVISOR, organisation_id, at=at)
    return list(found.filter(left_on__isnull=True).order_by("full_name"))


def waiting_page(actor: Actor, number: int, *, at: datetime) -> "Page[WaitingLine]":
    """Return a page of the queue with the matching's answer to each (six queries, whatever their number)."""
    return page_of(queue(actor), number, lambda rows: waiting_lines(rows, at=at))


def waiting_lines(rows: list[HelpRequest], *, at: datetime) -> list[WaitingLine]:
    """Return requests with whom was asked, or why nobody could be (four queries; none for no request)."""
    if not rows:
        return []
    pool = load_pool(list({row.organisation_id for row in rows}), at=at)
    asking = load_asking(rows, at=at)
    found = outcomes(asking, pool, at=at)
    return [_waiting_line(row, asking.open_offers.get(row.pk), found.get(row.pk), at) for row in rows]


def _waiting_line(
    row: HelpRequest, offer: Offer | None, outcome: Outcome | None, at: datetime
) -> WaitingLine:
    topic, urgency = Topic(row.topic), Urgency(row.urgency)
    whole = (row.due_at - row.sent_at).total_seconds()
    against: Counter[Bar] = Counter(out.bars[0] for out in outcome.ruled_out) if outcome else Counter()
    return WaitingLine(
        public_id=row.public_id,
        who=row.person.full_name if row.person else "",
        topic=labels.TOPICS[topic],
        icon=labels.TOPIC_ICONS[topic],
        urgency=labels.URGENCIES[urgency],
        tone=labels.URGENCY_TONES[urgency],
        waits=waited_words(row.sent_at, at),
        waits_short=waited_short(row.sent_at, at),
        filled=min(1.0, max(0.0, (at - row.sent_at).total_seconds() / whole)) if whole > 0 else 1.0,
        asked=offer.supporter.person.full_name if offer else "",
        answer_by=offer.expires_at if offer else None,
        why_not=tuple(WhyNot(BARS[bar], number) for bar, number in against.most_common())
        if offer is None
        else (),
        could_ask=len(outcome.ranked) if outcome else 0,
    )


def talks_page(actor: Actor, number: int) -> "Page[TalkLine]":
    """Return a page of the conversations that run (four queries)."""
    open_alerts = Count(
        "episode__alerts", filter=~Q(episode__alerts__state=AlertState.RESOLVED), distinct=True
    )
    rows = (
        talks(actor)
        .select_related("supporter__person", "help_request", "episode", "room")
        .annotate(last_at=Max("room__messages__sent_at"), open_alerts=open_alerts)
        .prefetch_related("room__participants")
        .order_by("-open_alerts", "-last_at", "pk")
    )
    return page_of(rows, number, lambda found: [_talk_line(row, actor) for row in found])


def _talk_line(row: Offer, actor: Actor) -> TalkLine:
    if row.room is None or row.episode is None:
        raise LookupError("an accepted offer has a room and an episode")
    present = [one for one in row.room.participants.all() if one.left_at is None]
    return TalkLine(
        offer=row.public_id,
        room=row.room.public_id,
        episode=row.episode.public_id,
        seeker=next((one.shown_as for one in present if one.part == "seeker"), ""),
        supporter=row.supporter.person.full_name,
        topic=labels.TOPICS[Topic(row.help_request.topic)],
        messages=row.room.last_seq,
        last_at=getattr(row, "last_at", None),
        began_at=row.answered_at or row.offered_at,
        alerts=getattr(row, "open_alerts", 0),
        inside=any(one.person_id == actor.person_id for one in present),
    )


def supporters_page(actor: Actor, number: int, *, at: datetime) -> "Page[SupporterLine]":
    """Return a page of supporters, those who hold the role but are not enrolled yet included (two
    queries)."""
    kept = actor.organisations_as(*KEEPERS)
    holds = Q()
    for organisation_id in kept:
        holds |= Q(pk__in=_holders(organisation_id, at))
    rows = (
        Person.objects.filter(organisation_id__in=kept)
        .filter(Q(supporter__isnull=False) | holds)
        .select_related("supporter__supervisor")
        .annotate(in_use=Count("supporter__offers", filter=_prefixed(IN_USE)))
        .order_by("full_name", "pk")
    )
    return page_of(rows, number, lambda found: [_supporter_line(row, at) for row in found])


def _prefixed(condition: Q) -> Q:
    """Return the condition on offers as seen from a person."""
    moved = Q()
    for child in condition.children:
        if isinstance(child, Q):
            moved.add(_prefixed(child), condition.connector)
        elif isinstance(child, tuple):
            moved.add(Q((f"supporter__{child[0]}", child[1])), condition.connector)
    return moved


def _supporter_line(person: Person, at: datetime) -> SupporterLine:
    supporter: Supporter | None = getattr(person, "supporter", None)
    if supporter is None:
        return SupporterLine(person.public_id, person.full_name, (), 0, 0, False, False, None, False, "")
    resting = supporter.rest_until is not None and supporter.rest_until > at
    return SupporterLine(
        person=person.public_id,
        name=person.full_name,
        topics=tuple(labels.TOPICS[Topic(code)] for code in supporter.topics),
        used=getattr(person, "in_use", 0),
        places=supporter.capacity,
        available=supporter.available,
        active=supporter.is_active,
        rest_until=supporter.rest_until if resting else None,
        enrolled=True,
        supervisor=supporter.supervisor.full_name,
    )


def supervisor_home(actor: Actor, *, at: datetime) -> SupervisorHome:
    """Return the supervisor's home: the three who wait longest, and how things stand (five queries)."""
    pool = load_pool(list(actor.organisations_as(*KEEPERS)), at=at)
    rows = list(queue(actor)[:3])
    waiting = Offer.objects.filter(help_request__in=rows, state=OfferState.OFFERED)
    offered = {one.help_request_id: one for one in waiting.select_related("supporter__person")}
    ready = [
        one
        for one in pool.candidates.values()
        if one.is_active and one.available and (one.rest_until is None or one.rest_until <= at)
    ]
    return SupervisorHome(
        waiting=tuple(_waiting_line(row, offered.get(row.pk), None, at) for row in rows),
        waiting_count=queue(actor).count(),
        talks=talks(actor).count(),
        resting=sum(one.rest_until is not None and one.rest_until > at for one in pool.candidates.values()),
        free_places=sum(max(0, one.capacity - one.load) for one in ready),
    )


def choose_page(request: HelpRequest, *, at: datetime) -> ChoosePage:
    """Return everybody who may be asked about a request, and who may not and why (four queries)."""
    pool = load_pool([request.organisation_id], at=at)
    asking = load_asking([request], at=at)
    outcome = outcomes(asking, pool, at=at).get(request.pk) or Outcome((), ())
    offer = asking.open_offers.get(request.pk)
    # Who is asked at this moment stands above the lists, not in them.
    now = offer.supporter.person_id if offer is not None else None
    outcome = Outcome(
        tuple(found for found in outcome.ranked if found.candidate.person != now),
        tuple(out for out in outcome.ruled_out if out.candidate.person != now),
    )
    again = [out for out in outcome.ruled_out if set(out.bars) == {Bar.ASKED_BEFORE}]
    return ChoosePage(
        line=_waiting_line(request, offer, outcome, at),
        choices=tuple(_choice(found, pool) for found in outcome.ranked)
        + tuple(_choice(Match(out.candidate, ()), pool, again=True) for out in again),
        against=tuple(_against(out, pool) for out in outcome.ruled_out if out not in again),
    )


def _choice(found: Match, pool: Pool, *, again: bool = False) -> Choice:
    person = pool.supporters[found.candidate.person].person
    return Choice(
        person=person.public_id,
        name=person.full_name,
        score=found.score,
        reasons=tuple(reason_for_supervisor(point.code, point.value) for point in found.points),
        used=found.candidate.load,
        places=found.candidate.capacity,
        asked_before=again,
    )


def _against(out: RuledOut, pool: Pool) -> Against:
    return Against(
        pool.supporters[out.candidate.person].person.full_name, tuple(BARS[bar] for bar in out.bars)
    )
