"""Teduh and the plain application side by side: the same server, workers, database kind and durability.

Each has a fresh database in a temporary folder (or a fresh PostgreSQL database that is dropped afterwards),
granian with two workers and one blocking thread each, and its log in a file. Teduh runs in production mode
with its whole middleware; the signed-in counsellor has a second factor.
"""

import atexit
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = os.environ.get("TEDUH_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/teduh").rsplit("/", 1)[0]
EPISODES = 2400
#: Seconds until a server must answer.
PATIENCE = 40.0


@dataclass(frozen=True)
class Pair:
    """Teduh and the plain application, ready to answer."""

    teduh: int
    plain: int
    cookie: str
    plain_cookie: str
    episodes: list[str]


def engines() -> list[str]:
    """Return the databases that can be measured here."""
    return ["SQLite", "PostgreSQL"] if _postgres_answers() else ["SQLite"]


def _postgres_answers() -> bool:
    import psycopg

    try:
        with psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3):
            return True
    except psycopg.Error:
        return False


@contextmanager
def _database(engine: str, folder: Path, name: str) -> Iterator[str]:
    if engine == "SQLite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    import psycopg
    from psycopg import sql

    fresh = f"teduh_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
    try:
        yield f"{POSTGRES}/{fresh}"
    finally:
        with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(fresh)))


def _environment(folder: Path, teduh_url: str, plain_url: str) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith("TEDUH_") and k != "DJANGO_SETTINGS_MODULE"
    }
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "TEDUH_MODE": "production",
        "TEDUH_DEBUG": "false",
        "TEDUH_HTTPS": "false",
        "TEDUH_DATA_DIR": str(folder),
        "TEDUH_ROOT_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "TEDUH_SECRET_KEY": secrets.token_urlsafe(48),
        "TEDUH_REDIS_URL": "",
        "TEDUH_LOG_LEVEL": "INFO",
        "DATABASE_URL": teduh_url,
        "PLAIN_DATABASE_URL": plain_url,
        "PLAIN_SECRET_KEY": secrets.token_urlsafe(48),
    }


def _seed(module: str, environment: Mapping[str, str]) -> Any:
    command = [sys.executable, "-m", module, str(EPISODES)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def server(app: str, path: str, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Start granian with an application and give its port once `path` answers; end it afterwards.

    Raises RuntimeError, with the end of its log, where it does not answer in time.
    """
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "3", app,
    ]  # fmt: skip
    with log.open("wb") as lines:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=lines, stderr=lines)
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(port, path):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{app} does not answer: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def side_by_side(engine: str) -> Iterator[Pair]:
    """Make both databases, fill them, and serve both applications."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="teduh-bench-")))
        urls = [stack.enter_context(_database(engine, folder, name)) for name in ("teduh", "plain")]
        environment = _environment(folder, *urls)
        made = _seed("bench.seed", environment)
        plain = _seed("bench.plain.seed", environment)
        teduh_port = stack.enter_context(
            server("teduh.site.wsgi:application", "/health/", environment, folder / "teduh.log")
        )
        plain_port = stack.enter_context(
            server("bench.plain.wsgi:application", "/rows/", environment, folder / "plain.log")
        )
        yield Pair(teduh_port, plain_port, made["cookie"], plain["cookie"], made["episodes"])


_open: dict[str, Pair] = {}
_closing = ExitStack()
atexit.register(_closing.close)


def pair(engine: str) -> Pair:
    """Return the servers on a database, started at first need and kept for the benchmarks that follow."""
    if engine not in _open:
        _open[engine] = _closing.enter_context(side_by_side(engine))
    return _open[engine]


def close() -> None:
    """End every server that was started and drop what it used."""
    _open.clear()
    _closing.close()
