"""`manage.py score` scores a whole file or says what is wrong with every row of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from teduh.measures.management.commands.score import Command

HEADER9 = "1,2,3,4,5,6,7,8,9"
HEADER7 = "1,2,3,4,5,6,7"


def run(folder: Path, instrument: str, content: str | bytes) -> str:
    path = folder / "answers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = StringIO()
    call_command(Command(), instrument, str(path), stdout=out)
    return out.getvalue()


def refusal(folder: Path, instrument: str, content: str | bytes) -> list[str]:
    path = folder / "answers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(Command(), instrument, str(path), stdout=out)
    assert out.getvalue() == ""
    assert caught.value.returncode == 1
    return str(caught.value).splitlines()


def test_phq_9_sheets_are_scored_one_line_each(tmp_path: Path) -> None:
    sheets = f"{HEADER9}\n2,2,2,2,1,1,2,0,0\n3,3,3,3,3,3,3,3,3\n1,,1,1,1,1,1,1,1\n"
    sheets += ",,,1,1,1,1,1,0\n3,3,3,3,3,3,3,3,\n"
    assert run(tmp_path, "phq-9", sheets) == (
        "row,scale,score,band,flags\n"
        "1,total,12,moderate,\n"
        "2,total,27,severe,safety:9\n"
        "3,total,9,mild,safety:9;prorated\n"
        "4,total,,,too_many_missing\n"
        "5,total,,,item9_missing\n"
    )


def test_gad_7_sheets_are_scored(tmp_path: Path) -> None:
    assert (
        run(tmp_path, "gad-7", f"{HEADER7}\n1,1,1,2,2,0,0\n")
        == "row,scale,score,band,flags\n1,total,7,mild,\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf1,2,3,4,5,6,7\r\n1,1,1,2,2,0,0\r\n",
        b"1;2;3;4;5;6;7\r\n1;1;1;2;2;0;0\r\n",
        b' 1 , 2,3,4,5,6,7\n"1", 1,1 ,2,2,0,0\n\n\n',
        b"1,2,3,4,5,6,7\n1,1,1,2,2,0,0",
    ],
    ids=["byte order mark and CRLF", "semicolons", "spaces, quotes and empty last lines", "no last line end"],
)
def test_files_as_spreadsheets_write_them_are_read(tmp_path: Path, content: bytes) -> None:
    assert run(tmp_path, "gad-7", content).splitlines()[1:] == ["1,total,7,mild,"]


def test_the_name_of_an_instrument_may_be_written_in_capitals(tmp_path: Path) -> None:
    assert run(tmp_path, "GAD-7", f"{HEADER7}\n") == "row,scale,score,band,flags\n"


def test_an_unknown_instrument_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    (line,) = refusal(tmp_path, "phq-10", HEADER9)
    assert "phq-10" in line
    assert "gad-7, phq-9" in line


def test_one_bad_row_stops_the_whole_file_and_every_bad_cell_is_named(tmp_path: Path) -> None:
    rows = [
        HEADER7,
        "0,0,0,0,0,0,0",
        "0,4,0,x,0,0,0",
        "0,0,0",
        "0,0,0,0,0,0,0,0",
        "",
        "0,0,0,0,0,0,-1",
        "1.0,0,0,0,0,0,٢",
    ]
    first, *lines = refusal(tmp_path, "gad-7", "\n".join(rows))
    assert "nothing was scored" in first
    assert lines == [
        "Row 2, column 2: must be one of 0, 1, 2, 3, or blank.",
        "Row 2, column 4: not a whole number.",
        "Row 3, all columns: 3 cells instead of 7.",
        "Row 4, all columns: 8 cells instead of 7.",
        "Row 5, all columns: 0 cells instead of 7.",
        "Row 6, column 7: must be one of 0, 1, 2, 3, or blank.",
        "Row 7, column 1: not a whole number.",
        "Row 7, column 7: not a whole number.",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        (f"{HEADER7}\n", "it has 7 columns instead of 9"),
        ("1,2,3,4,5,6,8,7,9\n", "Header, column 7: the first line must be 1,2,3,4,5,6,7,8,9"),
        ("0,0,0,0,0,0,0,0,0\n", "Header, column 1"),
        (f'{HEADER9}\n"0,0\n', "not readable as CSV"),
        (b"\xff\xfe1\x00,\x002\x00", "is not UTF-8 text"),
        (b"PK\x03\x04\x00\x00\x9c", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_answer_sheet_is_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert reason in "\n".join(refusal(tmp_path, "phq-9", content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command(Command(), "phq-9", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="Cannot read"):
        call_command(Command(), "phq-9", str(tmp_path))


def test_a_refusal_never_repeats_what_somebody_answered(tmp_path: Path) -> None:
    assert "rahasia" not in "\n".join(refusal(tmp_path, "gad-7", f"{HEADER7}\n0,rahasia,0,0,0,0,0\n"))
