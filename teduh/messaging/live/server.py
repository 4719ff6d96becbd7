"""The heart of the stream server: readers, the writer, the hall, and what happens when something is heard."""

import asyncio
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from teduh.kernel import clock
from teduh.kernel.errors import NotVisible
from teduh.messaging.actions import Posted
from teduh.messaging.live.doors import Doors, Visitor, accounts_of, touch
from teduh.messaging.live.hall import CHANGE, HEARTBEAT, Event, Hall, Stream, encode
from teduh.messaging.live.tail import Heard, Tail
from teduh.messaging.live.writer import Writer, close_threads
from teduh.messaging.queries import (
    CATCH_UP,
    Attendance,
    Line,
    attendance,
    find_seat,
    last_seqs,
    lines_with_senders,
    messages_after,
    record_read,
)

logger = logging.getLogger("teduh.stream")

#: Seconds between heartbeats, and between two checks that whoever listens may still do so.
HEARTBEAT_EVERY = 20.0
CHECK_EVERY = 15.0
#: Threads that read, each with a connection of its own.
READERS = 4
#: A reading of a room by one session within this time belongs to the same page view, in seconds.
SAME_VIEW_SECONDS = 600.0
VIEWS_KEPT = 50_000

T = TypeVar("T")


class Server:
    """Everything that one process holds; made when the process starts, stopped when it ends."""

    def __init__(self) -> None:
        self.doors = Doors()
        self.hall = Hall()
        self.writer = Writer(self._delivered)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="teduh-reader")
        self._tasks: set[asyncio.Task[None]] = set()
        self._catching_up: set[uuid.UUID] = set()
        self._views: dict[tuple[str, uuid.UUID], float] = {}

    # --- Life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the writer, the clocks and the ear for other processes."""
        loop = self._loop = asyncio.get_running_loop()
        self._tail = Tail(lambda heard: _call_soon(loop, self._hear, heard))
        self._tail.start()
        self._spawn(self.writer.run())
        self._spawn(self._beat())
        self._spawn(self._watch())

    def end_streams(self) -> None:
        """End every stream; clients come back by themselves."""
        for stream in self.hall.streams():
            stream.end()

    async def stop(self) -> None:
        """End every stream and stop."""
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._tail.stop)
        await asyncio.to_thread(close_threads, self._readers, READERS)
        await asyncio.to_thread(self.writer.close)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- Reading ----------------------------------------------------------------------------------

    async def read(self, function: Callable[..., T], *args: object) -> T:
        """Run a database function in a reader thread; a lost connection is replaced and the reading repeated
        once.
        """
        return await self._loop.run_in_executor(self._readers, _guarded, function, args)

    async def visitor(self, key: str) -> Visitor | None:
        """Return who a session key belongs to."""
        if not key:
            return None
        return self.doors.remembered(key) or await self.read(self.doors.ask, key)

    def note_activity(self, visitor: Visitor) -> None:
        """Keep the session of someone who writes from ending for idleness; nobody waits for it."""
        if self.doors.must_touch(visitor.session_key):
            self._spawn(self.read(touch, visitor.session_key))

    async def open_room(self, stream: Stream, after: int | None) -> bytes | None:
        """Enter a stream into a room and return what it has missed; None where the room is not for this
        visitor.
        """
        if stream.room is None:
            return None
        self.hall.enter(stream)
        try:
            lines, reached = await self.read(self._look_in, stream.visitor, stream.room, after)
        except NotVisible:
            self.hall.leave(stream)
            return None
        stream.seq = reached
        stream.opening = False
        if stream.missed:
            self.catch_up(stream.room)
        person = stream.visitor.person_id
        return b"".join(Event(person if line.mine else 0, line).for_person(person) for line in lines)

    async def poll_room(self, visitor: Visitor, room: uuid.UUID, after: int) -> list[Line] | None:
        """Return the messages after a number; None where the room is not for this visitor."""
        try:
            lines, _reached = await self.read(self._look_in, visitor, room, after)
        except NotVisible:
            return None
        return lines

    def _look_in(self, visitor: Visitor, room: uuid.UUID, after: int | None) -> tuple[list[Line], int]:
        at, actor = clock.now(), visitor.actor
        with transaction.atomic():
            seat = find_seat(room, by=actor)
            last = seat.room.last_seq
            start = last if after is None else min(max(after, 0), last)
            lines = messages_after(seat, start) if start < last else []
            new_view = self._is_new_view(visitor, room)
            if new_view:
                record_read(seat, by=actor, at=at, via="stream")
        if new_view:
            self._note_view(visitor, room)
        return lines, lines[-1].seq if lines else start

    def _is_new_view(self, visitor: Visitor, room: uuid.UUID) -> bool:
        seen = self._views.get((visitor.session_key, room))
        return seen is None or time.monotonic() - seen >= SAME_VIEW_SECONDS

    def _note_view(self, visitor: Visitor, room: uuid.UUID) -> None:
        if len(self._views) > VIEWS_KEPT:
            self._views.clear()
        self._views[visitor.session_key, room] = time.monotonic()

    # --- Hearing ----------------------------------------------------------------------------------

    def _delivered(self, posted: list[Posted]) -> None:
        """Hand freshly committed messages to the streams of this process."""
        rooms: dict[uuid.UUID, list[Event]] = defaultdict(list)
        for message in posted:
            if message.is_new and message.room in self.hall.rooms:
                line = Line(message.seq, message.who, False, message.part, message.text, message.at)
                rooms[message.room].append(Event(message.person_id, line))
        for room, events in rooms.items():
            events.sort(key=lambda event: event.seq)
            if self.hall.deliver(room, events):
                self.catch_up(room)

    def _hear(self, heard: Heard) -> None:
        if heard is None:
            rooms, members = set(self.hall.rooms), set(self.hall.rooms)
            persons = set(self.hall.persons)
        else:
            rooms = {r for c in heard if c.startswith("r:") and (r := uuid.UUID(c[2:])) in self.hall.rooms}
            members = {r for c in heard if c.startswith("m:") and (r := uuid.UUID(c[2:])) in self.hall.rooms}
            persons = {
                p for c in heard if c.startswith("p:") and (p := uuid.UUID(c[2:])) in self.hall.persons
            }
        for person in persons:
            for stream in self.hall.persons.get(person, ()):
                stream.push_once(CHANGE)
        for room in rooms:
            for stream in self.hall.rooms[room]:
                stream.missed = stream.missed or stream.opening
        if rooms:
            self._spawn(self._look_for_news(rooms))
        if members:
            self._spawn(self._check_rooms(members, tell=True))

    async def _look_for_news(self, rooms: set[uuid.UUID]) -> None:
        for room, last in (await self.read(last_seqs, rooms)).items():
            reached = self.hall.behind(room)
            if reached is not None and reached < last:
                self.catch_up(room)

    def catch_up(self, room: uuid.UUID) -> None:
        """Bring a room's streams up to date from the database, once at a time."""
        if room not in self._catching_up:
            self._catching_up.add(room)
            self._spawn(self._catch_up(room))

    async def _catch_up(self, room: uuid.UUID) -> None:
        try:
            while (reached := self.hall.behind(room)) is not None:
                rows = await self.read(lines_with_senders, room, reached)
                self.hall.deliver(room, [Event(sender, line) for sender, line in rows])
                if len(rows) < CATCH_UP:
                    break
        finally:
            self._catching_up.discard(room)

    # --- Watching ---------------------------------------------------------------------------------

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            for stream in self.hall.streams():
                stream.push_once(HEARTBEAT)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY)
            try:
                await self._check_sessions(self.hall.streams())
                await self._check_rooms(set(self.hall.rooms), tell=False)
                await self._look_for_news(set(self.hall.rooms))
            except Exception:
                logger.exception("streams could not be checked")

    async def _check_sessions(self, streams: list[Stream]) -> None:
        for start in range(0, len(streams), 200):
            some = streams[start : start + 200]
            good = await self.read(accounts_of, {s.visitor.session_key for s in some})
            for stream in some:
                account = good.get(stream.visitor.session_key)
                if account is None or account.person_id != stream.visitor.person_id:
                    self.doors.forget(stream.visitor.session_key)
                    stream.end()

    async def _check_rooms(self, rooms: Iterable[uuid.UUID], *, tell: bool) -> None:
        wanted = list(rooms)
        for start in range(0, len(wanted), 200):
            some = wanted[start : start + 200]
            found = await self.read(_attendance_now, some)
            for room in some:
                self._apply(room, found.get(room, Attendance(True, ())), tell=tell)

    def _apply(self, room: uuid.UUID, here: Attendance, *, tell: bool) -> None:
        allowed = {person for person, _who, _part in here.seats}
        for stream in list(self.hall.rooms.get(room, ())):
            if stream.visitor.person_id not in allowed:
                stream.end()
            elif tell:
                stream.push(b"event: room\ndata: " + encode(here.as_json(stream.visitor.person_id)) + b"\n\n")


def _attendance_now(rooms: list[uuid.UUID]) -> dict[uuid.UUID, Attendance]:
    return attendance(rooms, at=clock.now())


def _guarded(function: Callable[..., T], args: tuple[object, ...]) -> T:
    try:
        return function(*args)
    except (OperationalError, InterfaceError):
        connection.close()
        return function(*args)


def _call_soon(loop: asyncio.AbstractEventLoop, function: Callable[[Heard], None], heard: Heard) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, heard)
