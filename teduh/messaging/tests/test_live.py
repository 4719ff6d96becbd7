"""The stream server, driven through its ASGI interface; what is committed here is deleted afterwards."""

import asyncio
import json
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from teduh.kernel import clock
from teduh.kernel.models import AuditEntry, Wake
from teduh.messaging.actions import close_room, join_room, leave_room, post_message
from teduh.messaging.jobs import WAKES_KEPT, trim_wakes
from teduh.messaging.live import app as live_app
from teduh.messaging.live import hall, server, tail, writer
from teduh.messaging.live.app import StreamApp
from teduh.messaging.models import Message, Participant, Room
from teduh.messaging.states import Part
from teduh.people.actions.persons import exclude
from teduh.people.middleware import SEEN

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = [(b"host", b"teduh.test"), (b"origin", b"https://teduh.test"), (b"x-teduh", b"1")]


@dataclass
class Reply:
    """What came back so far on one connection."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    over: bool = False
    leave: "asyncio.Event" = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of an event stream."""
        blocks = self.body.decode().split("\n\n")
        return [json.loads(b.split("\ndata: ", 1)[1]) for b in blocks if b.startswith("id: ")]

    async def until(self, ready: Callable[["Reply"], bool], seconds: float = 5) -> None:
        for _n in range(int(seconds * 100)):
            if ready(self):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"never came: {self.body!r}")


class Browser:
    """Speaks to the app as one signed-in person."""

    def __init__(self, app: StreamApp, session: str = "") -> None:
        self.app, self.session = app, session

    def start(
        self, method: str, path: str, body: bytes = b"", headers: Any = None, query: bytes = b""
    ) -> Reply:
        reply, sent = Reply(), asyncio.Event()
        all_headers = list(ORIGIN if headers is None else headers)
        if self.session:
            all_headers.append((b"cookie", b"theme=dark; sessionid=" + self.session.encode()))

        async def receive() -> dict[str, Any]:
            if not sent.is_set():
                sent.set()
                return {"type": "http.request", "body": body, "more_body": False}
            await reply.leave.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                reply.status, reply.headers = message["status"], dict(message["headers"])
            else:
                reply.body += message.get("body", b"")
                reply.over = not message.get("more_body", False)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": all_headers,
            "query_string": query,
        }
        reply.task = asyncio.create_task(self.app(scope, receive, send))
        return reply

    async def ask(self, method: str, path: str, body: bytes = b"", headers: Any = None) -> Reply:
        reply = self.start(method, path, body, headers)
        assert reply.task is not None
        await asyncio.wait_for(reply.task, 10)
        return reply

    async def say(self, room: Room, text: str, client_id: uuid.UUID | None = None) -> Reply:
        data = {"client_id": str(client_id or uuid.uuid4()), "text": text}
        return await self.ask("POST", f"/live/room/{room.public_id}/", json.dumps(data).encode())

    def listen(self, room: Room, query: bytes = b"after=0", headers: Any = None) -> Reply:
        return self.start("GET", f"/live/room/{room.public_id}/", headers=headers, query=query)


@pytest.fixture
def sessions(cast: Any) -> dict[str, str]:
    keys = {}
    for name in cast.persons:
        client = cast.client(name)
        keys[name] = client.cookies["sessionid"].value
    return keys


Play = Callable[[Callable[[Callable[[str], Browser]], Awaitable[None]]], None]


@pytest.fixture
def play(sessions: dict[str, str]) -> Play:
    """Run a scene against a started app."""

    def run(scene: Callable[[Callable[[str], Browser]], Awaitable[None]]) -> None:
        async def whole() -> None:
            app = StreamApp()
            app.server = server.Server()
            app.server.start()
            try:
                await scene(lambda name: Browser(app, sessions.get(name, "")))
            finally:
                await app.server.stop()

        asyncio.run(whole())

    return run


def test_a_message_reaches_the_other_without_reload(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        ayu, bima = browser("ayu").listen(room), browser("bima").listen(room)
        await ayu.until(lambda r: r.status == 200)
        await bima.until(lambda r: r.status == 200)
        answer = await browser("ayu").say(room, "halo kak")
        assert (answer.status, answer.json["seq"]) == (200, 1)
        await bima.until(lambda r: len(r.messages) == 1)
        await ayu.until(lambda r: len(r.messages) == 1)
        [seen] = bima.messages
        assert (seen["who"], seen["mine"], seen["text"], seen["part"]) == (
            "Kelinci",
            False,
            "halo kak",
            "seeker",
        )
        assert ayu.messages[0]["mine"] is True
        assert bima.headers[b"cache-control"] == b"no-store"
        assert bima.headers[b"x-accel-buffering"] == b"no"
        assert b"content-encoding" not in bima.headers
        assert b"retry: 2000" in bima.body

    play(scene)


def test_an_acknowledged_message_is_in_the_database(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        answers = await asyncio.gather(*(browser("ayu").say(room, f"nomor {n}") for n in range(60)))
        assert sorted(a.json["seq"] for a in answers) == list(range(1, 61))

    play(scene)
    assert Message.objects.filter(room=room).count() == 60


def test_a_stream_goes_on_where_it_was(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        for n in range(5):
            await browser("ayu").say(room, f"pesan {n}")
        resumed = browser("bima").listen(room, b"after=0", [*ORIGIN, (b"last-event-id", b"3")])
        await resumed.until(lambda r: len(r.messages) == 2)
        assert [m["seq"] for m in resumed.messages] == [4, 5]
        fresh = browser("bima").listen(room, b"after=1")
        await fresh.until(lambda r: len(r.messages) == 4)
        await browser("ayu").say(room, "lagi")
        await resumed.until(lambda r: len(r.messages) == 3)
        await fresh.until(lambda r: len(r.messages) == 5)
        assert [m["seq"] for m in fresh.messages] == [2, 3, 4, 5, 6]

    play(scene)


def test_what_another_process_wrote_arrives_in_order(cast: Any, room: Room, play: Play) -> None:
    def elsewhere(n: int) -> None:
        try:
            post_message(
                room=room, by=cast.actor("ayu"), text=f"formulir {n}", client_id=uuid.uuid4(), at=clock.now()
            )
        finally:
            connection.close()

    async def scene(browser: Callable[[str], Browser]) -> None:
        stream = browser("bima").listen(room)
        await stream.until(lambda r: r.status == 200)
        await asyncio.sleep(0.3)
        for n in range(3):
            await asyncio.to_thread(elsewhere, n)
            await browser("bima").say(room, f"aliran {n}")
        await stream.until(lambda r: len(r.messages) == 6)
        assert [m["seq"] for m in stream.messages] == [1, 2, 3, 4, 5, 6]
        await asyncio.to_thread(elsewhere, 9)
        await stream.until(lambda r: len(r.messages) == 7)

    play(scene)


def test_polling_gives_the_same_messages(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        await browser("ayu").say(room, "satu")
        await browser("ayu").say(room, "dua")
        answer = await browser("bima").ask("GET", f"/live/room/{room.public_id}/after/1/")
        assert [m["text"] for m in answer.json["messages"]] == ["dua"]

    play(scene)


def test_a_resend_is_acknowledged_again_and_stored_once(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        client_id = uuid.uuid4()
        answers = await asyncio.gather(*(browser("ayu").say(room, "x", client_id) for _n in range(20)))
        assert {a.json["seq"] for a in answers} == {1}
        assert sorted(a.json["repeat"] for a in answers) == [False] + [True] * 19

    play(scene)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("name", ["fajar", "hari", "indra", "gita", "eko", "citra", "", "nobody"])
def test_strangers_get_the_same_answer_for_what_exists_and_what_does_not(
    room: Room, play: Play, name: str
) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        me = browser(name)
        if name == "nobody":
            me.session = "x" * 32
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": "halo"}).encode()
        replies = []
        for public_id in (room.public_id, uuid.uuid4()):
            base = f"/live/room/{public_id}/"
            for method, path in (("GET", base), ("POST", base), ("GET", base + "after/0/")):
                replies.append(await me.ask(method, path, body if method == "POST" else b""))
        assert {r.status for r in replies} == {404}
        assert len({r.body for r in replies}) == 1
        assert (
            len({json.dumps(sorted((k.decode(), v.decode()) for k, v in r.headers.items())) for r in replies})
            == 1
        )

    play(scene)
    assert Message.objects.count() == 0


def test_a_post_from_a_foreign_page_is_refused(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        path = f"/live/room/{room.public_id}/"
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": "halo"}).encode()
        host = (b"host", b"teduh.test")
        ours = (b"x-teduh", b"1")
        for headers in (
            [host, (b"origin", b"https://teduh.test")],
            [host, ours],
            [host, ours, (b"origin", b"https://evil.test")],
            [host, ours, (b"origin", b"null")],
            [host, ours, (b"origin", b"http://[")],
            [host, ours, (b"sec-fetch-site", b"cross-site")],
            [host, ours, (b"origin", b"https://evil.test"), (b"sec-fetch-site", b"same-origin")],
        ):
            assert (await browser("ayu").ask("POST", path, body, headers)).status == 403
        fine = await browser("ayu").ask("POST", path, body, [host, ours, (b"sec-fetch-site", b"same-origin")])
        assert fine.status == 200

    play(scene)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b'{"client_id": "x", "text": "a"}', 400),
        (b'{"client_id": "11111111-1111-1111-1111-111111111111", "text": 5}', 400),
        (b'{"read": "many"}', 400),
        (b'{"read": Infinity}', 400),
        (b'{"read": NaN}', 400),
        (b"[" * 30_000, 400),
        (b'{"client_id": "11111111-1111-1111-1111-111111111111", "text": "  "}', 422),
        (json.dumps({"client_id": str(uuid.uuid4()), "text": "x" * 4001}).encode(), 422),
        (json.dumps({"client_id": str(uuid.uuid4()), "text": "x" * 70_000}).encode(), 413),
    ],
)
def test_bad_input_has_a_clear_answer(room: Room, play: Play, body: bytes, status: int) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        answer = await browser("ayu").ask("POST", f"/live/room/{room.public_id}/", body)
        assert answer.status == status
        if status == 422:
            assert answer.json["message"]

    play(scene)


def test_a_closed_room_refuses_and_says_so_on_open_streams(cast: Any, room: Room, play: Play) -> None:
    def close() -> None:
        try:
            close_room(room=room, by=cast.actor("citra"), at=clock.now())
        finally:
            connection.close()

    async def scene(browser: Callable[[str], Browser]) -> None:
        stream = browser("ayu").listen(room)
        await stream.until(lambda r: r.status == 200)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(close)
        await stream.until(lambda r: b'event: room\ndata: {"closed":true' in r.body)
        answer = await browser("ayu").say(room, "masih ada?")
        assert (answer.status, answer.json["error"]) == (409, "room_closed")
        assert answer.json["message"]

    play(scene)


def test_who_joins_is_shown_at_once_by_the_shown_name(cast: Any, room: Room, play: Play) -> None:
    def join() -> None:
        try:
            join_room(
                room=room,
                person=cast.citra,
                part=Part.SUPERVISOR,
                shown_as="Bu Citra",
                by=cast.actor("citra"),
                at=clock.now(),
            )
        finally:
            connection.close()

    async def scene(browser: Callable[[str], Browser]) -> None:
        stream = browser("ayu").listen(room)
        await stream.until(lambda r: r.status == 200)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(join)
        await stream.until(lambda r: b"Bu Citra" in r.body)
        assert b"Maharani" not in stream.body

    play(scene)


def _leave(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    leave_room(room=room, person=cast.bima, by=cast.actor("citra"), at=clock.now())


def _exclude(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    exclude(person=cast.ayu, excluded=cast.bima, reason="x", by=cast.actor("citra"), at=clock.now())


def _log_out(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    Session.objects.filter(session_key=sessions["bima"]).delete()


def _deactivate(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    cast.bima.account.is_active = False
    cast.bima.account.save()


def _change_password(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    cast.bima.account.set_password("baru sekali 99")
    cast.bima.account.save()


def _fall_idle(cast: Any, room: Room, sessions: dict[str, str]) -> None:
    store = SessionStore(sessions["bima"])
    store[SEEN] = int((clock.now() - timedelta(hours=1)).timestamp())
    store.save()


@pytest.mark.parametrize("event", [_leave, _exclude, _log_out, _deactivate, _change_password, _fall_idle])
def test_an_open_stream_ends_when_its_person_may_no_longer_listen(
    cast: Any,
    room: Room,
    play: Play,
    sessions: dict[str, str],
    event: Callable[[Any, Room, dict[str, str]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "CHECK_EVERY", 0.2)

    def happen() -> None:
        try:
            event(cast, room, sessions)
        finally:
            connection.close()

    async def scene(browser: Callable[[str], Browser]) -> None:
        stream, other = browser("bima").listen(room), browser("ayu").listen(room)
        await stream.until(lambda r: r.status == 200)
        await other.until(lambda r: r.status == 200)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(happen)
        await stream.until(lambda r: r.over)
        assert not other.over

    play(scene)


def test_writing_keeps_a_session_from_falling_idle(room: Room, play: Play, sessions: dict[str, str]) -> None:
    store = SessionStore(sessions["ayu"])
    before = store[SEEN] = int((clock.now() - timedelta(minutes=8)).timestamp())
    store.save()

    async def scene(browser: Callable[[str], Browser]) -> None:
        assert (await browser("ayu").say(room, "masih di sini")).status == 200
        await asyncio.sleep(0.3)

    play(scene)
    assert SessionStore(sessions["ayu"])[SEEN] > before + 60


def test_staff_without_a_second_factor_are_not_let_in(cast: Any, room: Room, play: Play) -> None:
    Authenticator.objects.filter(user=cast.citra.account).delete()
    join_room(
        room=room,
        person=cast.citra,
        part=Part.SUPERVISOR,
        shown_as="Bu Citra",
        by=cast.actor("citra"),
        at=clock.now(),
    )

    async def scene(browser: Callable[[str], Browser]) -> None:
        assert (await browser("citra").ask("GET", f"/live/room/{room.public_id}/after/0/")).status == 404

    play(scene)


def test_own_pages_hear_of_a_new_message_and_nothing_of_its_content(room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        stream = browser("bima").start("GET", "/live/me/")
        await stream.until(lambda r: r.body.count(b"event: change") == 1)
        await asyncio.sleep(0.3)
        await browser("ayu").say(room, "rahasia besar")
        await stream.until(lambda r: r.body.count(b"event: change") == 2)
        assert b"rahasia" not in stream.body
        assert (await browser("").ask("GET", "/live/me/")).status == 404

    play(scene)


def test_reading_by_stream_is_in_the_chain_once_a_view(cast: Any, room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        for _n in range(3):
            stream = browser("bima").listen(room)
            await stream.until(lambda r: r.status == 200)
            stream.leave.set()
            await stream.until(lambda r: r.over)

    play(scene)
    [entry] = AuditEntry.objects.filter(verb="messaging.room.read")
    assert (entry.actor, entry.subject) == (cast.bima.public_id, cast.ayu.public_id)


def test_how_far_someone_has_read_is_noted(cast: Any, room: Room, play: Play) -> None:
    async def scene(browser: Callable[[str], Browser]) -> None:
        await browser("ayu").say(room, "satu")
        await browser("bima").ask("POST", f"/live/room/{room.public_id}/", b'{"read": 1}')
        await asyncio.sleep(0.3)

    play(scene)
    assert Participant.objects.get(person=cast.bima).read_seq == 1


def test_a_client_that_does_not_read_is_let_go_and_others_are_not_held_up(
    room: Room, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hall, "BACKLOG_BYTES", 2000)

    async def scene(browser: Callable[[str], Browser]) -> None:
        me = browser("bima")
        stuck = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/live/room/{room.public_id}/",
            "headers": [(b"cookie", b"sessionid=" + me.session.encode())],
            "query_string": b"",
        }

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                await stuck.wait()

        slow = asyncio.create_task(me.app(scope, receive, send))
        quick = browser("ayu").listen(room)
        await quick.until(lambda r: r.status == 200)
        await asyncio.sleep(0.2)
        for n in range(10):
            await browser("ayu").say(room, f"{n} " + "x" * 400)
        await quick.until(lambda r: len(r.messages) == 10)
        await asyncio.wait_for(slow, 5)
        assert me.app.server is not None
        assert len(me.app.server.hall.streams()) == 1

    play(scene)


def test_a_full_queue_asks_to_come_back(room: Room, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "QUEUE", 0)

    async def scene(browser: Callable[[str], Browser]) -> None:
        assert (await browser("ayu").say(room, "x")).status == 503

    play(scene)


def test_a_flood_delays_only_its_own_sender() -> None:
    async def scene() -> None:
        line = writer.Writer(lambda posted: None)
        future = asyncio.get_running_loop().create_future()

        class By:
            def __init__(self, person_id: int) -> None:
                self.person_id = person_id

        def put(person: int) -> None:
            draft = type("D", (), {"by": By(person)})()
            line._waiting.setdefault(person, deque()).append(writer._Waiting(draft, future))
            line._count += 1

        for _n in range(1000):
            put(1)
        put(2)
        batch = line._take()
        assert len(batch) == writer.BATCH
        assert batch[1].draft.by.person_id == 2
        line._pool.shutdown()

    asyncio.run(scene())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps wake-ups in a table")
def test_old_wake_ups_are_trimmed(db: Any) -> None:
    Wake.objects.bulk_create([Wake(channel="r:x") for _n in range(WAKES_KEPT + 40)])
    trim_wakes(clock.now())
    assert Wake.objects.count() == WAKES_KEPT


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps wake-ups in a table")
def test_a_sleeper_who_missed_wake_ups_looks_at_everything(db: Any) -> None:
    Wake.objects.create(channel="r:a")
    heard: list[Any] = []
    ear = tail.Tail(heard.append)
    listening = ear._listen_sqlite()
    assert next(listening) is None
    gone = Wake.objects.create(channel="r:b")
    Wake.objects.create(channel="r:c")
    gone.delete()
    assert next(listening) is None
    Wake.objects.create(channel="r:d")
    listening2 = ear._listen_sqlite()
    next(listening2)
    Wake.objects.create(channel="r:e")
    assert next(listening2) == ["r:e"]


def test_the_cookie_is_found_among_others() -> None:
    assert live_app.session_key({b"cookie": b"a=b; sessionid=abc123; theme=x"}) == "abc123"
    assert live_app.session_key({b"cookie": b"xsessionid=abc123"}) == ""
    assert live_app.session_key({}) == ""
