"""Values of spreadsheet cells as the text, digits and dates they were meant to be. No Django here."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan", "january"),
            ("februari", "feb", "february", "pebruari"),
            ("maret", "mar", "march"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "jun", "june"),
            ("juli", "jul", "july"),
            ("agustus", "agu", "ags", "agt", "aug", "august"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "oct", "october"),
            ("november", "nov", "nopember", "nop"),
            ("desember", "des", "dec", "december"),
        ),
        start=1,
    )
    for name in names
}
#: Day 0 of the serial numbers that spreadsheets use for dates.
_EPOCH = date(1899, 12, 30)
#: What people write where there is nothing.
_NOTHING = frozenset(
    {"", "-", "--", "0", "tidak ada", "tidakada", "n/a", "na", "null", "none", "kosong", "."}
)


class NoDate(ValueError):
    """The cell is meant as a date, but no calendar has it."""


def text(value: Any) -> str:
    """Return a cell as one line of text; a number without fraction stands without ".0"."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    shown = unicodedata.normalize("NFC", str(value))
    return " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in shown).split())


def said(value: Any) -> str:
    """Return a cell as text, and nothing where it says "nothing" in one of the usual ways."""
    shown = text(value)
    return "" if shown.casefold() in _NOTHING else shown


def is_number(value: Any) -> bool:
    """Tell whether the cell holds a number, so that leading zeros were lost."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def digits(value: Any, *, width: int = 0) -> str:
    """Return a cell of digits; a number is padded to `width`, text keeps its own leading zeros."""
    shown = text(value).replace(" ", "").lstrip("'`")
    if is_number(value) and shown.isdigit() and shown != "0":
        return shown.zfill(width)
    return "" if shown in {"", "-", "0"} else shown


def day(value: Any) -> date | None:
    """Return a cell as a date: a real one, a serial number, ISO, 2 Mei 2010, 2-5-2010, 02/05/2010.

    Raises NoDate where it is something else.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if is_number(value):
        return _serial(float(value))
    shown = said(value).casefold()
    if not shown:
        return None
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.]+z?)?", shown)
    if found:
        return _date(*map(int, found.groups()))
    found = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", shown)
    if found:
        number, month, year = map(int, found.groups())
        return _date(year, month, number)
    found = re.fullmatch(r"(\d{1,2})[-/., ]+([a-z]+)[-/., ]+(\d{4})", shown)
    if found and found[2] in MONTHS:
        return _date(int(found[3]), MONTHS[found[2]], int(found[1]))
    if re.fullmatch(r"\d{5}", shown):
        return _serial(float(shown))
    raise NoDate(shown)


def _serial(number: float) -> date | None:
    if number == 0:
        return None
    # 1927 to 2064: whatever lies outside is no date of a student.
    if not 10_000 <= number <= 60_000:
        raise NoDate(str(number))
    return _EPOCH + timedelta(days=int(number))


def _date(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise NoDate(f"{year}-{month}-{number}") from error
