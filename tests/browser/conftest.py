"""A real server and a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if BROWSER is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the cast's school with the command of production: pages, streams and worker behind one address."""
    data = tmp_path_factory.mktemp("teduh-browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "TEDUH_DATA_DIR"}},
        "DJANGO_SETTINGS_MODULE": "teduh.site.settings",
        "TEDUH_MODE": "demo",
        "TEDUH_HTTPS": "false",
        "TEDUH_DATA_DIR": str(data),
        "TEDUH_ROOT_KEY": "dGVkdWgtdGVzdC1yb290LWtleS0zMi1ieXRlcy0hISE=",
        "TEDUH_SECRET_KEY": "a-secret-for-tests-only-that-is-long-enough-to-pass",
        "PYTHONPATH": str(ROOT),
    }
    run = {"cwd": ROOT, "env": environment, "check": True}
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"], **run)  # type: ignore[call-overload]
    subprocess.run([sys.executable, "-m", "tests.browser.world"], **run)  # type: ignore[call-overload]
    log = (data / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, data / "server.log")
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def sign_in(server: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a page signed in as a member of the cast, each in a context of its own; errors of the page fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def enter(who: str = "", *, width: int = 360, height: int = 740, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="id-ID", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"{who}: {error}"))
        page.on(
            "response",
            lambda response: (
                faults.append(f"{who}: {response.status} {response.url}") if response.status >= 500 else None
            ),
        )
        page.goto(server)
        if who:
            page.locator(f"button[name=as][value={who}]").click()
            page.wait_for_url("**/today/**")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []
