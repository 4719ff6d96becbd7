"""Scores a file of answers: all of it or nothing, because a half-scored file is believed to be whole."""

import csv
import io
import re

from teduh.measures.engine.model import Instrument
from teduh.measures.engine.scoring import check_answers, score

COLUMNS = ("row", "scale", "score", "band", "flags")
_CODE = re.compile(r"-?[0-9]{1,9}")


class SheetsInvalid(ValueError):
    """A file of answers that cannot be scored; `problems` names every bad row and column."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_sheets(instrument: Instrument, text: str) -> tuple[tuple[int | None, ...], ...]:
    """Read one sheet of answers a line below a header of item numbers; an empty cell is a blank answer.

    Comma or semicolon separate the cells (spreadsheets write the latter where the comma is the decimal sign).
    Empty lines at the end are no sheets. Raises SheetsInvalid.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetsInvalid((f"The file is not readable as CSV: {error}.",)) from error
    while rows and not rows[-1]:
        rows.pop()
    expected = [item.id for item in instrument.items]
    if not rows:
        raise SheetsInvalid((f"The file is empty; its first line must be {','.join(expected)}.",))
    header = [cell.strip() for cell in rows[0]]
    if header != expected:
        raise SheetsInvalid((_header_problem(header, expected),))
    sheets: list[tuple[int | None, ...]] = []
    problems: list[str] = []
    for number, cells in enumerate(rows[1:], start=1):
        answers, faults = _read_row(instrument, cells)
        problems.extend(f"Row {number}, {fault}." for fault in faults)
        sheets.append(answers)
    if problems:
        raise SheetsInvalid(tuple(problems))
    return tuple(sheets)


def _header_problem(header: list[str], expected: list[str]) -> str:
    wanted = f"the first line must be {','.join(expected)}"
    if len(header) != len(expected):
        return f"Header: {wanted}; it has {len(header)} columns instead of {len(expected)}."
    column = next(n for n, (is_, should) in enumerate(zip(header, expected, strict=True), 1) if is_ != should)
    return f"Header, column {column}: {wanted}."


def _read_row(instrument: Instrument, cells: list[str]) -> tuple[tuple[int | None, ...], list[str]]:
    if len(cells) != len(instrument.items):
        return (), [f"all columns: {len(cells)} cells instead of {len(instrument.items)}"]
    answers: list[int | None] = []
    faults: list[tuple[int, str]] = []
    for column, cell in enumerate((cell.strip() for cell in cells), start=1):
        if cell and not _CODE.fullmatch(cell):
            faults.append((column, "not a whole number"))
        answers.append(int(cell) if _CODE.fullmatch(cell) else None)
    faults.extend((int(problem.item), problem.reason) for problem in check_answers(instrument, answers))
    return tuple(answers), [f"column {column}: {reason}" for column, reason in sorted(faults)]


def score_sheets(instrument: Instrument, text: str) -> str:
    """Return all scores as CSV, one line a sheet and scale, rows counted from 1. Raises SheetsInvalid."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, answers in enumerate(read_sheets(instrument, text), start=1):
        for result in score(instrument, answers):
            writer.writerow(
                (number, result.scale, _plain(result.value), result.band or "", ";".join(result.flags))
            )
    return out.getvalue()


def _plain(value: int | float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value)
