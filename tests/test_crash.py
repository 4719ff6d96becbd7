"""`kill -9` of the whole server in the middle of sending loses no acknowledged message and doubles none."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket
from typing import Any

import pytest

pytestmark = pytest.mark.crash

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = os.environ.get("TEDUH_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/teduh").rsplit("/", 1)[0]
PAIRS = 6
#: Connections a person sends over at the same time, acknowledged messages before the kill, and messages
#: after it.
THREADS_EACH = 2
BEFORE = 400
AFTER = 10


@dataclass
class Sender:
    """One device: what it sent, what was acknowledged, and what it must send again."""

    room: str
    cookie: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)


def post(connection: HTTPConnection, port: int, sender: Sender, client_id: str) -> int:
    """Send a message and return its number; the text names the id, so that doubles show."""
    connection.request(
        "POST",
        f"/live/room/{sender.room}/",
        json.dumps({"client_id": client_id, "text": f"pesan {client_id}"}),
        {"Cookie": f"sessionid={sender.cookie}", "X-Teduh": "1", "Origin": f"http://127.0.0.1:{port}"},
    )
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (answer.status, body)
    return int(json.loads(body)["seq"])


def send_until_dead(port: int, sender: Sender) -> None:
    """Send one message after another until the server is gone."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    while True:
        client_id = str(uuid.uuid4())
        try:
            sender.acknowledged[client_id] = post(connection, port, sender, client_id)
        except (OSError, HTTPException):
            sender.unanswered.append(client_id)
            return


class Installation:
    """A server with a data folder and a database of its own."""

    def __init__(self, folder: Path, database: str) -> None:
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.log = folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None
        outside = {k: v for k, v in os.environ.items() if not k.startswith(("TEDUH_", "DJANGO_"))}
        self.environment = {
            **outside,
            "TEDUH_MODE": "demo",
            "TEDUH_DATA_DIR": str(folder),
            "TEDUH_ROOT_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "TEDUH_SECRET_KEY": secrets.token_urlsafe(48),
            "TEDUH_LOG_LEVEL": "WARNING",
            "TEDUH_REDIS_URL": "",
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "teduh.site.settings",
        }

    def run(self, *command: str) -> str:
        """Run a command against the installation and return what it printed."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout

    def start(self) -> None:
        """Start everything and wait until streams are served."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with suppress(OSError, HTTPException):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/live/nothing/")
                assert connection.getresponse().status == 404
                return
            time.sleep(0.1)
        raise AssertionError(f"the server did not start: {self.log.read_text()[-2000:]}")

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill every process of the server at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait(20)
            self.process = None

    def messages(self, room: str, cookie: str) -> list[dict[str, Any]]:
        """Return the whole conversation as a phone would fetch it."""
        found: list[dict[str, Any]] = []
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while True:
            after = found[-1]["seq"] if found else 0
            connection.request(
                "GET", f"/live/room/{room}/after/{after}/", headers={"Cookie": f"sessionid={cookie}"}
            )
            more = json.loads(connection.getresponse().read())["messages"]
            if not more:
                return found
            found += more


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation on each database; the server is killed afterwards."""
    if request.param == "sqlite":
        database, drop = f"sqlite:///{tmp_path / 'teduh.sqlite3'}", None
    else:
        import psycopg
        from psycopg import sql

        name = f"teduh_crash_{uuid.uuid4().hex[:10]}"
        try:
            admin = psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3, autocommit=True)
        except psycopg.Error:
            pytest.skip("no PostgreSQL server answers at the test address")
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        database = f"{POSTGRES}/{name}"

        def drop() -> None:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.close()

    made = Installation(tmp_path, database)
    yield made
    made.kill()
    if drop is not None:
        drop()


def test_no_acknowledged_message_is_lost_and_none_is_doubled(installation: Installation) -> None:
    pairs = json.loads(installation.run("-m", "bench.people", str(PAIRS)))
    senders = [Sender(pair["room"], cookie) for pair in pairs for cookie in pair["cookies"]]
    installation.start()
    threads = [
        threading.Thread(target=send_until_dead, args=(installation.port, sender), daemon=True)
        for sender in senders
        for _n in range(THREADS_EACH)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while sum(len(s.acknowledged) for s in senders) < BEFORE and time.monotonic() < deadline:
        time.sleep(0.005)
    installation.kill()
    for thread in threads:
        thread.join(15)
    before = sum(len(s.acknowledged) for s in senders)
    unanswered = sum(len(s.unanswered) for s in senders)
    assert before >= BEFORE
    assert unanswered > 0

    installation.start()
    kept = 0
    for sender in senders:
        connection = HTTPConnection("127.0.0.1", installation.port, timeout=10)
        stored = {m["text"]: m["seq"] for m in installation.messages(sender.room, sender.cookie)}
        kept += sum(1 for client_id in sender.unanswered if f"pesan {client_id}" in stored)
        for client_id in sender.unanswered:
            sender.acknowledged[client_id] = post(connection, installation.port, sender, client_id)
        # An answer may also be lost on its way: a resend of what was acknowledged gets the same number.
        for client_id in list(sender.acknowledged)[:5]:
            assert post(connection, installation.port, sender, client_id) == sender.acknowledged[client_id]
        for _n in range(AFTER):
            client_id = str(uuid.uuid4())
            sender.acknowledged[client_id] = post(connection, installation.port, sender, client_id)

    total = 0
    for pair in pairs:
        messages = installation.messages(pair["room"], pair["cookies"][0])
        total += len(messages)
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1)), "the numbers have a gap"
        texts = [m["text"] for m in messages]
        assert len(texts) == len(set(texts)), "a message was doubled"
        number = {m["text"]: m["seq"] for m in messages}
        for sender in senders:
            if sender.room == pair["room"]:
                for client_id, seq in sender.acknowledged.items():
                    assert number.get(f"pesan {client_id}") == seq, (
                        "an acknowledged message was lost or moved"
                    )
    assert total == sum(len(s.acknowledged) for s in senders)
    print(
        f"\nacknowledged before the kill: {before}; in flight: {unanswered}, "
        f"of which already stored: {kept}; "
        f"stored at the end: {total}; lost: 0; doubled: 0"
    )
    installation.run("manage.py", "verify_audit")
    installation.kill(signal.SIGTERM)
