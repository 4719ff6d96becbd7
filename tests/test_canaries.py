"""A word written into every free text is found nowhere outside the seal: not in the file, the log, or a dump."""

import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from conftest import make_cast
from teduh.kernel.logs import JsonFormatter
from teduh.kernel.sealing.fields import sealed_models
from tests.universe import Universe, build


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Collect what is logged, at the most talkative level, in the format of production."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def _walk_pages(universe: Universe) -> None:
    citra = universe.cast.client("citra")
    for address in (
        f"/care/episode/{universe.counselling.public_id}/",
        f"/care/request/{universe.waiting.public_id}/",
        f"/care/alert/{universe.alert.public_id}/",
        f"/care/episode/{universe.counselling.public_id}/nowhere/",
    ):
        citra.get(address)
    citra.post(f"/care/episode/{universe.counselling.public_id}/note/", {"note": universe.canaries[0]})


@pytest.mark.django_db(transaction=True)
def test_canaries_in_every_free_text_are_found_nowhere(log: StringIO, tmp_path: Path) -> None:
    universe = build(make_cast())
    _walk_pages(universe)
    stores = {"log": log.getvalue().encode()}
    if connection.vendor == "sqlite":
        stores |= _sqlite_bytes(tmp_path)
    else:
        stores["dump"] = _postgres_dump()
    assert len(universe.canaries) >= 20
    for where, content in stores.items():
        for canary in universe.canaries:
            assert canary.encode() not in content, f"{canary} stands in the {where}"


@pytest.mark.django_db(transaction=True)
def test_every_sealed_field_was_given_a_canary_or_stands_on_the_reasoned_list() -> None:
    build(make_cast())
    empty = set()
    for model, fields in sealed_models():
        for field in fields:
            rows = model._base_manager.all()[:50]
            if not any(getattr(row, field.attname) for row in rows):
                empty.add(f"{model._meta.label_lower}.{field.attname}")
    assert empty <= NOT_IN_THE_JOURNEY, f"no canary for {sorted(empty - NOT_IN_THE_JOURNEY)}"


#: Free texts that the journey does not reach, with the test that seals them.
NOT_IN_THE_JOURNEY = {
    "people.consent.note",  # written by guardians' answers; sealed by the same field
    "people.studentimport.rows",  # teduh/people/tests: the import
    "care.helprequest.reply",  # teduh/care/tests: answer_request
    "care.referral.override_reason",  # teduh/care/tests: override_consent
    "care.episode.closing_note",  # teduh/care/tests: close_episode
    "care.followup.result",  # teduh/care/tests: finish_follow_up
    "care.alert.resolution",  # teduh/care/tests: resolve_alert
}


def _sqlite_bytes(tmp_path: Path) -> dict[str, bytes]:
    """Return the database as a file with its write-ahead log; the tests' database lives in memory, so it is copied."""
    target = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    found = {"database file": target.read_bytes()}
    name = str(connection.settings_dict["NAME"])
    for suffix in ("", "-wal"):
        file = Path(name + suffix)
        if file.exists():
            found[f"file {file.name}"] = file.read_bytes()
    return found


def _postgres_dump() -> bytes:
    tool = shutil.which("pg_dump")
    if tool is None:
        pytest.skip("pg_dump is not installed")
    config = connection.settings_dict
    return subprocess.run(
        [tool, "-h", config["HOST"], "-p", str(config["PORT"] or 5432), "-U", config["USER"], config["NAME"]],
        check=True,
        capture_output=True,
        env={**os.environ, "PGPASSWORD": str(config["PASSWORD"] or "")},
    ).stdout


def test_the_write_ahead_log_of_a_real_database_holds_no_canary(tmp_path: Path) -> None:
    """Build the universe in a process of its own on a file, stop it hard, and read what is on the disk."""
    script = (
        "import django; django.setup();"
        "from django.core.management import call_command as c; c('migrate', verbosity=0);"
        "from conftest import make_cast; from tests.universe import build;"
        "u = build(make_cast()); print(' '.join(u.canaries), flush=True);"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    import sys

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=django_settings.BASE_DIR,
        env={
            **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "teduh.site.settings_test",
            "TEDUH_DATA_DIR": str(tmp_path),
        },
        check=False,
    )
    canaries = done.stdout.decode().split()
    assert len(canaries) >= 20, done.stderr.decode()[-2000:]
    wal = tmp_path / "teduh.sqlite3-wal"
    assert wal.exists()
    assert wal.stat().st_size > 0
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for canary in canaries:
                assert canary.encode() not in content, f"{canary} stands in {file.name}"


@pytest.mark.django_db(transaction=True)
def test_the_audit_chain_holds_after_the_whole_journey() -> None:
    build(make_cast())
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "audit holds" in out.getvalue()
