"""Take over a Dapodik student list from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.kernel import clock
from teduh.people.access import system_actor
from teduh.people.actions.imports import apply_list
from teduh.people.importing.compare import Comparison, compare
from teduh.people.importing.parse import SheetRefused
from teduh.people.importing.reader import read_student_list, reason_text, refusal_text
from teduh.people.importing.workbook import MAX_BYTES
from teduh.people.models import Organisation


class Command(BaseCommand):
    """The twin of the import pages: the same reading, the same comparison, the same writing.

    With `--json` one object stands on the standard output: how many students are new, changed and the same,
    and each bad row with its number in the sheet. A file that cannot be read at all ends with status 1; the
    object then counts nothing and names the reason with row 0.
    """

    help = "Take over a Dapodik student list (.xlsx) into a school."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook downloaded from Dapodik")
        parser.add_argument("--organisation", required=True, metavar="CODE", help="code of the school (NPSN)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--mark-left", action="store_true", help="note students who are not in the list as having left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare and, unless it is a rehearsal, write."""
        organisation = Organisation.objects.filter(code=options["organisation"]).first()
        if organisation is None:
            raise self._refused(f"There is no organisation with the code {options['organisation']}.", options)
        try:
            found = read_student_list(self._read(options["file"], options))
        except SheetRefused as refused:
            raise self._refused(refusal_text(refused.code, refused.values), options) from None
        on, at = clock.today(), clock.now()
        plan = compare(found, organisation, on=on)
        if not options["dry_run"]:
            apply_list(
                organisation=organisation,
                found=found,
                by=system_actor(),
                at=at,
                on=on,
                mark_left=options["mark_left"],
            )
        self._report(plan, options)

    def _read(self, file: Path, options: dict[str, Any]) -> bytes:
        try:
            if file.stat().st_size > MAX_BYTES:
                raise SheetRefused("too_large", limit=MAX_BYTES // 1024 // 1024)
            return file.read_bytes()
        except OSError as error:
            raise self._refused(f"{file}: {error.strerror or 'cannot be read'}", options) from None

    def _refused(self, reason: str, options: dict[str, Any]) -> CommandError:
        if options["json"]:
            nothing = {"create": 0, "change": 0, "same": 0, "errors": [{"row": 0, "reason": reason}]}
            self.stdout.write(json.dumps(nothing, ensure_ascii=False))
        return CommandError(reason)

    def _report(self, plan: Comparison, options: dict[str, Any]) -> None:
        errors = [
            {"row": error.row, "reason": reason_text(error.code, error.values)} for error in plan.errors
        ]
        if options["json"]:
            counts = {"create": len(plan.create), "change": len(plan.change), "same": len(plan.same)}
            self.stdout.write(json.dumps({**counts, "errors": errors}, ensure_ascii=False))
            return
        done = "would be" if options["dry_run"] else "were"
        self.stdout.write(f"{len(plan.create)} students {done} created, {len(plan.change)} changed.")
        self.stdout.write(f"{len(plan.same)} are the same, {len(plan.left)} are not in the list.")
        for error in errors:
            self.stdout.write(f"row {error['row']}: {error['reason']}")
