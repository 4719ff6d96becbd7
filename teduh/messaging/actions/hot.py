"""The two readings of every posted message, in plain SQL: building them anew cost more than answering them.

They state the same rule as `Room.objects.visible_to`; a test holds them to it.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.dateparse import parse_datetime

_SEATS = """
SELECT r.id, r.public_id, r.last_seq, r.closed_at IS NOT NULL, r.sealing_key_id, s.public_id, o.public_id,
       p.id, p.person_id, h.public_id, p.part, p.shown_as, p.read_seq
FROM messaging_room r
JOIN people_organisation o ON o.id = r.organisation_id
JOIN people_person s ON s.id = r.subject_id
JOIN messaging_participant p ON p.room_id = r.id AND p.left_at IS NULL
JOIN people_person h ON h.id = p.person_id
WHERE r.public_id IN ({places}) AND NOT EXISTS (
    SELECT 1 FROM people_exclusion e
    WHERE e.person_id = r.subject_id AND e.excluded_id = p.person_id
      AND e.starts_at <= %s AND (e.ends_at IS NULL OR e.ends_at > %s))
ORDER BY p.id
"""
_STORED = """
SELECT m.room_id, p.person_id, m.client_id, m.seq, m.sent_at
FROM messaging_message m JOIN messaging_participant p ON p.id = m.sender_id
WHERE p.room_id IN ({rooms}) AND m.client_id IN ({places})
"""


class RoomRow(NamedTuple):
    """What posting must know of a room."""

    pk: int
    public_id: uuid.UUID
    last_seq: int
    is_closed: bool
    key_id: int
    subject: uuid.UUID
    organisation: uuid.UUID


class SeatRow(NamedTuple):
    """Someone who takes part now."""

    room_id: int
    pk: int
    person_id: int
    person: uuid.UUID
    part: str
    shown_as: str
    read_seq: int


class StoredRow(NamedTuple):
    """A message that is there already."""

    room_id: int
    person_id: int
    client_id: uuid.UUID
    seq: int
    sent_at: datetime


def _given(value: uuid.UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _found(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def seats(rooms: Collection[uuid.UUID], at: datetime) -> list[tuple[Any, ...]]:
    """Return each present participant of the rooms, who is not excluded, with the room: `RoomRow`, then
    `SeatRow`.
    """
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _SEATS.format(places=", ".join(["%s"] * len(rooms))), [*map(_given, rooms), moment, moment]
        )
        return [
            (row[0], _found(row[1]), row[2], bool(row[3]), row[4], _found(row[5]), _found(row[6]),
             row[7], row[8], _found(row[9]), *row[10:])
            for row in cursor.fetchall()
        ]  # fmt: skip


def stored(rooms: Collection[int], client_ids: Collection[uuid.UUID]) -> list[StoredRow]:
    """Return the messages of the rooms that carry one of the client ids."""
    statement = _STORED.format(
        rooms=", ".join(["%s"] * len(rooms)), places=", ".join(["%s"] * len(client_ids))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*rooms, *map(_given, client_ids)])
        return [
            StoredRow(row[0], row[1], _found(row[2]), row[3], _moment(row[4])) for row in cursor.fetchall()
        ]


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    parsed = parse_datetime(value)
    if parsed is None:
        raise ValueError("a stored moment is malformed")
    return parsed.replace(tzinfo=connection.timezone) if parsed.tzinfo is None else parsed
