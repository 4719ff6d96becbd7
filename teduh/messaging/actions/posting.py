"""Post messages: many drafts in one transaction, so that one flush to disk acknowledges them all."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.audit import Entry
from teduh.kernel.errors import NotVisible, Refused
from teduh.kernel.live import person_channel, room_channel, wake
from teduh.kernel.rows import insert_rows
from teduh.kernel.sealing import keyring
from teduh.messaging.actions import hot
from teduh.messaging.hooks import danger_found
from teduh.messaging.models import Message, Participant, Room, Unheard
from teduh.people.access import Actor, system_actor
from teduh.people.told import told
from teduh.risk import Finding, scan

logger = logging.getLogger("teduh.messaging")

#: Characters in one message.
TEXT_LIMIT = 4000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What someone wants to say in a room; `client_id` is made by the sender's device and makes a resend
    harmless.
    """

    room: uuid.UUID
    by: Actor
    text: str = field(repr=False)
    client_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A stored message as its room shows it; `is_new` is false where a resend met the message that was
    there.
    """

    room: uuid.UUID
    seq: int
    client_id: uuid.UUID
    person_id: int
    who: str
    part: str
    text: str = field(repr=False)
    at: datetime
    is_new: bool


Outcome = Posted | Refused | NotVisible


def clean_text(text: str) -> str:
    """Return the text as it is stored: one kind of line break, no half characters, no blank edges.

    Raises Refused for an empty text and for one beyond the limit; nothing else stands in a message's way.
    """
    cleaned = (
        text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").strip()
    )
    if not cleaned:
        raise Refused("empty", _("Write something first."), field="text")
    if len(cleaned) > TEXT_LIMIT:
        raise Refused(
            "too_long",
            _("This message is too long. Send at most %(limit)s characters at once.") % {"limit": TEXT_LIMIT},
            field="text",
        )
    return cleaned


def post_message(*, room: Room, by: Actor, text: str, client_id: uuid.UUID, at: datetime) -> Posted:
    """Post one message; a repeat of the same client id returns the stored one.

    Raises NotVisible for whoever does not take part now, Refused for a closed room or a text that cannot be
    sent.
    """
    outcome = post_messages([Draft(room=room.public_id, by=by, text=text, client_id=client_id)], at=at)[0]
    if isinstance(outcome, Posted):
        return outcome
    raise outcome


@transaction.atomic
def post_messages(drafts: Sequence[Draft], *, at: datetime) -> list[Outcome]:
    """Post a batch in one transaction and return, in order, what became of each draft.

    One draft that is refused does not touch the others. Batches take turns, so that numbers have no gap.
    A finding of danger is announced in this transaction and never holds a message back.
    """
    return _Batch(drafts, at).post()


class _Batch:
    """One transaction's worth of drafts; each kind of row is read and written once for all of them."""

    def __init__(self, drafts: Sequence[Draft], at: datetime) -> None:
        self.drafts, self.at = drafts, at
        self.rooms: dict[uuid.UUID, hot.RoomRow] = {}
        self.seats: dict[tuple[int, int], hot.SeatRow] = {}
        self.stored: dict[tuple[int, int, uuid.UUID], hot.StoredRow] = {}
        self.new: list[Message] = []
        self.entries: list[Entry] = []
        self.findings: list[tuple[Message, Finding]] = []
        self.unheard: list[Message] = []

    def post(self) -> list[Outcome]:
        """Read what the rules need, decide each draft, then write everything."""
        self._take_turn()
        self._read_seats()
        if not self.rooms:
            return [NotVisible() for _draft in self.drafts]
        self.next_seq = {room.pk: room.last_seq for room in self.rooms.values()}
        self._read_stored()
        self.keys = keyring.prime(room.key_id for room in self.rooms.values())
        outcomes = [self._decide(draft) for draft in self.drafts]
        if self.new:
            self._write()
        return outcomes

    def _take_turn(self) -> None:
        """Hold the chains of the rooms' organisations, as every posting does: that numbers each room without
        a gap.

        SQLite has one writer at a time from the start of a transaction; there is nothing to hold.
        """
        if connection.features.has_select_for_update:
            scopes = Room.objects.filter(public_id__in={draft.room for draft in self.drafts}).values_list(
                "organisation__public_id", flat=True
            )
            for scope in sorted(set(scopes)):
                audit.hold(scope)

    def _read_seats(self) -> None:
        """Read the rooms with everyone who takes part now and is not excluded from the person served."""
        for row in hot.seats({draft.room for draft in self.drafts}, self.at):
            room, seat = hot.RoomRow._make(row[:7]), hot.SeatRow._make((row[0], *row[7:]))
            self.rooms[room.public_id] = room
            self.seats[seat.room_id, seat.person_id] = seat

    def _read_stored(self) -> None:
        # By person, not by seat: someone who left and came back may still resend what was stored before.
        rooms = [room.pk for room in self.rooms.values()]
        for stored in hot.stored(rooms, {draft.client_id for draft in self.drafts}):
            self.stored[stored.room_id, stored.person_id, stored.client_id] = stored

    def _decide(self, draft: Draft) -> Outcome:
        room = self.rooms.get(draft.room)
        person_id = draft.by.person_id
        seat = self.seats.get((room.pk, person_id)) if room is not None and person_id is not None else None
        if room is None or seat is None:
            return NotVisible()
        earlier = self.stored.get((room.pk, seat.person_id, draft.client_id))
        if earlier is not None:
            return self._posted(draft, room, seat, earlier.seq, earlier.sent_at, draft.text, is_new=False)
        if room.is_closed:
            return Refused("room_closed", _("This conversation is closed. You can still read it."))
        if room.key_id not in self.keys:
            return Refused("room_erased", _("This conversation was erased at the person's wish."))
        try:
            text = clean_text(draft.text)
        except Refused as refusal:
            return refusal
        return self._take(draft, room, seat, text)

    def _take(self, draft: Draft, room: hot.RoomRow, seat: hot.SeatRow, text: str) -> Posted:
        seq = self.next_seq[room.pk] = self.next_seq[room.pk] + 1
        message = Message(
            room_id=room.pk,
            sealing_key_id=room.key_id,
            seq=seq,
            sender_id=seat.pk,
            client_id=draft.client_id,
            text=text,
            sent_at=self.at,
        )
        self.new.append(message)
        self.stored[room.pk, seat.person_id, draft.client_id] = hot.StoredRow(
            room.pk, seat.person_id, draft.client_id, seq, self.at
        )
        self.entries.append(
            told(
                draft.by,
                "messaging.message.post",
                message,
                subject=room.subject,
                scope=room.organisation,
                seq=seq,
            )
        )
        self._scan(message, text)
        return self._posted(draft, room, seat, seq, self.at, text, is_new=True)

    def _scan(self, message: Message, text: str) -> None:
        try:
            finding = scan(text)
        except Exception:
            logger.exception("the danger scan failed")
            self.unheard.append(message)
            return
        if finding is not None:
            self.findings.append((message, finding))

    def _posted(
        self,
        draft: Draft,
        room: hot.RoomRow,
        seat: hot.SeatRow,
        seq: int,
        at: datetime,
        text: str,
        *,
        is_new: bool,
    ) -> Posted:
        return Posted(
            room=room.public_id,
            seq=seq,
            client_id=draft.client_id,
            person_id=seat.person_id,
            who=seat.shown_as,
            part=seat.part,
            text=text,
            at=at,
            is_new=is_new,
        )

    def _write(self) -> None:
        insert_rows(self.new)
        grown = [room for room in self.rooms.values() if self.next_seq[room.pk] != room.last_seq]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {connection.ops.quote_name(Room._meta.db_table)} SET last_seq = %s WHERE id = %s",  # noqa: S608
                [(self.next_seq[room.pk], room.pk) for room in grown],
            )
        writers: dict[int, set[int]] = {room.pk: set() for room in grown}
        for message in self.new:
            writers[message.room_id].add(message.sender_id)
        self._advance_own_marks(writers)
        if self.findings or self.unheard:
            self._learn_ids()
        for message, finding in self.findings:
            self._announce(message, finding)
        self._note_unheard()
        audit.record(*self.entries, at=self.at)
        wake(*(room_channel(room.public_id) for room in grown), *self._reader_channels(writers))

    def _learn_ids(self) -> None:
        told_of = [message for message, _finding in self.findings] + self.unheard
        ids = dict(
            Message.objects.filter(public_id__in=[m.public_id for m in told_of]).values_list(
                "public_id", "pk"
            )
        )
        for message in told_of:
            message.pk = ids[message.public_id]

    def _announce(self, message: Message, finding: Finding) -> None:
        room = Room.objects.select_related("organisation", "subject").get(pk=message.room_id)
        try:
            with transaction.atomic():
                danger_found.announce(message, room, finding, self.at)
        except Exception:
            # The message stands whatever happens; `jobs.announce_unheard` tries again until someone was told.
            logger.exception("danger was not heard", extra={"code": finding.category})
            self.unheard.append(message)

    def _note_unheard(self) -> None:
        if not self.unheard:
            return
        Unheard.objects.bulk_create([Unheard(message=message, since=self.at) for message in self.unheard])
        rooms = {room.pk: room for room in self.rooms.values()}
        for message in self.unheard:
            room = rooms[message.room_id]
            self.entries.append(
                told(
                    system_actor(),
                    "messaging.danger.unheard",
                    message,
                    subject=room.subject,
                    scope=room.organisation,
                )
            )

    def _advance_own_marks(self, writers: dict[int, set[int]]) -> None:
        """Count nobody's own words as unread: who had read everything and wrote alone has still read
        everything.
        """
        before = {room.pk: room.last_seq for room in self.rooms.values()}
        marks = [
            (self.next_seq[seat.room_id], seat.pk)
            for seat in self.seats.values()
            if writers.get(seat.room_id) == {seat.pk} and seat.read_seq >= before[seat.room_id]
        ]
        if marks:
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE {connection.ops.quote_name(Participant._meta.db_table)}"  # noqa: S608
                    " SET read_seq = %s WHERE id = %s",
                    marks,
                )

    def _reader_channels(self, writers: dict[int, set[int]]) -> list[str]:
        """Return the own channels of everyone who has something new to read: all but the only writer in a
        room.
        """
        return [
            person_channel(seat.person)
            for seat in self.seats.values()
            if seat.room_id in writers and writers[seat.room_id] != {seat.pk}
        ]
