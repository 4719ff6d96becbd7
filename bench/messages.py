"""Messages: sent, durable, sealed, scanned, in the audit chain and delivered, against a bare group-commit
server.

Both run under the same uvicorn with the same client, 200 open streams each, in turns; the median of the
rounds counts.
"""

import asyncio
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_connection, socket
from statistics import median

import uvloop

from bench.chat_client import Crowd, Seat

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 100
POSTERS = 64
ROUNDS = 5
SECONDS = 1.5
STEADY_RATE = 200.0
STEADY_SECONDS = 4.0
#: The aims: a quarter of the bare server's rate, and a delivery that feels immediate.
AIM_RATIO = 0.25


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _uvicorn(app: str, folder: Path, extra: Mapping[str, str]) -> Iterator[int]:
    port = _free_port()
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port),
                "--loop", "uvloop",
                "--http", "httptools", "--no-access-log", "--log-level", "warning",
                "--timeout-graceful-shutdown", "1",
            ],
            cwd=ROOT, env={**os.environ, **extra}, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _n in range(200):
            if server.poll() is not None:
                raise RuntimeError((folder / "server.log").read_text()[-2000:])
            try:
                create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(15)


def _teduh_environment(folder: Path) -> dict[str, str]:
    return {
        "TEDUH_MODE": "production",
        "TEDUH_DATA_DIR": str(folder),
        "TEDUH_ROOT_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "TEDUH_SECRET_KEY": secrets.token_urlsafe(48),
        "TEDUH_LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite:///{folder / 'teduh.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "teduh.site.settings",
    }


async def _measure(teduh: Crowd, bare: Crowd) -> list[dict[str, object]]:
    rates: dict[str, list[float]] = {"teduh": [], "bare": []}
    crowds = {"teduh": teduh, "bare": bare}
    for crowd in crowds.values():
        await crowd.connect()
        await crowd.flat_out(0.5)
    for _round in range(ROUNDS):
        for name, crowd in crowds.items():
            rates[name].append(await crowd.flat_out(SECONDS))
    ours, limit = median(rates["teduh"]), median(rates["bare"])
    late = {name: await crowd.steady(STEADY_RATE, STEADY_SECONDS) for name, crowd in crowds.items()}
    results: list[dict[str, object]] = [
        {
            "name": "messages durable, sealed, scanned and delivered, 200 streams",
            "value": round(ours, 1),
            "unit": "1/s",
            "limit": round(limit, 1),
            "ratio": round(ours / limit, 3),
        }
    ]
    for share in (0.5, 0.99):
        mine, theirs = (late[name][int(share * (len(late[name]) - 1))] * 1000 for name in ("teduh", "bare"))
        results.append(
            {
                "name": f"message delivery p{share * 100:.0f}, 200 streams, {STEADY_RATE:.0f} a second",
                "value": round(mine, 2),
                "unit": "ms",
                "limit": round(theirs, 2),
                "ratio": round(mine / theirs, 3),
            }
        )
    return results


def run() -> list[dict[str, object]]:
    """Start both servers, measure them in turns, and return the results."""
    with ExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="teduh-bench-"))) for _n in range(2)
        ]
        environment = _teduh_environment(folders[0])
        made = subprocess.run(
            [sys.executable, "-m", "bench.people", str(PAIRS)],
            cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True,
        )  # fmt: skip
        pairs = json.loads(made.stdout)
        seats = [Seat(pair["room"], cookie) for pair in pairs for cookie in pair["cookies"]]
        bare_seats = [Seat(str(n // 2), "x") for n in range(2 * PAIRS)]
        teduh_port = stack.enter_context(_uvicorn("teduh.site.stream:app", folders[0], environment))
        bare_file = {"BARE_CHAT_FILE": str(folders[1] / "bare.sqlite3")}
        bare_port = stack.enter_context(_uvicorn("bench.bare_chat:app", folders[1], bare_file))

        async def measure() -> list[dict[str, object]]:
            return await _measure(Crowd(teduh_port, seats, POSTERS), Crowd(bare_port, bare_seats, POSTERS))

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(measure())


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
