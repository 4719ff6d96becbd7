"""A chat client on raw sockets: many open event streams, and connections that post; loopback only."""

import asyncio
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from time import perf_counter
from typing import cast

HOST = "127.0.0.1"
WORDS = (
    "kak, tadi di kelas aku bingung banget soal ujian minggu depan",
    "iya, kemarin aku juga belajar sampai malam tapi belum paham",
    "makasih ya sudah mau dengar, aku jadi lebih lega sekarang",
    "besok istirahat pertama aku ada di perpustakaan kalau mau ngobrol",
)
_MARK = re.compile(rb'"text": ?"#(\d{9}) ')
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Seat:
    """One person in one room."""

    room: str
    cookie: str


@dataclass
class Tally:
    """What was sent, acknowledged and delivered, by the number that each text begins with."""

    sent: dict[int, float] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    arrivals: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    def arrived(self, number: int, now: float) -> None:
        """Note an arrival; a room has two streams, and a message counts as delivered when both have it."""
        times = self.arrivals[number] = self.arrivals.get(number, 0) + 1
        if times == 2 and number in self.sent:
            self.latencies.append(now - self.sent[number])

    @property
    def delivered(self) -> int:
        """Messages that are acknowledged and reached both streams of their room."""
        return sum(1 for number in self.acknowledged if self.arrivals.get(number, 0) >= 2)


class _Stream(asyncio.Protocol):
    """An open event stream that notes arrivals."""

    def __init__(self, seat: Seat, tally: "Current") -> None:
        self.seat, self.current, self.rest = seat, tally, b""
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        head = (
            f"GET /live/room/{self.seat.room}/ HTTP/1.1\r\nHost: {HOST}\r\n"
            f"Cookie: sessionid={self.seat.cookie}\r\n\r\n"
        )
        cast(asyncio.Transport, transport).write(head.encode())

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        if not self.open.done():
            if b" 200 " not in data[:20]:
                self.open.set_exception(RuntimeError(f"the stream was refused: {data[:120]!r}"))
                return
            self.open.set_result(None)
        data = self.rest + data
        end = data.rfind(b"\n\n") + 1
        for mark in _MARK.finditer(data, 0, end):
            self.current.tally.arrived(int(mark[1]), now)
        self.rest = data[end:]


class _Poster(asyncio.Protocol):
    """A kept-alive connection that posts one message at a time."""

    def __init__(self, seat: Seat, current: "Current", numbers: Iterator[int]) -> None:
        self.seat, self.current, self.numbers = seat, current, numbers
        self.transport: asyncio.Transport | None = None
        self.until = 0.0
        self.number: int | None = None
        self.buffer = b""
        self.idle = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.idle.set()

    def send(self) -> None:
        """Post the next message."""
        assert self.transport is not None
        number = self.number = next(self.numbers)
        text = f"#{number:09d} {WORDS[number % len(WORDS)]}"
        body = json.dumps({"client_id": str(uuid.UUID(int=number)), "text": text})
        head = (
            f"POST /live/room/{self.seat.room}/ HTTP/1.1\r\nHost: {HOST}\r\n"
            f"Cookie: sessionid={self.seat.cookie}\r\n"
            f"X-Teduh: 1\r\nOrigin: http://{HOST}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.idle.clear()
        self.current.tally.sent[number] = perf_counter()
        self.transport.write((head + body).encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, mark, body = self.buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not mark or length is None or len(body) < int(length[1]):
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"a message was refused: {self.buffer[:300]!r}")
        self.buffer = b""
        if self.number is not None:
            self.current.tally.acknowledged.add(self.number)
        if perf_counter() < self.until:
            self.send()
        else:
            self.idle.set()


class Current:
    """The tally that counts now."""

    def __init__(self) -> None:
        self.tally = Tally()


class Crowd:
    """Everybody connected to one server: a stream each, and a posting connection for some."""

    def __init__(self, port: int, seats: list[Seat], posters: int) -> None:
        self.port, self.seats, self.current = port, seats, Current()
        self._numbers = count(1)
        self._wanted = posters
        self.posters: list[_Poster] = []

    async def connect(self) -> None:
        """Open every stream, then the posting connections."""
        loop = asyncio.get_running_loop()
        for seat in self.seats:
            _transport, stream = await loop.create_connection(
                partial(_Stream, seat, self.current),
                HOST,
                self.port,
            )
            await asyncio.wait_for(stream.open, 10)
        step = max(1, len(self.seats) // self._wanted)
        for seat in self.seats[::step][: self._wanted]:
            _transport, poster = await loop.create_connection(
                partial(_Poster, seat, self.current, self._numbers),
                HOST,
                self.port,
            )
            self.posters.append(poster)

    async def _settle(self) -> None:
        await asyncio.wait_for(asyncio.gather(*(poster.idle.wait() for poster in self.posters)), 20)
        for _n in range(200):
            tally = self.current.tally
            if all(tally.arrivals.get(number, 0) >= 2 for number in tally.acknowledged):
                break
            await asyncio.sleep(0.01)

    async def flat_out(self, seconds: float) -> float:
        """Everybody posts as soon as the last message is acknowledged; return messages a second, durable and
        delivered.
        """
        self.current.tally = Tally()
        started = perf_counter()
        for poster in self.posters:
            poster.until = started + seconds
            poster.send()
        await asyncio.wait_for(asyncio.gather(*(poster.idle.wait() for poster in self.posters)), seconds + 20)
        took = perf_counter() - started
        await self._settle()
        return self.current.tally.delivered / took

    async def steady(self, rate: float, seconds: float) -> list[float]:
        """Post at a fixed rate; return seconds from sending until both streams of the room have it."""
        self.current.tally = Tally()
        for poster in self.posters:
            poster.until = 0.0
        started = perf_counter()
        for number in range(int(rate * seconds)):
            due = started + number / rate
            if (wait := due - perf_counter()) > 0:
                await asyncio.sleep(wait)
            poster = self.posters[number % len(self.posters)]
            await asyncio.wait_for(poster.idle.wait(), 10)
            poster.send()
        await self._settle()
        return sorted(self.current.tally.latencies)
