"""What a student list would do to a school: create, change, leave alone; who is missing from it; which rows
fail.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from teduh.people.importing.parse import RowError, StudentList, StudentRow
from teduh.people.models import ClassMembership, Guardianship, Organisation, Person, RoleGrant
from teduh.people.states import Role

#: What the sheet calls a thing, and what the table does.
FIELDS = {"name": "full_name", "nisn": "nisn", "nipd": "nipd", "sex": "sex", "birth_date": "birth_date"}
GUARDIANS = ("father", "mother", "guardian")


def school_year_of(day: date) -> str:
    """Return the Indonesian school year of a day: it turns on 1 July ("2026/2027")."""
    first = day.year if day.month >= 7 else day.year - 1
    return f"{first}/{first + 1}"


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one, whatever their case and spacing."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


@dataclass(frozen=True)
class Difference:
    """One thing that would change: its code, what is there now, what the sheet says."""

    what: str
    before: str
    after: str


@dataclass
class Known:
    """A student as Teduh has them now."""

    person: Person
    is_student: bool
    class_name: str = ""
    class_year: str = ""
    guardians: list[Guardianship] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """A known student and what would change."""

    known: Known
    row: StudentRow
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """The whole effect of a list, before anything is written."""

    school_year: str
    create: tuple[StudentRow, ...]
    change: tuple[Change, ...]
    same: tuple[Known, ...]
    left: tuple[Known, ...]
    errors: tuple[RowError, ...]


def known_students(organisation: Organisation) -> list[Known]:
    """Return everybody who is or was a student of a school, with class and guardians, in three queries."""
    students = RoleGrant.objects.filter(person=OuterRef("pk"), organisation=organisation, role=Role.STUDENT)
    persons = (
        Person.objects.filter(Exists(students), organisation=organisation)
        .annotate(is_student=Exists(students.filter(ends_at__isnull=True)))
        .order_by("full_name", "pk")
    )
    known = {person.pk: Known(person, bool(getattr(person, "is_student", False))) for person in persons}
    memberships = ClassMembership.objects.filter(
        person__organisation=organisation, ends_on__isnull=True
    ).values_list("person_id", "class_group__name", "class_group__school_year")
    for person_id, name, year in memberships:
        if person_id in known:
            known[person_id].class_name, known[person_id].class_year = name, year
    for guardianship in Guardianship.objects.filter(child__organisation=organisation).select_related(
        "guardian__account"
    ):
        if guardianship.child_id in known:
            known[guardianship.child_id].guardians.append(guardianship)
    return list(known.values())


def compare(found: StudentList, organisation: Organisation, *, on: date) -> Comparison:
    """Compare a list with a school as it stands; writes nothing."""
    year = school_year_of(on)
    known = known_students(organisation)
    finder = Finder(known, found.rows)
    errors = list(found.errors)
    create: list[StudentRow] = []
    change: list[Change] = []
    same: list[Known] = []
    met: dict[int, int] = {}
    for row in found.rows:
        match = finder.find(row)
        if isinstance(match, RowError):
            errors.append(match)
        elif match is None:
            create.append(row)
        elif match.person.pk in met:
            errors.append(RowError(row.row, "same_nipd", {"other": met[match.person.pk]}))
        else:
            met[match.person.pk] = row.row
            differences = tuple(differences_of(match, row, year))
            if differences:
                change.append(Change(match, row, differences))
            else:
                same.append(match)
    left = tuple(
        one for one in known if one.is_student and one.person.left_on is None and one.person.pk not in met
    )
    errors.sort(key=lambda error: error.row)
    return Comparison(year, tuple(create), tuple(change), tuple(same), left, tuple(errors))


class Finder:
    """Finds the student a row is about: by NISN, else by NIPD where that cannot be somebody else."""

    def __init__(self, known: Iterable[Known], rows: Iterable[StudentRow]) -> None:
        self.by_nisn: dict[str, Known] = {}
        self.by_nipd: dict[str, Known] = {}
        for one in known:
            if one.person.nisn:
                self.by_nisn[one.person.nisn] = one
            if one.person.nipd and one.person.left_on is None:
                self.by_nipd[one.person.nipd] = one
        self.listed = {row.nisn for row in rows if row.nisn}

    def find(self, row: StudentRow) -> Known | RowError | None:
        """Return the student, None for a new one, or why it cannot be told."""
        if row.nisn and row.nisn in self.by_nisn:
            return self.by_nisn[row.nisn]
        other = self.by_nipd.get(row.nipd) if row.nipd else None
        if other is None:
            return None
        if not row.nisn or not other.person.nisn:
            return other
        if other.person.nisn in self.listed:
            return None
        # The school corrected a NISN: the same number at school, the same name.
        if same_name(other.person.full_name, row.name):
            return other
        return RowError(row.row, "taken_nipd")


def differences_of(known: Known, row: StudentRow, year: str) -> list[Difference]:
    """Return what a row would change of a student; what the sheet leaves empty changes nothing."""
    found = []
    for key, column in FIELDS.items():
        now, told = getattr(known.person, column), getattr(row, key)
        if told and told != now:
            found.append(Difference(key, str(now or ""), str(told)))
    if row.class_name and (known.class_name, known.class_year) != (row.class_name, year):
        found.append(Difference("class_name", known.class_name, row.class_name))
    if known.person.left_on is not None or not known.is_student:
        found.append(Difference("returned", "", ""))
    for key in GUARDIANS:
        told = getattr(row, key)
        if told and not any(same_name(one.guardian.full_name, told) for one in known.guardians):
            present = renamable(known, key)
            found.append(Difference(key, present.guardian.full_name if present else "", told))
    return found


def renamable(known: Known, relationship: str) -> Guardianship | None:
    """Return the guardian whose name the sheet corrects, where that can only be the same human being.

    One with an account, or whose safety somebody has judged, is never renamed: the judgement would pass to
    a stranger.
    """
    held = [one for one in known.guardians if one.relationship == relationship]
    if (
        len(held) != 1
        or held[0].safety != "unknown"
        or getattr(held[0].guardian, "account", None) is not None
    ):
        return None
    return held[0]
