"""The dated lists of case work hold together."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from teduh.care.levels import level_of
from teduh.care.states import LevelKey
from teduh.kernel.data import DataInvalid
from teduh.people.states import Role
from teduh.psychosocial.clocks import (
    FILE,
    add_working_days,
    first_response_due,
    latest_follow_up,
    read_clocks,
)
from teduh.psychosocial.states import RiskLevel
from teduh.psychosocial.vocabulary import VULNERABILITIES, vulnerability_codes

FRIDAY = datetime(2026, 11, 27, 3, tzinfo=UTC)


def test_each_code_of_the_list_has_a_name_and_each_name_a_code() -> None:
    assert set(vulnerability_codes()) == set(VULNERABILITIES)


def test_a_high_risk_is_answered_within_a_day_and_seen_again_within_a_week() -> None:
    assert (first_response_due(RiskLevel.HIGH, FRIDAY) - FRIDAY).total_seconds() == 24 * 3600
    assert latest_follow_up(RiskLevel.HIGH, date(2026, 11, 27)) == date(2026, 12, 4)


def test_a_low_risk_counts_ten_working_days_over_two_weekends() -> None:
    assert timezone.localtime(first_response_due(RiskLevel.LOW, FRIDAY)).date() == date(2026, 12, 11)


def test_a_service_that_works_six_days_counts_six() -> None:
    assert add_working_days(FRIDAY, 2, frozenset(range(1, 7))).date() == date(2026, 11, 30)


def test_clocks_say_that_nobody_has_confirmed_them() -> None:
    assert read_clocks(FILE).unconfirmed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[risk.medium]", "[risk.other]"),
        ("respond_hours = 24", "respond_hours = 0"),
        ("respond_hours = 24", "respond_hours = 24\nrespond_working_days = 2"),
        ("follow_up_days = 7", ""),
        ('until_assessed = "medium"', 'until_assessed = "unknown"'),
        ("working_weekdays = [1, 2, 3, 4, 5]", "working_weekdays = [0]"),
        ("last_checked = 2026-11-24", ""),
    ],
)
def test_a_broken_list_of_clocks_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "risk_clocks.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataInvalid):
        read_clocks(file)


def test_the_spine_knows_the_level_and_who_leads_it() -> None:
    level = level_of(LevelKey.PSYCHOSOCIAL)
    assert level.led_by == (Role.CASEWORKER,)
    assert level.needs_aftercare
    assert set(level.closing_checks) == {
        "told",
        "knows_whom",
        "safety_plan",
        "aftercare_agreed",
        "supervisor_signed",
    }
    assert "home_visit" in level.activities
