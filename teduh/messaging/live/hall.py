"""The hall: which streams are open in this process, and who hears what."""

import asyncio
import json
import uuid
from collections.abc import Iterable
from typing import Any

from teduh.messaging.live.doors import Visitor
from teduh.messaging.queries import Line

#: A client that leaves more than this many bytes unread is let go; it comes back and goes on where it was.
BACKLOG_BYTES = 256 * 1024
CHANGE = b"event: change\ndata: {}\n\n"
HEARTBEAT = b": \n\n"


def encode(data: object) -> bytes:
    """Return compact JSON; no line break can occur inside, so that it is one line of an event."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


class Event:
    """One message on its way to streams: rendered once for its sender and once for everyone else."""

    __slots__ = ("mine", "others", "person_id", "seq")

    def __init__(self, person_id: int, line: Line) -> None:
        self.person_id, self.seq = person_id, line.seq
        data: dict[str, Any] = line.as_json()
        head = f"id: {line.seq}\ndata: ".encode()
        data["mine"] = False
        self.others = head + encode(data) + b"\n\n"
        data["mine"] = True
        self.mine = head + encode(data) + b"\n\n"

    def for_person(self, person_id: int) -> bytes:
        """Return the event as this person sees it."""
        return self.mine if person_id == self.person_id else self.others


class Stream:
    """One open connection; what is pushed waits in a bounded buffer until the client takes it."""

    __slots__ = (
        "_ready",
        "_size",
        "_waiting",
        "ended",
        "missed",
        "opening",
        "room",
        "seq",
        "task",
        "visitor",
    )

    def __init__(self, visitor: Visitor, room: uuid.UUID | None = None) -> None:
        self.visitor, self.room = visitor, room
        self.seq = 0
        self.opening, self.missed = True, False
        self.ended = False
        self.task: asyncio.Task[Any] | None = asyncio.current_task()
        self._waiting: list[bytes] = []
        self._size = 0
        self._ready = asyncio.Event()

    def push(self, chunk: bytes) -> None:
        """Queue a chunk; a client too slow to keep up is dropped rather than grow without bound."""
        if self.ended:
            return
        if self._size > BACKLOG_BYTES:
            self.drop()
            return
        self._waiting.append(chunk)
        self._size += len(chunk)
        self._ready.set()

    def push_once(self, chunk: bytes) -> None:
        """Queue a chunk unless the very same is waiting already."""
        if chunk not in self._waiting:
            self.push(chunk)

    def end(self) -> None:
        """End the stream after what is queued."""
        self.ended = True
        self._ready.set()

    def drop(self) -> None:
        """End the stream now, even in the middle of a send that the client does not take."""
        self.ended = True
        self._waiting.clear()
        if self.task is not None:
            self.task.cancel()

    async def take(self) -> bytes:
        """Wait for what is queued and return all of it; empty when the stream has ended."""
        if not self._waiting and not self.ended:
            self._ready.clear()
            await self._ready.wait()
        chunk = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return chunk


class Hall:
    """All open streams of this process, by room and by person."""

    def __init__(self) -> None:
        self.rooms: dict[uuid.UUID, set[Stream]] = {}
        self.persons: dict[uuid.UUID, set[Stream]] = {}

    def enter(self, stream: Stream) -> None:
        """Register a stream."""
        if stream.room is not None:
            self.rooms.setdefault(stream.room, set()).add(stream)
        else:
            self.persons.setdefault(stream.visitor.person, set()).add(stream)

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        place: dict[uuid.UUID, set[Stream]] = self.persons if stream.room is None else self.rooms
        key = stream.visitor.person if stream.room is None else stream.room
        streams = place.get(key)
        if streams is not None:
            streams.discard(stream)
            if not streams:
                del place[key]

    def streams(self) -> list[Stream]:
        """Return every open stream."""
        return [s for place in (self.rooms, self.persons) for streams in place.values() for s in streams]

    def deliver(self, room: uuid.UUID, events: Iterable[Event]) -> bool:
        """Hand events to a room's streams, each in order and without a gap; True if someone misses one in
        between.
        """
        streams = self.rooms.get(room)
        if not streams:
            return False
        gap = False
        events = list(events)
        for stream in list(streams):
            if stream.opening:
                stream.missed = True
                continue
            for event in events:
                if event.seq == stream.seq + 1:
                    stream.push(event.for_person(stream.visitor.person_id))
                    stream.seq = event.seq
                elif event.seq > stream.seq:
                    gap = True
                    break
        return gap

    def behind(self, room: uuid.UUID) -> int | None:
        """Return the lowest number that a room's streams have reached; None if nobody listens."""
        reached = [s.seq for s in self.rooms.get(room, ()) if not s.opening]
        return min(reached, default=None)
