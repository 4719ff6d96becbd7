"""A load client on raw sockets in one event loop: some hundred microseconds a request less than any HTTP
library.

Loopback only, bounded in time and number. Each connection is kept alive and sends its next request when the
answer to the last one is complete.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import cast

import uvloop

HOST = "127.0.0.1"
CONNECTIONS = 8
#: No round sends more than this.
MOST = 50_000
#: Seconds that an answer may take before the run counts as failed.
PATIENCE = 20.0


class UnexpectedAnswer(RuntimeError):
    """The server said something else than the benchmark measures."""


@dataclass
class Round:
    """What one round measured: answers, seconds, and each answer's seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the latency, in milliseconds, that a share of the answers stays below."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1000


class _Connection(asyncio.Protocol):
    """One kept-alive connection: sends, waits for the whole answer, sends again until the time is over."""

    def __init__(self, make: Callable[[], bytes], status: int, until: float, into: Round) -> None:
        self.make, self.until, self.into = make, until, into
        self.expected = f"HTTP/1.1 {status} ".encode()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.sent = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        assert self.transport is not None
        self.sent = perf_counter()
        if self.sent >= self.until or len(self.into.latencies) >= MOST:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.transport.write(self.make())

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        mark = head.lower().find(b"content-length:")
        if not head.startswith(self.expected) or mark < 0:
            self._fail(head)
            return
        if len(body) < int(head[mark + 15 :].split(b"\r\n", 1)[0]):
            return
        self.buffer = b""
        self.into.latencies.append(perf_counter() - self.sent)
        self._send()

    def _fail(self, head: bytes) -> None:
        assert self.transport is not None
        self.transport.abort()
        if not self.done.done():
            wanted, got = self.expected.decode().strip(), head.decode("latin-1")
            self.done.set_exception(UnexpectedAnswer(f"wanted {wanted}, got: {got[:400]}"))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(UnexpectedAnswer(f"the server closed the connection: {error}"))


async def _drive(
    port: int, make: Callable[[], bytes], status: int, seconds: float, connections: int
) -> Round:
    into = Round()
    loop = asyncio.get_running_loop()
    start = perf_counter()
    opened = []
    for _ in range(connections):
        made = await loop.create_connection(
            lambda: _Connection(make, status, start + seconds, into), HOST, port
        )
        opened.append(made[1])
    async with asyncio.timeout(seconds + PATIENCE):
        await asyncio.gather(*(connection.done for connection in opened))
    into.seconds = perf_counter() - start
    return into


def drive(
    port: int, make: Callable[[], bytes], *, status: int, seconds: float, connections: int = CONNECTIONS
) -> Round:
    """Send what `make` makes over some connections for some seconds.

    Raises UnexpectedAnswer at the first answer with another status: a fast error page is no page.
    """
    return uvloop.run(_drive(port, make, status, seconds, connections))


@dataclass(frozen=True)
class Target:
    """Where to send what, and the status that is expected."""

    port: int
    make: Callable[[], bytes]
    status: int


def interleave(targets: list[Target], *, rounds: int = 7, seconds: float = 1.2) -> list[list[Round]]:
    """Measure the targets in turn, round by round after a warm-up, so a disturbance strikes all alike."""
    for target in targets:
        drive(target.port, target.make, status=target.status, seconds=0.7)
    measured: list[list[Round]] = [[] for _ in targets]
    for _ in range(rounds):
        for target, into in zip(targets, measured, strict=True):
            into.append(drive(target.port, target.make, status=target.status, seconds=seconds))
    return measured


def middle_rate(rounds: list[Round]) -> float:
    """Return the median rate of the rounds."""
    return median(one.rate for one in rounds)


def middle_ratio(ours: list[Round], limit: list[Round]) -> float:
    """Return the median of the rounds' ratios: both of a round ran within seconds of each other."""
    return median(a.rate / b.rate for a, b in zip(ours, limit, strict=True))


def request(
    method: str, path: str, *, port: int, cookies: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return a request as a phone's browser sends it: compressed answers welcome, Indonesian wanted."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Language: id,en;q=0.7",
        "Accept-Encoding: gzip, deflate",
        "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36",
    ]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
