"""`manage.py risk_eval` prints the detector's figures, or says what is wrong with the file."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_the_figures_are_printed_as_one_json_object(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_text("urgent\tsuicide_self_harm\taku mau bunuh diri\nnone\t\tmati lampu\n", encoding="utf-8")
    out = StringIO()
    call_command("risk_eval", str(path), json=True, stdout=out)
    assert json.loads(out.getvalue()) == {
        "urgent": {"n": 1, "recall": 1.0, "precision": 1.0},
        "concern": {"n": 0, "recall": None, "precision": None},
        "none": {"n": 1, "false_alarm": 0.0},
    }


def test_a_bad_file_is_answered_with_a_sentence_and_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_text("gawat\t\taku mau bunuh diri\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 1: severity 'gawat' is not one of urgent, concern, none"):
        call_command("risk_eval", str(path))
