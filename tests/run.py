"""Run every test that can run here, and say plainly what was skipped and why: `python -m tests.run`."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Where PostgreSQL is looked for; the tests make and drop a database of their own.
POSTGRES = os.environ.get("TEDUH_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/teduh")
CORES = str(min(4, os.cpu_count() or 1))


def postgres_answers() -> bool:
    """Tell whether a PostgreSQL server takes connections at the test address."""
    import psycopg

    try:
        with psycopg.connect(POSTGRES.rsplit("/", 1)[0] + "/postgres", connect_timeout=3):
            return True
    except psycopg.Error:
        return False


def chromium() -> str | None:
    """Return the browser that drives the journeys, where one is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def run(title: str, *arguments: str, **environment: str) -> bool:
    """Run one stage and return whether it passed."""
    started = time.monotonic()
    print(f"== {title}", flush=True)
    code = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
    print(
        f"== {title}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s\n",
        flush=True,
    )
    return code == 0


def main() -> int:
    """Run the stages; return the process's exit code."""
    plain = ("-n", CORES, "--dist", "worksteal", "-m", "not browser and not crash")
    results = [run("SQLite", *plain)]
    skipped = []
    if postgres_answers():
        results.append(run("PostgreSQL", *plain, DATABASE_URL=POSTGRES))
    else:
        skipped.append(f"PostgreSQL: no server answers at {POSTGRES.split('@')[-1]}")
    results.append(run("Crash: servers killed in the middle of writes", "-m", "crash"))
    if chromium():
        results.append(run("Browser", "-m", "browser"))
    else:
        skipped.append("Browser: no Chromium is installed")
    for reason in skipped:
        print(f"SKIPPED {reason}")
    if not skipped:
        print("Nothing was skipped.")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
