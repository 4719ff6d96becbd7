"""A student list as plain values: between two processes, and sealed until it is confirmed. No Django here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from teduh.people.importing.parse import RowError, SheetRefused, StudentList, StudentRow


def from_plain(told: Mapping[str, Any]) -> StudentList:
    """Return the list out of plain values.

    Raises SheetRefused where they tell of a refusal.
    """
    if "refused" in told:
        raise SheetRefused(told["refused"], **told["values"])
    return StudentList(
        tuple(
            StudentRow(row, name, nisn, nipd, sex, date.fromisoformat(born) if born else None, *texts)
            for row, name, nisn, nipd, sex, born, *texts in told["rows"]
        ),
        tuple(RowError(**error) for error in told["errors"]),
    )


def to_plain(found: StudentList) -> dict[str, Any]:
    """Return the list as plain values, to be sealed until it is confirmed."""
    return {
        "rows": [
            [
                *(r.row, r.name, r.nisn, r.nipd, r.sex, r.birth_date.isoformat() if r.birth_date else None),
                *(r.class_name, r.father, r.mother, r.guardian),
            ]
            for r in found.rows
        ],
        "errors": [{"row": e.row, "code": e.code, "values": e.values} for e in found.errors],
    }
