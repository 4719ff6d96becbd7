"""Serve everything on one machine behind one address."""

import os
import signal
import socket
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from teduh.kernel.audit.anchor import compact_anchor
from teduh.site.processes import Child, Family
from teduh.site.startup import refuse_unsafe_start


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def family(host: str, port: int, workers: int) -> Family:
    """Return the page server (loopback only), the gateway with the streams, and the worker."""
    pages = free_port()
    python = sys.executable
    return Family(
        [
            Child(
                "pages",
                [
                    python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                    "--port", str(pages),
                    "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
                    "--workers-kill-timeout", "5", "--respawn-failed-workers", "teduh.site.wsgi:application",
                ],
            ),
            Child(
                "gateway",
                [
                    python, "-m", "uvicorn", "teduh.site.gateway:app", "--host", host, "--port", str(port),
                    "--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-access-log",
                    "--no-proxy-headers", "--no-server-header", "--log-level", "warning",
                    "--timeout-graceful-shutdown", "3", "--backlog", "1024",
                ],
                {"TEDUH_PAGES_URL": f"http://127.0.0.1:{pages}"},
            ),
            Child("worker", [python, "-m", "django", "worker"]),
        ]
    )  # fmt: skip


class Command(BaseCommand):
    """Starts the page server, the gateway and the worker, and keeps them alive until it is stopped."""

    help = "Serve pages, live streams and background jobs behind one address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=os.environ.get("TEDUH_HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("TEDUH_PORT", "8000")))
        parser.add_argument("--workers", type=int, default=2, help="page server processes (default: 2)")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        """Serve until SIGTERM or SIGINT."""
        refuse_unsafe_start()
        # Now, while nothing is served yet: a line appended during it would be lost.
        compact_anchor()
        everything = family(host, port, workers)
        signal.signal(signal.SIGTERM, everything.stop)
        signal.signal(signal.SIGINT, everything.stop)
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104
        self.stdout.write(f"Teduh: http://{shown}:{port}/")
        self.stdout.flush()
        everything.run(lambda line: self.stderr.write(line))
