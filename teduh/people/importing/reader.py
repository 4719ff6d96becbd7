"""Has a workbook read by a process of its own, and says in the user's language why one was refused."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from teduh.people.importing.parse import SheetRefused, StudentList
from teduh.people.importing.plain import from_plain
from teduh.people.importing.workbook import MAX_BYTES
from teduh.people.importing.worker import SECONDS

#: Why a whole file is refused.
REFUSALS = {
    "too_large": _("The file is larger than %(limit)s MB. Please split the list by class."),
    "not_xlsx": _("This is not an Excel workbook (.xlsx). Please download the list from Dapodik again."),
    "encrypted": _("The file is locked with a password. Please save it without one."),
    "bomb": _("The file unpacks to far too much. Please download the list from Dapodik again."),
    "too_much": _("The file is too much to read. Please download the list from Dapodik again."),
    "empty": _("There is nothing in this workbook."),
    "no_header": _("No header row with “Nama” and “NISN” was found. Is this the Dapodik student list?"),
    "missing_columns": _("These columns are missing: %(columns)s."),
    "no_rows": _("There is a header, but no student below it."),
    "too_many_rows": _("There are more than %(limit)s students. Please split the list by class."),
    "too_many_here": _("This page takes %(limit)s students at a time. Please split the list by class."),
}
#: Why one row is refused.
REASONS = {
    "no_name": _("The name is missing."),
    "bad_name": _("The name is no name: it has no letters, or begins with a sign such as “=”."),
    "bad_nisn": _("The NISN must have 10 digits."),
    "no_number": _("Both NISN and NIPD are missing; one of them is needed."),
    "bad_sex": _("The sex (JK) must be L or P."),
    "bad_date": _("The date of birth cannot be read. Write it like 2010-05-31."),
    "bad_class": _("The class begins with a sign such as “=”."),
    "too_long": _("A value is longer than %(limit)s signs."),
    "same_nisn": _("This NISN already stands in row %(other)s."),
    "same_nipd": _("This NIPD already stands in row %(other)s."),
    "taken_nipd": _("This NIPD belongs to another student in Teduh, who has another NISN."),
}


def refusal_text(code: str, values: Mapping[str, Any]) -> str:
    """Return why a file was refused, in the user's language."""
    return str(REFUSALS.get(code, REFUSALS["not_xlsx"])) % values


def reason_text(code: str, values: Mapping[str, Any]) -> str:
    """Return why a row was refused, in the user's language."""
    return str(REASONS[code]) % values


def read_student_list(data: bytes) -> StudentList:
    """Read a workbook in a process of its own, so that whatever is in it can neither fill nor stop this one.

    Raises SheetRefused where the file cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise SheetRefused("too_large", limit=MAX_BYTES // 1024 // 1024)
    try:
        # Our own interpreter and our own code; the file comes by the pipe.
        done = subprocess.run(
            [sys.executable, "-c", "from teduh.people.importing.worker import main; main()"],
            input=data,
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
            env={"PATH": "", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused("too_much") from error
    if done.returncode != 0:
        raise SheetRefused("too_much" if done.returncode < 0 or b"MemoryError" in done.stderr else "not_xlsx")
    return from_plain(json.loads(done.stdout))
