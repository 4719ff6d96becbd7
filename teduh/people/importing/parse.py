"""Reads a Dapodik student list into rows, keeping only what Teduh needs. No Django here.

NIK, income, bank and every other column are never looked at, let alone kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from teduh.people.importing import cells

MAX_ROWS = 50_000
#: The header stands within this many rows; titles come before it.
HEADER_WITHIN = 40
REQUIRED = {"name": "Nama", "nisn": "NISN", "class_name": "Rombel Saat Ini"}
GROUPS = {"ayah": "father", "ibu": "mother", "wali": "guardian"}
_HEADS = {
    "nama": "name",
    "nama siswa": "name",
    "nama lengkap": "name",
    "nama peserta didik": "name",
    "nisn": "nisn",
    "nipd": "nipd",
    "nis": "nipd",
    "jk": "sex",
    "l/p": "sex",
    "jenis kelamin": "sex",
    "tanggal lahir": "birth_date",
    "tgl lahir": "birth_date",
    "rombel saat ini": "class_name",
    "rombel": "class_name",
    "kelas": "class_name",
    "nama ayah": "father",
    "nama ibu": "mother",
    "nama ibu kandung": "mother",
    "nama wali": "guardian",
}
_SEXES = {"l": "L", "laki-laki": "L", "laki laki": "L", "p": "P", "perempuan": "P"}
_LENGTHS = {"name": 160, "nipd": 20, "class_name": 60, "father": 160, "mother": 160, "guardian": 160}
#: A name that a spreadsheet would run as a formula when the list is written out again.
_FORMULA = ("=", "+", "@", "-")


class SheetRefused(Exception):
    """The file as a whole cannot be read; `code` says why, `values` what is needed to say it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class StudentRow:
    """One student as the sheet tells; an empty text means that the sheet says nothing."""

    row: int
    name: str
    nisn: str = ""
    nipd: str = ""
    sex: str = ""
    birth_date: date | None = None
    class_name: str = ""
    father: str = ""
    mother: str = ""
    guardian: str = ""


@dataclass(frozen=True)
class RowError:
    """A row that cannot be taken over: its number in the sheet, and why."""

    row: int
    code: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class StudentList:
    """What a sheet holds: good rows, and bad ones with their reasons."""

    rows: tuple[StudentRow, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True)
class Layout:
    """Where things stand: the first row of data, and the column of each thing."""

    first: int
    columns: dict[str, int]


def head(value: Any) -> str:
    """Return a column's title as it is compared: lower case, one space between words, without signs around
    it.
    """
    return re.sub(r"[\s_]+", " ", cells.text(value).casefold()).strip(" .:*")


def find_layout(top: list[list[Any]]) -> Layout:
    """Find the two header rows among the first rows, whatever stands above and in whatever order the
    columns are.

    Raises SheetRefused where there is no header, or a needed column is missing from it.
    """
    for index, row in enumerate(top):
        titles = [head(value) for value in row]
        named = {_HEADS.get(title) for title in titles}
        if "name" in named and len(named & {"nisn", "nipd", "class_name", "sex", "birth_date"}) >= 1:
            below = [head(value) for value in top[index + 1]] if index + 1 < len(top) else []
            return _layout(titles, below, index)
    raise SheetRefused("no_header")


def _layout(titles: list[str], below: list[str], index: int) -> Layout:
    columns: dict[str, int] = {}
    group = ""
    grouped = False
    for column, title in enumerate(titles):
        if title:
            found = re.fullmatch(r"data (ayah|ibu|wali)(?: kandung)?", title)
            group = GROUPS[found[1]] if found else ""
        under = below[column] if column < len(below) else ""
        if group:
            # A merged group covers the columns to its right, whose upper cells are empty.
            if under == "nama":
                columns.setdefault(group, column)
                grouped = True
        elif title in _HEADS:
            columns.setdefault(_HEADS[title], column)
    missing = [shown for key, shown in REQUIRED.items() if key not in columns]
    if missing:
        raise SheetRefused("missing_columns", columns=", ".join(missing))
    return Layout(first=index + (2 if grouped or _is_subheader(below) else 1), columns=columns)


def _is_subheader(below: list[str]) -> bool:
    """Tell whether the row under the header is one too, for lists whose groups were cut away."""
    return len({"tahun lahir", "jenjang pendidikan", "pekerjaan", "penghasilan"} & set(below)) >= 2


def read_rows(sheet: Iterable[list[Any]]) -> StudentList:
    """Read all rows of a sheet that begins at its first row and column.

    Raises SheetRefused for an empty sheet, one without header, or one with more than 50,000 rows.
    """
    numbered: Iterator[tuple[int, list[Any]]] = enumerate(sheet, start=1)
    top: list[list[Any]] = []
    for _number, row in numbered:
        top.append(row)
        if len(top) == HEADER_WITHIN:
            break
    if not any(cells.text(value) for row in top for value in row):
        raise SheetRefused("empty")
    layout = find_layout(top)
    rows: list[StudentRow] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    count = 0
    for number, row in _all(top, numbered):
        if number <= layout.first:
            continue
        taken = {key: row[column] if column < len(row) else None for key, column in layout.columns.items()}
        if not any(cells.text(value) for value in taken.values()):
            continue
        count += 1
        if count > MAX_ROWS:
            raise SheetRefused("too_many_rows", limit=MAX_ROWS)
        result = read_row(number, taken, seen)
        if isinstance(result, RowError):
            errors.append(result)
        else:
            rows.append(result)
    if not count:
        raise SheetRefused("no_rows")
    return StudentList(tuple(rows), tuple(errors))


def _all(top: list[list[Any]], rest: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    yield from enumerate(top, start=1)
    yield from rest


def read_row(number: int, taken: dict[str, Any], seen: dict[str, int]) -> StudentRow | RowError:
    """Read one row; `seen` holds the NISN and NIPD met so far with their rows, and is added to."""
    name = cells.said(taken.get("name"))
    if not name:
        return RowError(number, "no_name")
    if name.startswith(_FORMULA) or name.startswith("#") or not any(sign.isalpha() for sign in name):
        return RowError(number, "bad_name")
    nisn = cells.digits(taken.get("nisn"), width=10)
    if nisn and not re.fullmatch(r"[0-9]{10}", nisn):
        return RowError(number, "bad_nisn")
    nipd = cells.digits(taken.get("nipd"))
    if not nisn and not nipd:
        return RowError(number, "no_number")
    sex = cells.said(taken.get("sex")).casefold()
    if sex and sex not in _SEXES:
        return RowError(number, "bad_sex")
    try:
        birth_date = cells.day(taken.get("birth_date"))
    except cells.NoDate:
        return RowError(number, "bad_date")
    if birth_date and not 1940 <= birth_date.year <= 2100:
        return RowError(number, "bad_date")
    texts = {"name": name, "nipd": nipd}
    texts |= {key: cells.said(taken.get(key)) for key in ("class_name", "father", "mother", "guardian")}
    for key, limit in _LENGTHS.items():
        if len(texts[key]) > limit:
            return RowError(number, "too_long", {"limit": limit})
    for key in ("father", "mother", "guardian"):
        # A guardian's name that is none is left out; it must not keep a student out of the list.
        if texts[key].startswith((*_FORMULA, "#")) or not any(sign.isalpha() for sign in texts[key]):
            texts[key] = ""
    if texts["class_name"].startswith((*_FORMULA, "#")):
        return RowError(number, "bad_class")
    mark, code = (f"nisn {nisn}", "same_nisn") if nisn else (f"nipd {nipd}", "same_nipd")
    if mark in seen:
        return RowError(number, code, {"other": seen[mark]})
    seen[mark] = number
    return StudentRow(number, nisn=nisn, sex=_SEXES.get(sex, ""), birth_date=birth_date, **texts)
