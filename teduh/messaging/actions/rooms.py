"""Open and close conversations, join and leave them, and note how far someone has read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from teduh.kernel import audit
from teduh.kernel.errors import Refused
from teduh.kernel.live import person_channel, room_channel, wake
from teduh.kernel.sealing.keyring import new_data_key
from teduh.messaging.models import Participant, Room
from teduh.messaging.states import Part, RoomKind
from teduh.people.access import Actor
from teduh.people.models import Organisation, Person
from teduh.people.models.person import exclusions_against
from teduh.people.told import told


def members_channel(room: uuid.UUID) -> str:
    """Return the channel that tells streams to look again at who takes part, not at what was written."""
    return f"m:{room.hex}"


@transaction.atomic
def open_room(
    *,
    organisation: Organisation,
    kind: RoomKind,
    subject: Person,
    matter: uuid.UUID,
    participants: Sequence[tuple[Person, Part, str]],
    by: Actor,
    at: datetime,
) -> Room:
    """Open a conversation under a key of its own; the open one for the same matter is returned if there is
    one.
    """
    existing = Room.objects.filter(kind=kind, matter=matter, closed_at__isnull=True).first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            room = Room.objects.create(
                sealing_key=new_data_key(organisation.public_id),
                organisation=organisation,
                kind=kind,
                subject=subject,
                matter=matter,
                opened_at=at,
            )
    except IntegrityError:
        return Room.objects.get(kind=kind, matter=matter, closed_at__isnull=True)
    audit.record(told(by, "messaging.room.open", room, subject=subject, scope=organisation), at=at)
    for person, part, shown_as in participants:
        join_room(room=room, person=person, part=part, shown_as=shown_as, by=by, at=at)
    return room


@transaction.atomic
def join_room(
    *, room: Room, person: Person, part: Part, shown_as: str, by: Actor, at: datetime
) -> Participant:
    """Let a person take part from now on under the name that the others see; joining again changes nothing.

    Raises Refused for a closed room and for a person who is excluded from the one whom the room serves.
    """
    locked = Room.objects.select_for_update().get(pk=room.pk)
    if locked.closed_at is not None:
        raise Refused("room_closed", _("This conversation is closed."))
    if exclusions_against(person.pk, locked.subject_id, at=at).exists():
        raise Refused("excluded", _("This person cannot take part in this conversation."))
    present = Participant.objects.filter(room=locked, person=person, left_at__isnull=True).first()
    if present is not None:
        return present
    participant = Participant.objects.create(
        room=locked, person=person, part=part, shown_as=shown_as[:60], joined_at=at
    )
    audit.record(
        told(
            by,
            "messaging.room.join",
            locked,
            subject=locked.subject,
            scope=locked.organisation,
            part=part.value,
        ),
        at=at,
    )
    wake(members_channel(locked.public_id), person_channel(person.public_id))
    return participant


@transaction.atomic
def leave_room(*, room: Room, person: Person, by: Actor, at: datetime) -> None:
    """End a person's part in a conversation now; their streams end and the room is a stranger's to them."""
    left = Participant.objects.filter(room=room, person=person, left_at__isnull=True).update(left_at=at)
    if not left:
        return
    audit.record(told(by, "messaging.room.leave", room, subject=room.subject, scope=room.organisation), at=at)
    wake(members_channel(room.public_id), person_channel(person.public_id))


@transaction.atomic
def close_room(*, room: Room, by: Actor, at: datetime) -> None:
    """Close a conversation: participants may still read it, nobody writes any more. Closing again changes
    nothing.
    """
    if not Room.objects.filter(pk=room.pk, closed_at__isnull=True).update(closed_at=at):
        return
    room.closed_at = at
    audit.record(told(by, "messaging.room.close", room, subject=room.subject, scope=room.organisation), at=at)
    present = Participant.objects.filter(room=room, left_at__isnull=True)
    wake(
        room_channel(room.public_id),
        members_channel(room.public_id),
        *(person_channel(p) for p in present.values_list("person__public_id", flat=True)),
    )


@dataclass(frozen=True, kw_only=True)
class ReadMark:
    """How far a person has read in a room."""

    room: uuid.UUID
    person_id: int
    seq: int


@transaction.atomic
def mark_reads(marks: Sequence[ReadMark]) -> None:
    """Note how far people have read; a mark only moves forward and never past the last message.

    The read itself is in the audit chain where the messages were opened; the mark tells nothing beyond that.
    """
    for mark in sorted(marks, key=lambda m: (m.room, m.person_id)):
        Participant.objects.filter(
            room__public_id=mark.room,
            person_id=mark.person_id,
            left_at__isnull=True,
            read_seq__lt=mark.seq,
            room__last_seq__gte=mark.seq,
        ).update(read_seq=mark.seq)


def mark_read(*, room: Room, by: Actor, seq: int) -> None:
    """Note how far the actor has read in a room."""
    if by.person_id is not None:
        mark_reads([ReadMark(room=room.public_id, person_id=by.person_id, seq=seq)])
