"""A production start refuses what would endanger people, and says which; the tour exists in demo mode only."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from teduh.people.models import Account, Organisation
from teduh.site import startup

ROOT = Path(__file__).resolve().parents[1]
GOOD = "a-long-random-secret-for-this-test-0123456789abcdef"
KEY = "dGVkdWgtdGVzdC1yb290LWtleS0zMi1ieXRlcy0hISE="


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TEDUH_") and k != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-c", "import teduh.site.wsgi; print('started')"],
        cwd=ROOT,
        env={
            **clean,
            "DJANGO_SETTINGS_MODULE": "teduh.site.settings",
            "TEDUH_MODE": "production",
            "TEDUH_DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_safe_production_starts(tmp_path: Path) -> None:
    done = start(tmp_path, TEDUH_SECRET_KEY=GOOD, TEDUH_ROOT_KEY=KEY)
    assert done.stdout == "started\n", done.stderr


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"TEDUH_ROOT_KEY": KEY}, "no secret"),
        ({"TEDUH_ROOT_KEY": KEY, "TEDUH_SECRET_KEY": "change-me"}, "default or short secret"),
        ({"TEDUH_SECRET_KEY": GOOD}, "missing root key"),
        ({"TEDUH_SECRET_KEY": GOOD, "TEDUH_ROOT_KEY": "c2hvcnQ="}, "missing root key"),
        ({"TEDUH_SECRET_KEY": GOOD, "TEDUH_ROOT_KEY": KEY, "TEDUH_DEBUG": "true"}, "debug pages are on"),
    ],
)
def test_an_unsafe_production_does_not_start_and_says_why(
    tmp_path: Path, environment: dict[str, str], reason: str
) -> None:
    done = start(tmp_path, **environment)
    assert done.returncode != 0
    assert reason in done.stderr
    assert GOOD not in done.stderr
    assert KEY not in done.stderr


def test_demo_accounts_stop_a_production_start(cast: Any, settings: Any) -> None:
    settings.MODE = "production"
    assert startup.unsafe_reasons() == []
    Account.objects.filter(username="ayu").update(is_demo=True)
    assert any("demo accounts" in reason for reason in startup.unsafe_reasons())


def test_the_demo_school_stops_a_production_start(cast: Any, settings: Any) -> None:
    settings.MODE = "production"
    Organisation.objects.filter(code="SMA1").update(is_demo=True)
    assert any("demo school" in reason for reason in startup.unsafe_reasons())


def test_the_tour_does_not_exist_outside_the_demo(cast: Any, settings: Any) -> None:
    Account.objects.update(is_demo=True)
    settings.DEMO = False
    client = cast.client()
    assert client.post("/tour/", {"as": "citra"}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert b"/tour/" not in client.get("/").content


def test_the_tour_signs_in_demo_accounts_only(cast: Any, settings: Any) -> None:
    settings.DEMO = True
    client = cast.client()
    client.post("/tour/", {"as": "citra"})
    assert "_auth_user_id" not in client.session
    Account.objects.filter(username="citra").update(is_demo=True)
    client.post("/tour/", {"as": "citra"})
    assert "_auth_user_id" in client.session


def test_the_demo_is_never_seeded_into_a_real_installation(settings: Any) -> None:
    from django.core.management import CommandError, call_command

    settings.MODE = "production"
    settings.DEMO = False
    for command in ("seed_demo", "start_demo"):
        with pytest.raises(CommandError):
            call_command(command)


def test_the_health_address_tells_whether_the_database_works(cast: Any) -> None:
    answer = cast.client().get("/health/")
    assert answer.json() == {"status": "ok"}
