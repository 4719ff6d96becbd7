"""The Dapodik list is read as the school means it, or refused with the reason."""

import io
import time
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from teduh.people.importing import cells
from teduh.people.importing.parse import SheetRefused, StudentList
from teduh.people.importing.reader import REASONS, REFUSALS, read_student_list, reason_text, refusal_text
from teduh.people.importing.workbook import check_package, read_workbook
from teduh.people.tests.dapodik import FIRST, student, write


def read(rows: list[dict[str, Any]], **how: Any) -> StudentList:
    return read_workbook(write(rows, **how))


def refused(data: bytes) -> str:
    with pytest.raises(SheetRefused) as caught:
        read_student_list(data)
    assert refusal_text(caught.value.code, caught.value.values)
    return caught.value.code


def test_a_realistic_list_is_read() -> None:
    row = student(
        "AYU LESTARI",
        "0012345678",
        NIPD="00123",
        **{"Data Ayah/Nama": "BUDI", "Data Ibu/Nama": "GITA LESTARI", "Data Wali/Nama": "HARI"},
    )
    (found,) = read([row]).rows
    assert (found.row, found.name, found.nisn, found.nipd, found.sex) == (
        FIRST, "AYU LESTARI", "0012345678", "00123", "P",
    )  # fmt: skip
    assert found.birth_date == date(2010, 5, 2)
    assert (found.class_name, found.father, found.mother, found.guardian) == (
        "X 1",
        "BUDI",
        "GITA LESTARI",
        "HARI",
    )


def test_the_order_of_columns_does_not_matter() -> None:
    row = student("Ayu", "0012345678", **{"Data Ibu/Nama": "Gita"})
    assert read([row]).rows == read([row], reverse=True).rows


@pytest.mark.parametrize("titles", [[], ["Daftar"], ["a"] * 12])
def test_any_number_of_title_rows_may_stand_above(titles: list[str]) -> None:
    (found,) = read([student("Ayu", "0012345678")], titles=titles).rows
    assert found.row == len(titles) + 3


def test_what_is_not_needed_is_never_kept() -> None:
    told = repr(read([student("Ayu", "0012345678", NIPD="7")]))
    for secret in ("3201010101010001", "Rp.", "BRI", "9988776655", "3201010101010002"):
        assert secret not in told


@pytest.mark.parametrize(
    ("value", "nisn"), [("0012345678", "0012345678"), (12345678, "0012345678"), (12345678.0, "0012345678")]
)
def test_leading_zeros_are_kept_in_text_and_restored_in_numbers(value: Any, nisn: str) -> None:
    assert read([student("Ayu", value)]).rows[0].nisn == nisn


@pytest.mark.parametrize(
    "value",
    [
        "2010-05-02",
        "02-05-2010",
        "2/5/2010",
        "2 Mei 2010",
        "02 MEI 2010",
        datetime(2010, 5, 2),
        date(2010, 5, 2),
        40300,
    ],
)
def test_dates_are_read_however_they_are_written(value: Any) -> None:
    assert read([student("Ayu", "0012345678", **{"Tanggal Lahir": value})]).rows[0].birth_date == date(
        2010, 5, 2
    )


@pytest.mark.parametrize("value", ["31-02-2010", "kemarin", "2 Brumaire 2010", 7, "05/02/10"])
def test_no_date_is_invented(value: Any) -> None:
    with pytest.raises(cells.NoDate):
        cells.day(value)


def test_empty_rows_are_stepped_over_and_numbers_stay_those_of_the_sheet() -> None:
    found = read([student("Ayu", "0012345678"), {}, {}, student("Bima", "0012345679")])
    assert [row.row for row in found.rows] == [FIRST, FIRST + 3]
    assert not found.errors


def test_a_formula_counts_by_its_value() -> None:
    data = write([student("x", "0")], formulas={"Nama": ('=UPPER("ayu")', "AYU"), "NISN": ("=1+1", 12345678)})
    (found,) = read_workbook(data).rows
    assert (found.name, found.nisn) == ("AYU", "0012345678")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Nama": ""}, "no_name"),
        ({"Nama": "12345"}, "bad_name"),
        ({"Nama": '=HYPERLINK("http://x")'}, "bad_name"),
        ({"Nama": "@cmd"}, "bad_name"),
        ({"NISN": "12345"}, "bad_nisn"),
        ({"NISN": "00123456AB"}, "bad_nisn"),
        ({"NISN": "", "NIPD": ""}, "no_number"),
        ({"JK": "X"}, "bad_sex"),
        ({"Tanggal Lahir": "kemarin"}, "bad_date"),
        ({"Tanggal Lahir": "1800-01-01"}, "bad_date"),
        ({"Nama": "A" * 200}, "too_long"),
        ({"Rombel Saat Ini": "=1"}, "bad_class"),
    ],
)
def test_a_bad_row_is_named_with_its_reason_and_the_others_count(fields: dict[str, Any], code: str) -> None:
    found = read([student("Ayu", "0012345678"), student("Bima", "0012345679") | fields])
    assert [row.name for row in found.rows] == ["Ayu"]
    assert [(error.row, error.code) for error in found.errors] == [(FIRST + 1, code)]
    assert reason_text(code, found.errors[0].values)


def test_of_a_doubled_nisn_the_first_counts_and_the_other_points_to_it() -> None:
    found = read([student("Ayu", "0012345678"), student("Bima", 12345678)])
    assert [row.name for row in found.rows] == ["Ayu"]
    assert (found.errors[0].row, found.errors[0].code, found.errors[0].values) == (
        FIRST + 1, "same_nisn", {"other": FIRST},
    )  # fmt: skip


@pytest.mark.parametrize("column", ["Nama", "NISN", "Rombel Saat Ini"])
def test_a_missing_column_is_named(column: str) -> None:
    with pytest.raises(SheetRefused) as caught:
        read([student("Ayu", "0012345678")], leave_out=(column,))
    assert column in str(caught.value.values.get("columns", column))


def test_columns_that_may_be_missing_may_be_missing() -> None:
    (found,) = read(
        [student("Ayu", "0012345678")], leave_out=("JK", "Tanggal Lahir", "NIPD", "Data Ayah")
    ).rows
    assert found.sex == ""


def test_every_code_has_words_in_both_directions() -> None:
    for code in REFUSALS:
        assert refusal_text(code, {"limit": 1, "columns": "x"})
    for code in REASONS:
        assert reason_text(code, {"limit": 1, "other": 2})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"nama,nisn\nAyu,1", "not_xlsx"),
        (b"PK\x03\x04 not really", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        (b"x" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_another_zip_is_refused() -> None:
    assert refused(package({"word/document.xml": b"<x/>"})) == "not_xlsx"


def test_a_workbook_with_broken_insides_is_refused() -> None:
    assert refused(package({"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<y"})) == "not_xlsx"


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: Any) -> None:
    monkeypatch.setattr("teduh.people.importing.workbook.MAX_UNPACKED", 4 * 1024 * 1024)
    with pytest.raises(SheetRefused) as caught:
        check_package(package({"[Content_Types].xml": b"", "xl/a": b"\0" * (5 * 1024 * 1024)}))
    assert caught.value.code == "bomb"


def test_two_cells_at_the_far_corners_do_not_fill_the_memory() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Nama")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    started = time.monotonic()
    assert refused(out.getvalue()) in {"too_much", "no_header"}
    assert time.monotonic() - started < 60


def test_an_empty_workbook_is_refused() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet()
    book.close()
    assert refused(out.getvalue()) == "empty"


def test_a_header_without_students_is_refused() -> None:
    assert refused(write([])) == "no_rows"


def test_a_sheet_that_is_something_else_is_refused() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write(0, 0, "Nilai Rapor")
    book.close()
    assert refused(out.getvalue()) == "no_header"


def test_the_list_may_stand_on_the_second_sheet() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Petunjuk").write(0, 0, "Petunjuk")
    sheet = book.add_worksheet("Data")
    for column, title in enumerate(["Nama", "NISN", "Rombel Saat Ini"]):
        sheet.write(2, column + 1, title)
    for column, value in enumerate(["Ayu", "0012345678", "X 1"]):
        sheet.write(3, column + 1, value)
    book.close()
    (found,) = read_student_list(out.getvalue()).rows
    assert (found.row, found.name, found.class_name) == (4, "Ayu", "X 1")
