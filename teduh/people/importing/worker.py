"""The process that reads one workbook: little memory, little time, nothing else within reach. No Django
here.
"""

import contextlib
import json
import resource
import sys
from typing import Any

#: Bytes of address space and seconds of computing; 50,000 rows need about half of each.
MEMORY = 2 * 1024**3
SECONDS = 60


def told(data: bytes) -> dict[str, Any]:
    """Return what a workbook holds, or why it was refused, as plain values."""
    from teduh.people.importing.parse import SheetRefused
    from teduh.people.importing.plain import to_plain
    from teduh.people.importing.workbook import read_workbook

    try:
        found = read_workbook(data)
    except SheetRefused as refused:
        return {"refused": refused.code, "values": refused.values}
    except MemoryError:
        return {"refused": "too_much", "values": {}}
    return to_plain(found)


def main() -> None:
    """Read a workbook from the standard input; write JSON to the standard output."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    json.dump(told(sys.stdin.buffer.read()), sys.stdout)
