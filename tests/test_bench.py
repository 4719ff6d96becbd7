"""The benchmarks' report: its format, what fails, and that the load client notices a wrong answer."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.__main__ import KEYS, NAMES, main, measure, table, write
from bench.load import UnexpectedAnswer, drive, request

ROWS: list[dict[str, object]] = [
    {"name": "pages", "value": 120.5, "unit": "pages/s", "limit": 200.0, "ratio": 0.6, "aim": 0.5},
    {"name": "notes", "value": 10, "unit": "notes/s", "limit": 100, "ratio": 0.1, "aim": 0.25},
    {"name": "pages, p50", "value": 3.2, "unit": "ms", "limit": None, "ratio": None},
]


def test_results_are_written_with_exactly_the_agreed_keys(tmp_path: Path) -> None:
    out = tmp_path / "out" / "results.json"
    write(ROWS, out)
    written = json.loads(out.read_text())
    assert [set(row) for row in written] == [set(KEYS)] * 3
    assert written[2]["limit"] is None
    assert written[0]["ratio"] == 0.6


def test_the_table_says_what_reached_its_aim_and_what_missed_it() -> None:
    lines = table(ROWS).splitlines()
    assert "reached" in lines[1]
    assert "MISSED" in lines[2]
    assert "aim" in lines[0]
    assert ">=" not in lines[3]


def test_one_that_fails_is_named_and_the_others_still_run(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> list[dict[str, object]]:
        raise RuntimeError("no server")

    found, failed = measure({"broken": broken, "fine": lambda: ROWS})
    assert failed == ["broken"]
    assert found == ROWS
    assert "no server" in capsys.readouterr().err


def test_an_unknown_name_is_refused_and_the_known_ones_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "speed" in capsys.readouterr().err
    assert "episodes" in NAMES


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"x" * 5000
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_the_load_client_counts_whole_answers_and_stops_at_a_wrong_one() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    try:
        right = request("GET", "/", port=port)
        measured = drive(port, lambda: right, status=200, seconds=0.2, connections=2)
        assert measured.latencies
        assert measured.quantile(0.5) <= measured.quantile(0.95)
        wrong = request("GET", "/gone", port=port)
        with pytest.raises(UnexpectedAnswer, match="404"):
            drive(port, lambda: wrong, status=200, seconds=0.2, connections=1)
    finally:
        server.shutdown()
        server.server_close()
        asyncio.set_event_loop_policy(None)
