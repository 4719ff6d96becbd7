"""The ASGI application of live conversations: streams, posts and polls; everything else is the same 404."""

import asyncio
import json
import logging
import re
import signal
import threading
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import FrameType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils import translation

from teduh.kernel.errors import NotVisible, Refused
from teduh.messaging.actions import Draft, Posted, ReadMark
from teduh.messaging.live.doors import Visitor
from teduh.messaging.live.hall import CHANGE, Stream, encode
from teduh.messaging.live.server import Server
from teduh.messaging.live.writer import Crowded

logger = logging.getLogger("teduh.stream")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: The largest body of a post, in bytes: 4,000 characters, all escaped, fit.
BODY_BYTES = 64 * 1024
ROUTE = re.compile(r"^/live/room/([0-9a-f-]{36})/(?:after/(\d{1,15})/)?$")
PRIVATE = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
JSON = (b"content-type", b"application/json")
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
    *PRIVATE,
]


@dataclass(frozen=True)
class Answer:
    """A short answer."""

    status: int
    body: bytes

    async def give(self, send: Send) -> None:
        """Send it."""
        length = (b"content-length", str(len(self.body)).encode())
        start = {"type": "http.response.start", "status": self.status, "headers": [JSON, length, *PRIVATE]}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})


def _error(status: int, code: str, **more: object) -> Answer:
    return Answer(status, encode({"error": code, **more}))


NOT_FOUND = _error(404, "not_found")
FOREIGN = _error(403, "foreign_origin")
MALFORMED = _error(400, "malformed")
TOO_LARGE = _error(413, "too_large")
CROWDED = _error(503, "try_again")
BROKEN = _error(500, "try_again")
NOTED = Answer(200, b"{}")


class TooLarge(Exception):
    """The body of a request is larger than any message can be."""


class StreamApp:
    """Serves `/live/`; makes its server when the process starts."""

    def __init__(self) -> None:
        self.server: Server | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.server = Server()
                self.server.start()
                _end_streams_on_exit(self.server)
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.server is not None:
                    await self.server.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Answer | None
        try:
            answer = await self._route(scope, receive, send)
        except TooLarge:
            answer = TOO_LARGE
        except Crowded:
            answer = CROWDED
        except Exception:
            logger.exception("request failed")
            answer = BROKEN
        if answer is not None:
            await answer.give(send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        if self.server is None:
            return CROWDED
        headers = dict(scope["headers"])
        method: str = scope["method"]
        if method == "POST" and not is_same_origin(headers):
            return FOREIGN
        path: str = scope["path"]
        match = ROUTE.match(path)
        if match is None and path != "/live/me/":
            return NOT_FOUND
        visitor = await self.server.visitor(session_key(headers))
        if visitor is None:
            return NOT_FOUND
        if match is None:
            if method != "GET":
                return NOT_FOUND
            await self._me(visitor, receive, send)
            return None
        try:
            room = uuid.UUID(match[1])
        except ValueError:
            return NOT_FOUND
        if match[2] is not None:
            return await self._poll(visitor, room, int(match[2])) if method == "GET" else NOT_FOUND
        if method == "POST":
            return await self._post(visitor, room, receive)
        if method == "GET":
            return await self._room(visitor, room, resume_from(scope, headers), receive, send)
        return NOT_FOUND

    # --- Routes -----------------------------------------------------------------------------------

    async def _poll(self, visitor: Visitor, room: uuid.UUID, after: int) -> Answer:
        assert self.server is not None
        lines = await self.server.poll_room(visitor, room, after)
        if lines is None:
            return NOT_FOUND
        return Answer(200, encode({"messages": [line.as_json() for line in lines]}))

    async def _post(self, visitor: Visitor, room: uuid.UUID, receive: Receive) -> Answer:
        assert self.server is not None
        try:
            data = json.loads(await read_body(receive))
            if "read" in data:
                self.server.writer.mark(
                    ReadMark(room=room, person_id=visitor.person_id, seq=min(int(data["read"]), 2**62))
                )
                return NOTED
            client_id, text = uuid.UUID(data["client_id"]), data["text"]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return MALFORMED
        if not isinstance(text, str):
            return MALFORMED
        self.server.note_activity(visitor)
        draft = Draft(room=room, by=visitor.actor, text=text, client_id=client_id)
        return answer_to(await self.server.writer.post(draft), visitor.language)

    async def _room(
        self, visitor: Visitor, room: uuid.UUID, after: int | None, receive: Receive, send: Send
    ) -> Answer | None:
        assert self.server is not None
        stream = Stream(visitor, room)
        missed = await self.server.open_room(stream, after)
        if missed is None:
            return NOT_FOUND
        await self._serve(stream, b"retry: 2000\n\n" + missed, receive, send)
        return None

    async def _me(self, visitor: Visitor, receive: Receive, send: Send) -> None:
        assert self.server is not None
        stream = Stream(visitor)
        stream.opening = False
        self.server.hall.enter(stream)
        await self._serve(stream, b"retry: 2000\n\n" + CHANGE, receive, send)

    async def _serve(self, stream: Stream, first: bytes, receive: Receive, send: Send) -> None:
        """Send what is pushed until either side ends."""
        assert self.server is not None
        gone = asyncio.create_task(_until_gone(stream, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
            chunk = first
            while True:
                if chunk:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if stream.ended:
                    break
                chunk = await stream.take()
            await send({"type": "http.response.body", "body": b""})
        except asyncio.CancelledError:
            # Let go because the client was too slow, or the process stops; the client resumes where it was.
            if not stream.ended:
                raise
        finally:
            gone.cancel()
            self.server.hall.leave(stream)


def _end_streams_on_exit(server: Server) -> None:
    """End streams as soon as the process is asked to stop; the web server would wait for them until its
    patience ends.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def stop(received: int, frame: FrameType | None, before: Callable[..., Any] = before) -> None:
            loop.call_soon_threadsafe(server.end_streams)
            before(received, frame)

        signal.signal(number, stop)


async def _until_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def read_body(receive: Receive) -> bytes:
    """Return the body of a request.

    Raises TooLarge beyond what any message can need, ValueError where the client left in the middle.
    """
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ValueError("the client left")
        piece: bytes = message.get("body", b"")
        body += piece
        if len(body) > BODY_BYTES:
            raise TooLarge
        if not message.get("more_body"):
            return body


def answer_to(outcome: Posted | Exception, language: str) -> Answer:
    """Return what the sender's device is told; 200 only for what is durably stored."""
    if isinstance(outcome, Posted):
        return Answer(
            200,
            encode(
                {
                    "seq": outcome.seq,
                    "client_id": str(outcome.client_id),
                    "at": outcome.at.isoformat(timespec="seconds"),
                    "repeat": not outcome.is_new,
                }
            ),
        )
    if isinstance(outcome, NotVisible):
        return NOT_FOUND
    if isinstance(outcome, Refused):
        with translation.override(language):
            return _error(422 if outcome.field else 409, outcome.code, message=str(outcome.message))
    return BROKEN


def session_key(headers: dict[bytes, bytes]) -> str:
    """Return the session key from the cookie header; empty where there is none."""
    raw = headers.get(b"cookie", b"").decode("latin-1")
    name = settings.SESSION_COOKIE_NAME
    for piece in raw.split(";"):
        key, _, value = piece.strip().partition("=")
        if key == name:
            return value if value.isalnum() else _unquoted(name, piece)
    return ""


def _unquoted(name: str, piece: str) -> str:
    try:
        return SimpleCookie(piece)[name].value
    except (CookieError, KeyError):
        return ""


def is_same_origin(headers: dict[bytes, bytes]) -> bool:
    """Tell whether a post comes from our own pages: our header, and the browser's word on where it comes
    from.

    The header alone already forces a cross-site script to ask first, which nobody answers.
    """
    if headers.get(b"x-teduh") != b"1":
        return False
    origin = headers.get(b"origin")
    if origin is not None:
        try:
            host = urlsplit(origin.decode("latin-1")).netloc
        except ValueError:
            return False
        trusted = {urlsplit(o).netloc for o in settings.CSRF_TRUSTED_ORIGINS}
        return bool(host) and (host == headers.get(b"host", b"").decode("latin-1") or host in trusted)
    return headers.get(b"sec-fetch-site") == b"same-origin"


def resume_from(scope: Scope, headers: dict[bytes, bytes]) -> int | None:
    """Return the number after which to go on: what the browser saw last, else `?after=`, else None for "from
    now".
    """
    given = headers.get(b"last-event-id", b"").decode("latin-1")
    if not given:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
    return int(given) if given.isdecimal() and len(given) <= 15 else None
