"""Check the audit chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.kernel.audit.verify import verify


class Command(BaseCommand):
    """Print what was checked; exit with an error where a chain does not hold."""

    help = "Verify the audit chains against their HMACs and the anchor outside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the check.

        Raises CommandError where any chain does not hold.
        """
        verdict = verify()
        for fault in verdict.faults[:50]:
            self.stderr.write(f"chain {fault.scope} entry {fault.seq}: {fault.what}")
        if verdict.faults:
            raise CommandError(
                f"{len(verdict.faults)} faults in {verdict.entries} entries of {verdict.chains} chains"
            )
        self.stdout.write(f"audit holds: {verdict.entries} entries in {verdict.chains} chains")
