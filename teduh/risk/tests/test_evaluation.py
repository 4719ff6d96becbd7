"""The measuring of the detector is itself correct, and says where a file is wrong."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from teduh.risk import Finding
from teduh.risk.evaluation import EvaluationError, Share, evaluate, parse, read, report_json, report_text

LINES = """# comment

urgent\tsuicide_self_harm\taku mau bunuh diri
urgent\t\taku dan dia
concern\tsuicide_self_harm\tcapek hidup
none\t-\tmati lampu
none\t\taku mau bunuh diri
"""


def test_figures_follow_from_the_counts() -> None:
    evaluation = evaluate(parse(LINES.split("\n")))
    assert json.loads(report_json(evaluation)) == {
        "urgent": {"n": 2, "recall": 0.5, "precision": 0.5},
        "concern": {"n": 1, "recall": 1.0, "precision": 1.0},
        "none": {"n": 2, "false_alarm": 0.5},
    }


def test_an_empty_class_is_null_and_not_nought() -> None:
    evaluation = evaluate(parse(["none\t\thalo kak"]))
    assert json.loads(report_json(evaluation)) == {
        "urgent": {"n": 0, "recall": None, "precision": None},
        "concern": {"n": 0, "recall": None, "precision": None},
        "none": {"n": 1, "false_alarm": 0.0},
    }


def test_the_report_for_people_holds_the_confusion_table() -> None:
    report = report_text(evaluate(parse(LINES.split("\n"))))
    assert "urgent                  1        0        1" in report
    assert "false alarms 0.500 [" in report


def test_wilsons_interval_matches_the_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263.
    low, high = Share(81, 263).interval or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("urgent aku mau mati", "line 2: expected severity, category and text separated by tabs"),
        ("gawat\t\taku mau mati", "line 2: severity 'gawat' is not one of urgent, concern, none"),
        ("urgent\tsedih\taku mau mati", "line 2: category 'sedih' is not one of"),
        ("urgent\t\t  ", "line 2: the text is empty"),
    ],
)
def test_a_malformed_line_is_named_with_its_number(line: str, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason.replace("(", r"\(")):
        parse(["# first", line])


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_bytes("\ufeffurgent\t\taku mau mati\r\nnone\t\thalo\r\n".encode())
    assert [(message.severity, message.text) for message in read(path)] == [
        ("urgent", "aku mau mati"),
        ("none", "halo"),
    ]


def test_an_unreadable_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No such file"):
        read(tmp_path / "missing.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"none\t\t\xff\xfe")
    with pytest.raises(EvaluationError, match="not UTF-8 text"):
        read(tmp_path / "latin.tsv")
    (tmp_path / "empty.tsv").write_text("# nothing\n")
    with pytest.raises(EvaluationError, match="holds no message"):
        read(tmp_path / "empty.tsv")


def test_the_measured_detector_can_be_another_one() -> None:
    def silent(_: str) -> Finding | None:
        return None

    evaluation = evaluate(parse(LINES.split("\n")), silent)
    assert evaluation.recall("urgent").value == 0.0
    assert evaluation.precision("urgent").value is None


@pytest.mark.parametrize(("name", "least"), [("dev", 450), ("heldout", 250)])
def test_the_kept_message_sets_meet_the_aims(name: str, least: int) -> None:
    with_path = files("teduh.risk") / "data" / f"{name}.tsv"
    labelled = read(Path(str(with_path)))
    assert len(labelled) >= least
    evaluation = evaluate(labelled)
    recall, precision = evaluation.recall("urgent").value, evaluation.precision("urgent").value
    alarms = evaluation.false_alarm.value
    assert recall is not None
    assert precision is not None
    assert alarms is not None
    assert recall >= 0.9
    assert precision >= 0.85
    assert alarms <= 0.03
