"""Take over a student list: upload, confirm; all or nothing, and the same list again changes nothing."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from teduh.kernel import audit
from teduh.kernel.errors import NotVisible
from teduh.kernel.sealing.keyring import new_data_key
from teduh.people.access import Actor
from teduh.people.actions.persons import register_persons
from teduh.people.importing.compare import FIELDS, GUARDIANS, Comparison, compare, renamable
from teduh.people.importing.parse import SheetRefused, StudentList
from teduh.people.importing.plain import from_plain, to_plain
from teduh.people.importing.reader import read_student_list
from teduh.people.models import (
    ClassGroup,
    ClassMembership,
    Guardianship,
    Organisation,
    Person,
    RoleGrant,
    StudentImport,
)
from teduh.people.policies import may_import
from teduh.people.states import Role
from teduh.people.told import told

_BATCH = 500
#: How many students one upload may hold; a larger list is written by the command, while nobody waits for a
#: page.
MAX_UPLOAD_ROWS = 5_000


@dataclass(frozen=True)
class Outcome:
    """How many students were created, changed, left alone, marked as left, and how many rows failed."""

    create: int
    change: int
    same: int
    left: int
    errors: int


def upload_list(
    *, organisation: Organisation, data: bytes, client_id: uuid.UUID, by: Actor, at: datetime
) -> StudentImport:
    """Read a workbook and keep its rows, sealed, until they are confirmed; the same form twice keeps one.

    Raises SheetRefused where the file cannot be read, NotVisible where the actor may not import there.
    """
    if not may_import(by, organisation.pk) or by.person_id is None:
        raise NotVisible
    already = StudentImport.objects.filter(uploaded_by_id=by.person_id, client_id=client_id).first()
    if already is not None:
        return already
    # Read before the transaction begins: it may take seconds, and nobody else should wait for it.
    found = read_student_list(data)
    if len(found.rows) > MAX_UPLOAD_ROWS:
        raise SheetRefused("too_many_here", limit=MAX_UPLOAD_ROWS)
    rows = json.dumps(to_plain(found), separators=(",", ":"))
    with transaction.atomic():
        upload, made = StudentImport.objects.get_or_create(
            uploaded_by_id=by.person_id,
            client_id=client_id,
            defaults={
                "organisation": organisation,
                "sealing_key": new_data_key(organisation.public_id),
                "uploaded_at": at,
                "digest": hashlib.sha256(data).hexdigest(),
                "rows": rows,
            },
        )
        if made:
            audit.record(told(by, "people.import.upload", upload, scope=organisation), at=at)
        return upload


def open_upload(*, upload: StudentImport) -> StudentList:
    """Return the rows of an upload that waits for confirmation."""
    return from_plain(json.loads(upload.rows.open()))


@transaction.atomic
def confirm_import(
    *, upload: StudentImport, mark_left: bool, by: Actor, at: datetime, on: date
) -> StudentImport:
    """Take over an upload; a second confirmation finds it done and changes nothing.

    Raises NotVisible where the actor may not import there.
    """
    if not may_import(by, upload.organisation_id):
        raise NotVisible
    held = StudentImport.objects.select_for_update().select_related("organisation").get(pk=upload.pk)
    if held.confirmed_at is not None:
        return held
    done = apply_list(
        organisation=held.organisation,
        found=open_upload(upload=held),
        by=by,
        at=at,
        on=on,
        mark_left=mark_left,
    )
    held.rows = ""
    held.confirmed_at = at
    held.result = {
        "create": done.create,
        "change": done.change,
        "same": done.same,
        "left": done.left,
        "errors": done.errors,
    }
    held.save(update_fields=["rows", "confirmed_at", "result"])
    return held


@transaction.atomic
def apply_list(
    *,
    organisation: Organisation,
    found: StudentList,
    by: Actor,
    at: datetime,
    on: date,
    mark_left: bool = False,
) -> Outcome:
    """Write a list into a school: persons, classes, guardians' names; all in one transaction.

    Students who are not in the list stay as they are unless `mark_left`: a list of one class must not empty
    the school.
    """
    # Two imports into one school wait for each other, so that neither creates what the other just did.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    plan = compare(found, organisation, on=on)
    if plan.create or plan.change:
        groups = _class_groups(organisation, plan)
        _create(organisation, plan, groups, by=by, at=at, on=on)
        _change(organisation, plan, groups, by=by, at=at, on=on)
    left = _leave(organisation, plan, by=by, at=at, on=on) if mark_left else 0
    done = Outcome(len(plan.create), len(plan.change), len(plan.same), left, len(plan.errors))
    if done.create or done.change or done.left:
        audit.record(
            told(
                by,
                "people.import.apply",
                organisation,
                scope=organisation,
                created=done.create,
                changed=done.change,
                left=done.left,
            ),
            at=at,
        )
    return done


def grade_of(class_name: str) -> str:
    """Return the grade a class name begins with: "XI IPA 2" and "11-A" are grade 11; nothing where it says
    none.
    """
    found = re.match(
        r"(?:kelas\s+)?(XII|XI|X|IX|VIII|VII|VI|V|IV|III|II|I|1[0-2]|[1-9])(?![A-Za-z0-9])", class_name, re.I
    )
    if not found:
        return ""
    romans = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
    told_grade = found[1].upper()
    return str(romans.index(told_grade) + 1) if told_grade in romans else told_grade


def _class_groups(organisation: Organisation, plan: Comparison) -> dict[str, ClassGroup]:
    wanted = {
        row.class_name for row in (*plan.create, *(change.row for change in plan.change)) if row.class_name
    }
    of_year = ClassGroup.objects.filter(organisation=organisation, school_year=plan.school_year)
    groups = {group.name: group for group in of_year}
    ClassGroup.objects.bulk_create(
        [
            ClassGroup(
                organisation=organisation, name=name, grade=grade_of(name), school_year=plan.school_year
            )
            for name in sorted(wanted - groups.keys())
        ],
        ignore_conflicts=True,
    )
    return {group.name: group for group in of_year.all()}


def _create(
    organisation: Organisation,
    plan: Comparison,
    groups: dict[str, ClassGroup],
    *,
    by: Actor,
    at: datetime,
    on: date,
) -> None:
    if not plan.create:
        return
    persons = register_persons(
        organisation=organisation,
        rows=[{column: getattr(row, key) for key, column in FIELDS.items()} for row in plan.create],
        roles=(Role.STUDENT,),
        by=by,
        at=at,
    )
    pairs = list(zip(persons, plan.create, strict=True))
    ClassMembership.objects.bulk_create(
        [
            ClassMembership(person=person, class_group=groups[row.class_name], starts_on=on)
            for person, row in pairs
            if row.class_name
        ],
        batch_size=_BATCH,
    )
    wards = [
        (person, key, getattr(row, key)) for person, row in pairs for key in GUARDIANS if getattr(row, key)
    ]
    _add_guardians(organisation, wards, by=by, at=at)


def _add_guardians(
    organisation: Organisation, wards: list[tuple[Person, str, str]], *, by: Actor, at: datetime
) -> None:
    """Add guardians by name only: no account, safety unknown, so that nothing reaches them before somebody
    judged it.
    """
    if not wards:
        return
    guardians = register_persons(
        organisation=organisation,
        rows=[{"full_name": name} for _child, _relationship, name in wards],
        roles=(Role.GUARDIAN,),
        by=by,
        at=at,
    )
    Guardianship.objects.bulk_create(
        [
            Guardianship(guardian=guardian, child=child, relationship=relationship)
            for guardian, (child, relationship, _name) in zip(guardians, wards, strict=True)
        ],
        batch_size=_BATCH,
    )
    audit.record(
        *(
            told(by, "people.guardian.set", subject=child, scope=organisation, safety="unknown")
            for child, _relationship, _name in wards
        ),
        at=at,
    )


def _change(
    organisation: Organisation,
    plan: Comparison,
    groups: dict[str, ClassGroup],
    *,
    by: Actor,
    at: datetime,
    on: date,
) -> None:
    if not plan.change:
        return
    wards: list[tuple[Person, str, str]] = []
    renamed: list[Person] = []
    moves: list[tuple[Person, ClassGroup]] = []
    returned: list[Person] = []
    for change in plan.change:
        person, row = change.known.person, change.row
        for difference in change.differences:
            if difference.what in FIELDS:
                setattr(person, FIELDS[difference.what], getattr(row, difference.what))
            elif difference.what == "class_name":
                moves.append((person, groups[row.class_name]))
            elif difference.what == "returned":
                person.left_on = None
                if not change.known.is_student:
                    returned.append(person)
            else:
                present = renamable(change.known, difference.what)
                if present is None:
                    wards.append((person, difference.what, difference.after))
                else:
                    present.guardian.full_name = difference.after
                    renamed.append(present.guardian)
    persons = [change.known.person for change in plan.change]
    Person.objects.bulk_update(persons, [*FIELDS.values(), "left_on"], batch_size=_BATCH)
    Person.objects.bulk_update(renamed, ["full_name"], batch_size=_BATCH)
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(
                person=person,
                organisation=organisation,
                role=Role.STUDENT,
                starts_at=at,
                granted_by_id=by.person_id,
            )
            for person in returned
        ],
        batch_size=_BATCH,
    )
    _move(moves, on=on)
    _add_guardians(organisation, wards, by=by, at=at)
    audit.record(
        *(
            told(
                by,
                "people.person.change",
                change.known.person,
                subject=change.known.person,
                scope=organisation,
                what=",".join(difference.what for difference in change.differences),
            )
            for change in plan.change
        ),
        at=at,
    )


def _move(moves: list[tuple[Person, ClassGroup]], *, on: date) -> None:
    _end_memberships([person.pk for person, _group in moves], on=on)
    ClassMembership.objects.bulk_create(
        [ClassMembership(person=person, class_group=group, starts_on=on) for person, group in moves],
        batch_size=_BATCH,
    )


def _end_memberships(person_ids: list[int], *, on: date) -> None:
    for start in range(0, len(person_ids), _BATCH):
        ClassMembership.objects.filter(
            person_id__in=person_ids[start : start + _BATCH], ends_on__isnull=True
        ).update(ends_on=on)


def _leave(organisation: Organisation, plan: Comparison, *, by: Actor, at: datetime, on: date) -> int:
    """Note who has left and end their class; roles and care go on until somebody who knows them ends
    those.
    """
    persons = [known.person for known in plan.left]
    for person in persons:
        person.left_on = on
    Person.objects.bulk_update(persons, ["left_on"], batch_size=_BATCH)
    _end_memberships([person.pk for person in persons], on=on)
    audit.record(
        *(told(by, "people.person.leave", person, subject=person, scope=organisation) for person in persons),
        at=at,
    )
    return len(persons)
