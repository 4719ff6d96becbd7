"""The first run of a real school."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from teduh.people.access import actor_of
from teduh.people.models import Account, Organisation
from teduh.people.states import Role

TOLD = {
    "district": "Kabupaten Baru",
    "school": "SMA Baru",
    "code": "20200002",
    "level": "sma",
    "admin_name": "Indra Baru",
    "admin_email": "admin@baru.test",
    "lead_name": "Kirana Baru",
    "lead_email": "lead@baru.test",
}


def run(**changes: Any) -> str:
    out = io.StringIO()
    call_command("init_school", **(TOLD | changes), no_input=True, stdout=out)
    return out.getvalue()


def test_it_makes_the_school_and_two_people_with_one_time_passwords(db: Any) -> None:
    said = run()
    school = Organisation.objects.get(code="20200002")
    assert (school.name, school.school_level, school.parent and school.parent.name) == (
        "SMA Baru",
        "SMA",
        "Kabupaten Baru",
    )
    admin, lead = (Account.objects.get(email=TOLD[f"{key}_email"]) for key in ("admin", "lead"))
    assert actor_of(admin.person).main_role == Role.TECHNICAL_ADMIN
    assert actor_of(lead.person).main_role == Role.LEAD_COUNSELLOR
    for account in (admin, lead):
        assert account.must_set_password
        assert not account.is_demo
        password = next(line.split()[-1] for line in said.splitlines() if f" {account.username} " in line)
        assert account.check_password(password)
    assert "import_students" in said


def test_it_refuses_a_school_that_is_there(db: Any) -> None:
    run()
    with pytest.raises(CommandError):
        run()
    assert Organisation.objects.filter(code="20200002").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"school": ""},
        {"level": "TK"},
        {"code": "20 20"},
        {"admin_email": "nope"},
        {"lead_email": "admin@baru.test"},
    ],
)
def test_it_names_what_is_wrong_and_makes_nothing(db: Any, changes: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        run(**changes)
    assert not Organisation.objects.exists()


def test_a_second_school_joins_the_same_district(db: Any) -> None:
    run()
    run(code="20200003", school="SMA Dua", admin_email="a2@baru.test", lead_email="l2@baru.test")
    assert Organisation.objects.filter(name="Kabupaten Baru").count() == 1


def test_it_makes_a_root_key_where_there_is_none(db: Any, settings: Any, tmp_path: Path) -> None:
    from teduh.kernel.sealing import root

    settings.ROOT_KEY, settings.ROOT_KEY_FILE = "", tmp_path / "keys" / "root.key"
    root._load.cache_clear()
    assert str(settings.ROOT_KEY_FILE) in run()
    assert settings.ROOT_KEY_FILE.stat().st_mode & 0o077 == 0


def test_the_demo_refuses(db: Any, settings: Any) -> None:
    settings.MODE = "demo"
    with pytest.raises(CommandError):
        run()
