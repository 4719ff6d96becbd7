"""The drawn states are those of the tables."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from teduh.care.states import REFERRAL_RULES, ReferralState
from teduh.site import diagrams


def test_every_diagram_is_current() -> None:
    assert diagrams.stale() == [], "run: manage.py draw_states"


def test_every_table_of_every_room_is_drawn() -> None:
    named = {
        f"{path.parent.name}_{line.split('_RULES')[0].lower()}.mmd"
        for path in (diagrams.FOLDER.parents[1] / "teduh").glob("*/states.py")
        for line in path.read_text().splitlines()
        if "_RULES" in line and not line[0].isspace()
    }
    assert set(diagrams.drawings()) == named


def test_a_diagram_shows_each_step_once_with_who_may_take_it() -> None:
    drawn = diagrams.draw(REFERRAL_RULES).splitlines()
    steps = [line for line in drawn if " --> " in line and "[*]" not in line]
    assert len(steps) == len(REFERRAL_RULES)
    assert "    sent --> accepted: accept (receiver)" in steps
    assert drawn[1] == "    [*] --> awaiting_consent"
    ends = {line.split()[0] for line in drawn if line.endswith("--> [*]")}
    assert ends == {ReferralState.DECLINED, ReferralState.RETURNED, ReferralState.WITHDRAWN}


def test_a_stale_missing_or_orphaned_drawing_is_found_and_redrawn(tmp_path: Path) -> None:
    diagrams.write(tmp_path)
    assert diagrams.stale(tmp_path) == []
    (tmp_path / "care_alert.mmd").write_text("stateDiagram-v2\n")
    (tmp_path / "care_episode.mmd").unlink()
    (tmp_path / "care_gone.mmd").write_text("stateDiagram-v2\n")
    assert diagrams.stale(tmp_path) == ["care_alert.mmd", "care_episode.mmd", "care_gone.mmd"]
    diagrams.write(tmp_path)
    assert diagrams.stale(tmp_path) == []


def test_the_command_refuses_a_stale_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("draw_states", "--check")
    monkeypatch.setattr(diagrams, "FOLDER", tmp_path)
    monkeypatch.setattr(diagrams.stale, "__defaults__", (tmp_path,))
    with pytest.raises(CommandError, match=r"care_alert\.mmd"):
        call_command("draw_states", "--check")
