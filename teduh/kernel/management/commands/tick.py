"""Run the recurring work that is due."""

from typing import Any

from django.core.management.base import BaseCommand

from teduh.kernel import clock
from teduh.kernel.tick import run_due


class Command(BaseCommand):
    """One pass over the recurring work; cron, a timer or the embedded worker calls it."""

    help = "Run recurring work that is due."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run what is due and print the names."""
        for name in run_due(clock.now()):
            self.stdout.write(name)
