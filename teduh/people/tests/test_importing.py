"""An import creates, changes, and leaves alone; again it changes nothing."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from teduh.kernel import clock
from teduh.kernel.models import AuditEntry
from teduh.people.access import system_actor
from teduh.people.actions.imports import Outcome, apply_list, grade_of
from teduh.people.importing.compare import school_year_of
from teduh.people.importing.workbook import read_workbook
from teduh.people.models import ClassGroup, ClassMembership, Guardianship, Person, RoleGrant
from teduh.people.states import Role, Safety
from teduh.people.tests.dapodik import FIRST, student, write

ON = date(2026, 11, 24)


def take(cast: Any, rows: list[dict[str, Any]], **how: Any) -> Outcome:
    return apply_list(
        organisation=cast.school,
        found=read_workbook(write(rows)),
        by=system_actor(),
        at=clock.now(),
        on=ON,
        **how,
    )


def ayu(**fields: Any) -> dict[str, Any]:
    return student("Ayu Lestari", "0012345678", **{"Rombel Saat Ini": "X-1", "JK": "", **fields})


def test_new_students_get_role_class_and_guardians(cast: Any) -> None:
    row = student("Lala", "0099999991", NIPD="77", **{"Data Ibu/Nama": "Mira", "Rombel Saat Ini": "XI IPA 2"})
    done = take(cast, [row])
    assert (done.create, done.change, done.same) == (1, 0, 0)
    lala = Person.objects.get(nisn="0099999991")
    assert (lala.full_name, lala.nipd, lala.sex, lala.birth_date) == ("Lala", "77", "P", date(2010, 5, 2))
    assert RoleGrant.objects.filter(person=lala, role=Role.STUDENT, organisation=cast.school).exists()
    group = ClassMembership.objects.get(person=lala, ends_on__isnull=True).class_group
    assert (group.name, group.grade, group.school_year) == ("XI IPA 2", "11", "2026/2027")
    mother = Guardianship.objects.get(child=lala)
    assert (mother.guardian.full_name, mother.relationship, mother.safety) == (
        "Mira",
        "mother",
        Safety.UNKNOWN,
    )
    assert not hasattr(mother.guardian, "account")


def test_importing_again_changes_nothing(cast: Any) -> None:
    rows = [
        ayu(**{"Data Ayah/Nama": "Budi", "Data Ibu/Nama": "GITA LESTARI"}),
        student("Lala", "0099999991", **{"Data Wali/Nama": "Paman"}),
        student("Momo", "", NIPD="88"),
    ]
    assert take(cast, rows).create == 2
    audits = AuditEntry.objects.count()
    people = Person.objects.count()
    assert take(cast, rows) == Outcome(create=0, change=0, same=3, left=0, errors=0)
    assert (AuditEntry.objects.count(), Person.objects.count()) == (audits, people)


def test_what_changed_is_changed_and_told(cast: Any) -> None:
    done = take(cast, [ayu(Nama="Ayu Lestari Dewi", **{"Rombel Saat Ini": "X-2"})])
    assert (done.create, done.change) == (0, 1)
    cast.ayu.refresh_from_db()
    assert cast.ayu.full_name == "Ayu Lestari Dewi"
    assert ClassMembership.objects.get(person=cast.ayu, ends_on__isnull=True).class_group.name == "X-2"
    entry = AuditEntry.objects.get(verb="people.person.change")
    assert entry.subject == cast.ayu.public_id
    assert entry.detail == {"what": "name,class_name"}


def test_what_the_sheet_leaves_empty_is_kept(cast: Any) -> None:
    take(cast, [ayu(**{"Tanggal Lahir": "", "Rombel Saat Ini": ""})])
    cast.ayu.refresh_from_db()
    assert cast.ayu.birth_date == date(2010, 5, 2)
    assert ClassMembership.objects.filter(person=cast.ayu, ends_on__isnull=True).exists()


def test_students_who_are_not_in_the_list_stay(cast: Any) -> None:
    take(cast, [ayu()])
    cast.bima.refresh_from_db()
    assert cast.bima.left_on is None


def test_they_leave_only_when_that_was_asked_for_and_can_return(cast: Any) -> None:
    assert take(cast, [ayu()], mark_left=True).left == 1
    cast.bima.refresh_from_db()
    assert cast.bima.left_on == ON
    assert take(cast, [ayu()], mark_left=True).left == 0
    assert take(cast, [student("Bima Saputra", "0012345679")]).change == 1
    cast.bima.refresh_from_db()
    assert cast.bima.left_on is None


def test_staff_and_students_of_other_schools_are_untouched(cast: Any) -> None:
    take(cast, [student("Fajar Palsu", "0012345680")])
    cast.fajar.refresh_from_db()
    assert cast.fajar.full_name == "Fajar Nugroho"
    assert Person.objects.filter(nisn="0012345680").count() == 2


def test_a_judged_guardian_is_never_renamed(cast: Any) -> None:
    take(cast, [ayu(**{"Data Ibu/Nama": "Orang Lain"})])
    cast.gita.refresh_from_db()
    assert cast.gita.full_name == "Gita Lestari"
    other = Guardianship.objects.get(child=cast.ayu, guardian__full_name="Orang Lain")
    assert other.safety == Safety.UNKNOWN


def test_a_guardian_known_only_from_the_list_is_renamed(cast: Any) -> None:
    take(cast, [ayu(**{"Data Ayah/Nama": "Bud"})])
    take(cast, [ayu(**{"Data Ayah/Nama": "Budi"})])
    assert [
        g.guardian.full_name for g in Guardianship.objects.filter(child=cast.ayu, relationship="father")
    ] == ["Budi"]


def test_an_unsafe_guardian_does_not_come_back_as_a_harmless_one(cast: Any) -> None:
    take(cast, [ayu(**{"Data Wali/Nama": "HARI WIBOWO"})])
    assert Guardianship.objects.filter(child=cast.ayu, guardian__full_name__iexact="hari wibowo").count() == 1


def test_a_corrected_nisn_finds_the_same_student_by_nipd_and_name(cast: Any) -> None:
    Person.objects.filter(pk=cast.ayu.pk).update(nipd="55")
    assert take(cast, [student("Ayu Lestari", "0012345699", NIPD="55")]).change == 1
    cast.ayu.refresh_from_db()
    assert cast.ayu.nisn == "0012345699"


def test_a_nipd_of_somebody_else_is_an_error_not_a_change(cast: Any) -> None:
    Person.objects.filter(pk=cast.ayu.pk).update(nipd="55")
    done = take(cast, [student("Zaki", "0012345699", NIPD="55")])
    assert (done.create, done.change, done.errors) == (0, 0, 1)


def test_an_error_in_the_middle_undoes_the_whole(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("teduh.people.actions.imports._add_guardians", lambda *a, **k: 1 / 0)
    before = Person.objects.count()
    with pytest.raises(ZeroDivisionError):
        take(cast, [student("Lala", "0099999991")])
    assert Person.objects.count() == before
    assert not ClassGroup.objects.filter(name="X 1").exists()


def test_a_large_list_costs_few_queries(cast: Any, query_count: Any) -> None:
    rows = [
        student(f"Siswa {number}", f"{number:010d}", **{"Data Ibu/Nama": f"Ibu {number}"})
        for number in range(1, 301)
    ]
    found = read_workbook(write(rows))
    with query_count() as n:
        apply_list(organisation=cast.school, found=found, by=system_actor(), at=clock.now(), on=ON)
    assert len(n) < 60, len(n)


@pytest.mark.parametrize(
    ("name", "grade"),
    [("X 1", "10"), ("XI IPA 2", "11"), ("XII-A", "12"), ("7A", ""), ("7 A", "7"), ("IX.3", "9"),
     ("Kelas 8", "8"), ("Xaverius", ""), ("11-B", "11"), ("Merdeka", "")],
)  # fmt: skip
def test_the_grade_is_read_from_the_class_name(name: str, grade: str) -> None:
    assert grade_of(name) == grade


def test_the_school_year_turns_in_july() -> None:
    assert school_year_of(date(2026, 6, 30)) == "2025/2026"
    assert school_year_of(date(2026, 7, 1)) == "2026/2027"


def run(tmp_path: Path, rows: list[dict[str, Any]] | bytes, *args: str) -> Any:
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(rows if isinstance(rows, bytes) else write(rows))
    out = io.StringIO()
    call_command("import_students", str(file), "--organisation", "SMA1", "--json", *args, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_exactly_one_object(cast: Any, tmp_path: Path) -> None:
    rows = [ayu(), student("Lala", "0099999991"), student("", "0099999992")]
    told = run(tmp_path, rows, "--dry-run")
    assert list(told) == ["create", "change", "same", "errors"]
    assert (told["create"], told["same"]) == (1, 1)
    assert [error["row"] for error in told["errors"]] == [FIRST + 2]
    assert told["errors"][0]["reason"]
    assert not Person.objects.filter(full_name="Lala").exists()
    assert run(tmp_path, rows) == told
    assert run(tmp_path, rows)["same"] == 2


def test_the_command_refuses_a_bad_file_and_still_prints_one_object(cast: Any, tmp_path: Path) -> None:
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(b"not a workbook")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_students", str(file), "--organisation", "SMA1", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["create"], told["errors"][0]["row"]) == (0, 0)


@pytest.mark.parametrize(("file", "code"), [("missing.xlsx", "SMA1"), ("missing.xlsx", "NOWHERE")])
def test_the_command_refuses_what_is_not_there(cast: Any, tmp_path: Path, file: str, code: str) -> None:
    with pytest.raises(CommandError):
        call_command("import_students", str(tmp_path / file), "--organisation", code)
