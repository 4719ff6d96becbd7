"""What the conversation's page, streams and polls need, as dataclasses; people appear only by the name shown
in the room.
"""

import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.ids import new_public_id
from teduh.kernel.sealing.root import purpose_key
from teduh.messaging import hooks
from teduh.messaging.models import Message, Participant, Room
from teduh.messaging.states import Part, RoomKind
from teduh.messaging.words import NOTES, PART_NAMES, scope_of
from teduh.people.access import Actor
from teduh.people.models import Exclusion
from teduh.people.models.person import in_force
from teduh.people.told import told

#: Messages on a page, and the most that one catch-up or poll returns.
PAGE_SIZE = 100
CATCH_UP = 500
#: A flood is folded, never refused: of more lines than this by one sender in a row, the middle is behind one
#: press.
FOLD_AFTER = 12


@dataclass(frozen=True)
class Line:
    """One message as a participant sees it."""

    seq: int
    who: str
    mine: bool
    part: str
    text: str = field(repr=False)
    at: datetime
    times: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return what streams and polls carry; never a person's id or real name."""
        return {
            "seq": self.seq,
            "who": self.who,
            "mine": self.mine,
            "part": self.part,
            "text": self.text,
            "at": self.at.isoformat(timespec="seconds"),
        }


@dataclass(frozen=True)
class Present:
    """Who takes part now, as the others see them."""

    who: str
    part: str
    part_name: str | Promise
    mine: bool


@dataclass(frozen=True)
class Bubbles:
    """Lines of one day; a flood by one sender is folded, never refused."""

    lines: list[Line]
    folded: bool
    #: Whether the day is named before these lines: once a day, however many groups it has.
    starts_day: bool = False


@dataclass(frozen=True)
class Seat:
    """The place of one viewer in one room: everything a stream must know to serve it."""

    room: Room
    participant: Participant
    everyone: tuple[Participant, ...]

    @property
    def present(self) -> list[Present]:
        """Return who takes part now, the person served first."""
        order = {part.value: number for number, part in enumerate(Part)}
        here = sorted((p for p in self.everyone if p.left_at is None), key=lambda p: (order[p.part], p.pk))
        return [
            Present(p.shown_as, p.part, PART_NAMES[Part(p.part)], p.person_id == self.participant.person_id)
            for p in here
        ]


@dataclass(frozen=True)
class RoomPage:
    """Everything the conversation's page shows."""

    public_id: uuid.UUID
    kind: RoomKind
    part: Part
    scope: str | Promise
    note: str | Promise
    present: list[Present]
    others: list[Present]
    lines: list[Line]
    bubbles: list[Bubbles]
    room: Room
    last_seq: int
    has_unread: bool
    has_older: bool
    closed_at: datetime | None
    owner: str
    client_id: uuid.UUID
    actions: list[hooks.RoomAction]


def find_seat(room_id: uuid.UUID, *, by: Actor) -> Seat:
    """Return the actor's seat in a room with everyone who ever sat there (one query).

    Raises NotVisible where the room is not there, or not for this actor.
    """
    visible = Room.objects.visible_to(by).filter(public_id=room_id)
    everyone = tuple(
        Participant.objects.filter(room__in=visible)
        .select_related("room", "room__organisation", "room__subject")
        .order_by("pk")
    )
    own = next((p for p in everyone if p.person_id == by.person_id and p.left_at is None), None)
    if own is None:
        raise NotVisible
    return Seat(own.room, own, everyone)


def open_lines(messages: Iterable[Message], seat: Seat) -> list[Line]:
    """Open messages for a viewer; senders who have left keep the name they had."""
    senders = {p.pk: p for p in seat.everyone}
    lines = []
    for message in messages:
        sender = senders[message.sender_id]
        mine = sender.person_id == seat.participant.person_id
        lines.append(
            Line(message.seq, sender.shown_as, mine, sender.part, message.text.open(), message.sent_at)
        )
    return lines


def messages_after(seat: Seat, seq: int, *, limit: int = CATCH_UP) -> list[Line]:
    """Return the messages after a number, oldest first; what streams and polls go on from."""
    return open_lines(Message.objects.filter(room=seat.room, seq__gt=seq).order_by("seq")[:limit], seat)


def lines_with_senders(room_id: uuid.UUID, seq: int, *, limit: int = CATCH_UP) -> list[tuple[int, Line]]:
    """Return (sender's person id, line) after a number, for delivery to streams whose reading is in the
    chain already.
    """
    rows = (
        Message.objects.filter(room__public_id=room_id, seq__gt=seq)
        .select_related("sender")
        .order_by("seq")[:limit]
    )
    return [
        (m.sender.person_id, Line(m.seq, m.sender.shown_as, False, m.sender.part, m.text.open(), m.sent_at))
        for m in rows
    ]


def record_read(seat: Seat, *, by: Actor, at: datetime, via: str) -> None:
    """Tell the chain that the actor opened this conversation, about the person it serves."""
    audit.record(
        told(
            by,
            "messaging.room.read",
            seat.room,
            subject=seat.room.subject,
            scope=seat.room.organisation,
            via=via,
        ),
        at=at,
    )


@transaction.atomic
def room_page(room_id: uuid.UUID, *, by: Actor, at: datetime, before: int | None = None) -> RoomPage:
    """Open the newest messages, or those before a number, with one audit row in the same transaction.

    Raises NotVisible where the room is not there, or not for this actor.
    """
    seat = find_seat(room_id, by=by)
    room = seat.room
    rows = Message.objects.filter(room=room, **({"seq__lt": before} if before else {})).order_by("-seq")
    lines = open_lines(list(rows[:PAGE_SIZE])[::-1], seat)
    record_read(seat, by=by, at=at, via="page")
    newest = lines[-1].seq if lines else 0
    present = seat.present
    return RoomPage(
        public_id=room.public_id,
        kind=RoomKind(room.kind),
        part=Part(seat.participant.part),
        scope=scope_of(RoomKind(room.kind), Part(seat.participant.part)),
        note=NOTES[RoomKind(room.kind)],
        present=present,
        others=[p for p in present if not p.mine],
        lines=lines,
        bubbles=fold(lines),
        room=room,
        last_seq=newest,
        has_unread=seat.participant.read_seq < newest,
        has_older=bool(lines) and lines[0].seq > 1,
        closed_at=room.closed_at,
        owner=owner_tag(seat.participant),
        client_id=new_public_id(),
        actions=hooks.actions_for(room, seat.participant),
    )


def owner_tag(participant: Participant) -> str:
    """Return a tag under which this person's device keeps unsent drafts; it names nobody.

    On a shared phone the next person has another tag, so that drafts never change hands.
    """
    return hmac.digest(purpose_key(b"drafts"), str(participant.person_id).encode(), "sha256")[:9].hex()


def fold(lines: list[Line]) -> list[Bubbles]:
    """Group lines for reading: the same words again count up, a long run of one sender folds in
    the middle.
    """
    runs: list[list[Line]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        if last is None or last.who != line.who or timezone.localdate(last.at) != timezone.localdate(line.at):
            runs.append([line])
        elif last.text == line.text:
            runs[-1][-1] = replace(line, times=last.times + 1)
        else:
            runs[-1].append(line)
    groups: list[Bubbles] = []
    day: date | None = None
    for run in runs:
        starts, day = day != timezone.localdate(run[0].at), timezone.localdate(run[0].at)
        if len(run) <= FOLD_AFTER:
            groups.append(Bubbles(run, folded=False, starts_day=starts))
        else:
            groups += [
                Bubbles(run[:3], folded=False, starts_day=starts),
                Bubbles(run[3:-3], folded=True),
                Bubbles(run[-3:], folded=False),
            ]
    return groups


@dataclass(frozen=True)
class Attendance:
    """Who may be in a room's streams now, and what they show of each other."""

    closed: bool
    seats: tuple[tuple[int, str, str], ...]

    def as_json(self, person_id: int) -> dict[str, Any]:
        """Return who is present as a participant sees it; never an id or a real name."""
        return {
            "closed": self.closed,
            "present": [
                {"who": who, "part": str(PART_NAMES[Part(part)]), "mine": person == person_id}
                for person, who, part in self.seats
            ],
        }


def attendance(rooms: Iterable[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, Attendance]:
    """Return, for many rooms, who takes part now and is not excluded (two queries)."""
    rows = list(
        Participant.objects.filter(room__public_id__in=list(rooms), left_at__isnull=True)
        .order_by("pk")
        .values_list(
            "room__public_id", "room__closed_at", "room__subject_id", "person_id", "shown_as", "part"
        )
    )
    barred = set(
        Exclusion.objects.filter(
            in_force(at), excluded_id__in={row[3] for row in rows}, person_id__in={row[2] for row in rows}
        ).values_list("person_id", "excluded_id")
    )
    found: dict[uuid.UUID, Attendance] = {}
    for room, closed_at, subject, person, who, part in rows:
        before = found.get(room, Attendance(closed_at is not None, ()))
        if (subject, person) not in barred:
            before = Attendance(before.closed, (*before.seats, (person, who, part)))
        found[room] = before
    return found


def last_seqs(rooms: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return the number of the last message of each room (one query)."""
    return dict(Room.objects.filter(public_id__in=list(rooms)).values_list("public_id", "last_seq"))


@dataclass(frozen=True)
class Conversation:
    """A conversation in a list: whom with and how much is unread; nothing of its content."""

    public_id: uuid.UUID
    matter: uuid.UUID
    kind: RoomKind
    with_whom: list[str]
    unread: int
    closed: bool


def conversations(*, by: Actor, limit: int = 20) -> list[Conversation]:
    """Return the actor's conversations, unread ones first (two queries, whatever their number)."""
    if by.person_id is None:
        return []
    own = list(
        Participant.objects.filter(
            room__in=Room.objects.visible_to(by), person_id=by.person_id, left_at__isnull=True
        ).select_related("room")[: limit * 5]
    )
    names: dict[int, list[str]] = {p.room_id: [] for p in own}
    others = Participant.objects.filter(room_id__in=names, left_at__isnull=True).exclude(
        person_id=by.person_id
    )
    for room_id, shown_as in others.order_by("pk").values_list("room_id", "shown_as"):
        names[room_id].append(shown_as)
    found = [
        Conversation(
            public_id=p.room.public_id,
            matter=p.room.matter,
            kind=RoomKind(p.room.kind),
            with_whom=names[p.room_id],
            unread=max(0, p.room.last_seq - p.read_seq),
            closed=p.room.closed_at is not None,
        )
        for p in own
    ]
    return sorted(found, key=lambda c: (c.closed, c.unread == 0, c.public_id.hex))[:limit]


def own_open_rooms(by: Actor, *, kind: RoomKind) -> "QuerySet[Participant]":
    """Return the actor's seats in open rooms of a kind, for joining to what the rooms belong to."""
    return Participant.objects.filter(
        room__kind=kind, room__closed_at__isnull=True, person=by.person_id, left_at__isnull=True
    )


@dataclass(frozen=True)
class OwnTalk:
    """A conversation with one other person, in a short list: nothing of its content."""

    public_id: uuid.UUID
    who: str
    unread: int
    closed: bool


def own_talks(by: Actor, *, kind: RoomKind, unread_only: bool = False, limit: int = 10) -> list[OwnTalk]:
    """Return the actor's conversations of a kind: open ones first, then unread, then the newest (one query)."""
    if by.person_id is None:
        return []
    others = Participant.objects.filter(room=OuterRef("room_id")).exclude(person_id=by.person_id)
    visible = Room.objects.visible_to(by).filter(pk=OuterRef("room_id"), kind=kind)
    # What one said oneself is not news, even where it follows something unread.
    others_words = Message.objects.filter(room=OuterRef("room_id"), seq__gt=OuterRef("read_seq")).exclude(
        sender__person_id=by.person_id
    )
    rows = (
        Participant.objects.filter(Exists(visible), person_id=by.person_id, left_at__isnull=True)
        .annotate(
            # Whoever is there now; in a closed conversation, whoever was there last.
            who=Subquery(others.order_by(F("left_at").desc(nulls_first=True), "-pk").values("shown_as")[:1]),
            unread=Coalesce(Subquery(others_words.values("room").annotate(n=Count("pk")).values("n")), 0),
        )
        .order_by(F("room__closed_at").desc(nulls_first=True), "-unread", "-room_id")
    )
    if unread_only:
        rows = rows.filter(unread__gt=0, room__closed_at__isnull=True)
    found = rows.values_list("room__public_id", "who", "unread", "room__closed_at")[:limit]
    return [OwnTalk(room, who or "", unread, closed is not None) for room, who, unread, closed in found]
